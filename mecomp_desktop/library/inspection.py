"""What is read of music files, read in worker processes: tags, identity, covers, shapes.

Nothing in this process opens a music file for its bytes: whatever a file does to the reader, it
costs that file alone. The child's side is `inspect_worker`.
"""

import base64
import binascii
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.part import Part
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.library.cue_files import RefusedSheet
from mecomp_desktop.library.cue_parts import CutSong
from mecomp_desktop.library.cue_sheet import MAX_TRACKS
from mecomp_desktop.library.pictures import MAX_COVER_PX
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
# A shape takes the whole file; the listener sees the plain bar meanwhile, and other files are read
# by other processes, so that no cover waits behind ten hours of sound.
_DECODING_CPU_S, _DECODING_SHARE, _WALL_FACTOR = 60.0, 0.05, 5.0
_DECODING_NICE = 10
_MAX_DURATION_S = 1e7
_MAX_NUMBER = 99_999


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was read of one file.

    Attributes:
        audio_id: The identity of its audio.
        tags: What it says about itself.
        songs: The songs that a CUE sheet cuts it into; none where it is one song.
        refused: The sheet beside it that would cut it, and cannot be used.
    """

    audio_id: AudioId
    tags: Tags
    songs: tuple[CutSong, ...] = ()
    refused: RefusedSheet | None = None


@dataclass(frozen=True, slots=True)
class DecodedShape:
    """What decoding a whole file has told.

    Attributes:
        levels: One byte a bucket, 255 for full scale.
        duration_s: How long the sound really is.
        ends_early: Whether it ends clearly before the end that the header promises.
    """

    levels: bytes
    duration_s: float
    ends_early: bool


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
        decoding = replace(spec, nice=_DECODING_NICE)
        self._decoding = WorkerPool("decoding", decoding, _decoding_limits, 1, idle_s)

    def begin(
        self,
        path: Path,
        root: Path | None = None,
        audio_id: AudioId | None = None,
        sheets: Sequence[str] = (),
    ) -> "Future[Outcome]":
        """Have tags and identity of a file read; `end` says what came of it.

        Args:
            path: The file.
            root: The folder of music it belongs to; folders below it may name artist and album.
            audio_id: Its identity, where that is known and only the tags are wanted.
            sheets: The names of the CUE sheets in its folder.
        """
        return self._pool.submit(_facts_job(path, root, audio_id, sheets))

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
        """Read tags, sheets and identity of a file now; raises as `end`. Blocks."""
        return _inspected(path, _message(path, self._pool.run(_facts_job(path, root))))

    def identity(self, path: Path) -> AudioId:
        """Return the identity of a file's audio; raises as `end`. Blocks."""
        message = _message(path, self._pool.run({"do": "identity", "path": str(path)}))
        return _audio_id(path, message)

    def shape(
        self, path: Path, buckets: int, duration_s: float = 0.0, part: Part | None = None
    ) -> DecodedShape:
        """Decode a whole file, or a part of it; raises as `end`. Blocks.

        Args:
            path: The file.
            buckets: In how many stretches.
            duration_s: Its length as far as known, for the time it may take.
            part: The stretch of the file; all of it if ``None``.
        """
        job = {
            "do": "shape",
            "path": str(path),
            "buckets": buckets,
            "duration_s": duration_s,
            "part": part,
        }
        message = _message(path, self._decoding.run(job))
        try:
            levels = base64.b64decode(message["levels"], validate=True)
            real_s = _bounded("duration_s", message["duration_s"], 0.0)
            if len(levels) != buckets:
                raise ValueError(f"{len(levels)} levels")
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableFile(path, Reason.DAMAGED, f"the worker's answer: {error}") from error
        return DecodedShape(levels, real_s, message.get("ends_early") is True)

    def cover(self, path: Path, album: str = "", size_px: int = MAX_COVER_PX) -> bytes | None:
        """Return the picture that goes with a file, if one can be read, as a PNG. Blocks.

        Args:
            path: The file.
            album: Its album, for pictures beside it that are named like it.
            size_px: The picture's shorter side is no longer than this.

        Raises:
            SlotClosed: The inspector was closed meanwhile.
            BrokenEnvironment: No worker comes up.
        """
        job = {"do": "cover", "path": str(path), "album": album, "size_px": size_px}
        outcome = self._pool.run(job)
        if isinstance(outcome, Failed):
            return None
        try:
            return base64.b64decode(outcome.message.get("cover") or "", validate=True) or None
        except (binascii.Error, TypeError, ValueError):
            return None

    def close(self) -> None:
        """End the workers at once and wait until they are gone. Idempotent."""
        self._pool.close()
        self._decoding.close()


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


def songs_from_message(songs: Sequence[Mapping[str, Any]]) -> tuple[CutSong, ...]:
    """Return the songs in a message: one after the other, and no more than a sheet may have.

    Raises:
        ValueError: A value is of another type, or the songs lie over each other.
        KeyError: One is missing.
    """
    found: list[CutSong] = []
    after_s = 0.0
    for song in songs[:MAX_TRACKS]:
        start_s, end_s = float(song["start_s"]), song["end_s"]
        until_s = _MAX_DURATION_S if end_s is None else float(end_s)
        if not after_s <= start_s < until_s <= _MAX_DURATION_S:
            raise ValueError(f"a song from {start_s} to {end_s}")
        part = Part(start_s, None if end_s is None else until_s)
        found.append(CutSong(part, tags_from_message(song["tags"])))
        after_s = until_s
    return tuple(found)


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


def _facts_job(
    path: Path,
    root: Path | None,
    audio_id: AudioId | None = None,
    sheets: Sequence[str] | None = None,
) -> Message:
    return {
        "do": "facts",
        "path": str(path),
        "root": None if root is None else str(root),
        "audio_id": audio_id,
        "sheets": sheets,
    }


def _decoding_limits(job: Message) -> Limits:
    cpu_s = _DECODING_CPU_S + _DECODING_SHARE * job["duration_s"]
    return Limits(cpu_s, _WALL_FACTOR * cpu_s)


def _message(path: Path, outcome: Outcome) -> Message:
    if isinstance(outcome, Failed):
        raise UnreadableFile(path, outcome.reason, outcome.detail)
    return outcome.message


def _inspected(path: Path, message: Message) -> Inspected:
    try:
        tags = tags_from_message(message["tags"])
        songs = songs_from_message(message.get("songs") or ())
        refused = message.get("refused")
        refusal = refused and RefusedSheet(str(refused["name"]), str(refused["why"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableFile(path, Reason.DAMAGED, f"the worker's answer: {error}") from error
    return Inspected(_audio_id(path, message), tags, songs, refusal or None)


def _audio_id(path: Path, message: Message) -> AudioId:
    audio_id = message.get("audio_id")
    if not isinstance(audio_id, str) or not audio_id:
        raise UnreadableFile(path, Reason.DAMAGED, "the worker's answer has no identity")
    return AudioId(audio_id)
