"""What is read of music files, read in worker processes: tags, identity, covers.

Nothing in this process opens a music file for its bytes: whatever a file does to the reader, it
costs that file alone. The child's side is `inspect_worker`.
"""

import base64
import binascii
import math
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.workers.worker_client import Limits, WorkerSpec
from mecomp_desktop.workers.worker_pool import WorkerPool
from mecomp_desktop.workers.worker_protocol import Message
from mecomp_desktop.workers.worker_slot import Failed, Outcome

_WORKERS = 2
_IDLE_S = 60.0
_WORKER_MODULE = "mecomp_desktop.library.inspect_worker"
# A whole album side of bad sectors, or a share over a slow line, takes long on the wall; what
# burns this much CPU without having decoded anything is no music file.
_LIMITS = Limits(cpu_s=20.0, wall_s=60.0)
_MEMORY_BYTES = 1 << 29
_MAX_DURATION_S = 1e7
_MAX_NUMBER = 99_999


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was read of one file.

    Attributes:
        audio_id: The identity of its audio.
        tags: What it says about itself.
    """

    audio_id: AudioId
    tags: Tags


class Inspector:
    """Reads files in worker processes. Every method may be called from any thread.

    Args:
        workers: How many processes at most.
        environment: Added to theirs.
        idle_s: A process that had nothing to read for so long ends.
    """

    def __init__(
        self,
        workers: int = _WORKERS,
        environment: dict[str, str] | None = None,
        idle_s: float = _IDLE_S,
    ) -> None:
        # Not the lowest priority: the listener waits for a first scan, and a cover is on screen.
        spec = WorkerSpec(
            _WORKER_MODULE, memory_bytes=_MEMORY_BYTES, nice=5, environment=environment or {}
        )
        self._pool = WorkerPool("inspection", spec, lambda _job: _LIMITS, workers, idle_s)

    def begin(
        self, path: Path, root: Path | None = None, audio_id: AudioId | None = None
    ) -> "Future[Outcome]":
        """Have tags and identity of a file read; `end` says what came of it.

        Args:
            path: The file.
            root: The folder of music it belongs to; folders below it may name artist and album.
            audio_id: Its identity, where that is known and only the tags are wanted.
        """
        return self._pool.submit(_facts_job(path, root, audio_id))

    @staticmethod
    def end(path: Path, begun: "Future[Outcome]") -> Inspected:
        """Wait for what `begin` has begun.

        Raises:
            UnreadableFile: It cannot be read.
            SlotClosed: The inspector was closed meanwhile.
            BrokenEnvironment: No worker comes up.
        """
        return _inspected(path, _message(path, begun.result()))

    def inspect(self, path: Path, root: Path | None = None) -> Inspected:
        """Read tags and identity of a file now; raises as `end`. Blocks."""
        return _inspected(path, _message(path, self._pool.run(_facts_job(path, root))))

    def identity(self, path: Path) -> AudioId:
        """Return the identity of a file's audio; raises as `end`. Blocks."""
        message = _message(path, self._pool.run({"do": "identity", "path": str(path)}))
        return _audio_id(path, message)

    def cover(self, path: Path, album: str = "") -> bytes | None:
        """Return the picture that goes with a file, if one can be read. Blocks.

        Args:
            path: The file.
            album: Its album, for pictures beside it that are named like it.

        Raises:
            SlotClosed: The inspector was closed meanwhile.
            BrokenEnvironment: No worker comes up.
        """
        outcome = self._pool.run({"do": "cover", "path": str(path), "album": album})
        if isinstance(outcome, Failed):
            return None
        try:
            return base64.b64decode(outcome.message.get("cover") or "", validate=True) or None
        except (binascii.Error, TypeError, ValueError):
            return None

    def close(self) -> None:
        """End the workers at once and wait until they are gone. Idempotent."""
        self._pool.close()


def tags_to_message(tags: Tags) -> Message:
    """Return tags as a message."""
    return {field.name: getattr(tags, field.name) for field in fields(Tags)}


def tags_from_message(values: Mapping[str, Any]) -> Tags:
    """Return the tags in a message, held to what the rest of the program relies on.

    A worker that read a damaged file may say anything: a length of a million years, a track
    number that no database takes. Such values are left out here, where they enter.

    Raises:
        ValueError: A value is of another type.
    """
    found = {}
    for field in fields(Tags):
        if field.name in values:
            found[field.name] = _bounded(field.name, values[field.name], field.default)
    return Tags(**found)


def _bounded(name: str, value: object, default: object) -> Any:  # noqa: ANN401 (a field of Tags)
    if isinstance(default, tuple):
        if isinstance(value, list | tuple) and all(isinstance(text, str) for text in value):
            return tuple(value)
    elif isinstance(default, bool):
        if isinstance(value, bool):
            return value
    elif isinstance(default, float):
        if isinstance(value, int | float):
            return float(value) if math.isfinite(value) and 0 < value <= _MAX_DURATION_S else 0.0
    elif default is None or isinstance(default, int):
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value if value is not None and 0 < value <= _MAX_NUMBER else default
    elif isinstance(value, str):
        return value
    raise ValueError(f"{name} is {type(value).__name__}")


def _facts_job(path: Path, root: Path | None, audio_id: AudioId | None = None) -> Message:
    return {
        "do": "facts",
        "path": str(path),
        "root": None if root is None else str(root),
        "audio_id": audio_id,
    }


def _message(path: Path, outcome: Outcome) -> Message:
    if isinstance(outcome, Failed):
        raise UnreadableFile(path, outcome.reason, outcome.detail)
    return outcome.message


def _inspected(path: Path, message: Message) -> Inspected:
    try:
        tags = tags_from_message(message["tags"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableFile(path, Reason.DAMAGED, f"the worker's answer: {error}") from error
    return Inspected(_audio_id(path, message), tags)


def _audio_id(path: Path, message: Message) -> AudioId:
    audio_id = message.get("audio_id")
    if not isinstance(audio_id, str) or not audio_id:
        raise UnreadableFile(path, Reason.DAMAGED, "the worker's answer has no identity")
    return AudioId(audio_id)
