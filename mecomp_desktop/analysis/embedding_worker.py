"""Embedding a track in a worker process: what the worker is started with, asked and answers."""

import binascii
from dataclasses import dataclass, field
from pathlib import Path

from mecomp_desktop.analysis.embedder import write_policy
from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY, Policy
from mecomp_desktop.analysis.worker_main import unpack
from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import ModelFileError, Reason, UserError
from mecomp_desktop.workers.worker_client import Limits, WorkerSpec
from mecomp_desktop.workers.worker_limits import LOWEST_NICE
from mecomp_desktop.workers.worker_protocol import Message
from mecomp_desktop.workers.worker_slot import Failed, WorkerSlot

_WORKER_MODULE = "mecomp_desktop.analysis.worker_main"
# At the lowest priority beside a busy program a worker gets a fraction of a core.
_WALL_FACTOR = 5.0
_MAX_DURATION_S = 1e7


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What a worker is started with, and what it may use.

    Attributes:
        model: The model file.
        policy: Which excerpts of a track it embeds.
        memory_bytes: How much it may grow by over one file.
        time_limit_s: How much CPU time one file may take at least; on the wall, five times that.
        time_share: The share of the file's duration that is added to that.
        nice: Its niceness.
        environment: Added to its environment.
        kind: Which embedder it runs, see `EMBEDDERS`.
    """

    model: Path
    policy: Policy = DEFAULT_POLICY
    memory_bytes: int = 3 << 29
    time_limit_s: float = 60.0
    time_share: float = 0.1
    nice: int = LOWEST_NICE
    environment: dict[str, str] = field(default_factory=dict)
    kind: str = "sound"


@dataclass(frozen=True, slots=True, eq=False)
class TrackVectors:
    """What a model makes of a track.

    Attributes:
        body_hash: The part of the model that made ``pooled``.
        head_hash: The part that made ``embedding`` from it.
        embedding: float32 ``[dimension]``.
        pooled: float32 ``[width]``.
        duration_s: The file's real length, where decoding has told it.
        ends_early: Whether its sound ends clearly before the end that its header promises.
    """

    body_hash: str
    head_hash: str
    embedding: Floats
    pooled: Floats
    duration_s: float | None = None
    ends_early: bool = False


class EmbeddingWorker:
    """Embeds tracks in a child process. Belongs to one thread; any other may call ``close``.

    Args:
        settings: What it is started with.
    """

    def __init__(self, settings: WorkerSettings) -> None:
        spec = WorkerSpec(
            _WORKER_MODULE,
            {
                "kind": settings.kind,
                "model": str(settings.model),
                "policy": write_policy(settings.policy),
            },
            settings.memory_bytes,
            settings.nice,
            settings.environment,
        )

        def limits(job: Message) -> Limits:
            cpu_s = settings.time_limit_s + settings.time_share * job["duration_s"]
            return Limits(cpu_s, _WALL_FACTOR * cpu_s)

        self._slot = WorkerSlot(spec, limits)

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._slot.pid

    def start(self) -> None:
        """Have the process ready before the first track; raises as `embed_track`."""
        try:
            self._slot.start()
        except UserError as error:
            raise ModelFileError(str(error)) from error

    def embed_track(
        self, path: Path, duration_s: float, part: Part | None = None
    ) -> TrackVectors | Failed:
        """Embed one track.

        Args:
            path: The file.
            duration_s: Its length as far as known, for the time it may take.
            part: The stretch of the file that it is; all of it if ``None``.

        Raises:
            SlotClosed: ``close`` was called meanwhile.
            ModelFileError: The model cannot be used.
            BrokenEnvironment: No process comes up.
        """
        try:
            outcome = self._slot.run({"path": str(path), "duration_s": duration_s, "part": part})
        except UserError as error:
            raise ModelFileError(str(error)) from error
        if isinstance(outcome, Failed):
            return outcome
        message, greeting = outcome.message, outcome.greeting
        try:
            return TrackVectors(
                greeting["body"],
                greeting["head"],
                unpack(message["embedding"]),
                unpack(message["pooled"]),
                _length(message.get("duration_s")),
                message.get("ends_early") is True,
            )
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            # The process lives, but what it says makes no sense: no vector of it is kept.
            return Failed(Reason.CRASHED, f"the worker's answer: {error!r}")

    def rest(self) -> None:
        """End the process until there is another track."""
        self._slot.rest()

    def close(self) -> None:
        """End the process at once, whatever it is doing; no file is blamed."""
        self._slot.close()


def _length(claimed: object) -> float | None:
    """Return a length in seconds; a worker that read a damaged file may say anything."""
    if not isinstance(claimed, int | float) or not 0 < claimed <= _MAX_DURATION_S:
        return None
    return float(claimed)
