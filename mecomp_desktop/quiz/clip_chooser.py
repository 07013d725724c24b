"""Choosing clips in a worker process: what the quiz plays is decoded there first."""

from pathlib import Path

from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.quiz.clips import Clip
from mecomp_desktop.workers.worker_client import Limits, WorkerSpec
from mecomp_desktop.workers.worker_pool import WorkerPool
from mecomp_desktop.workers.worker_slot import Failed, SlotClosed

_WORKER_MODULE = "mecomp_desktop.quiz.clip_worker"
_LIMITS = Limits(cpu_s=60.0, wall_s=240.0)
_MEMORY_BYTES = 1 << 29
# The listener answers the question before meanwhile; nobody waits but at the first.
_NICE = 5
_IDLE_S = 60.0


class ClipChooser:
    """Finds the telling part of songs. Thread-safe.

    Args:
        environment: Added to the worker's environment.
    """

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        spec = WorkerSpec(
            _WORKER_MODULE, memory_bytes=_MEMORY_BYTES, nice=_NICE, environment=environment or {}
        )
        self._pool = WorkerPool("clips", spec, lambda _job: _LIMITS, 1, _IDLE_S)

    def choose(self, path: Path, part: Part | None = None) -> Clip:
        """Return what is played of a file, or of a part of it, see `clips.choose_clip`. Blocks.

        Raises:
            UnreadableFile: It cannot be decoded, or the quiz is over.
            BrokenEnvironment: No process comes up that could read it.
        """
        try:
            outcome = self._pool.run({"path": str(path), "part": part})
        except SlotClosed:
            raise UnreadableFile(path, Reason.INTERRUPTED, "the quiz is over") from None
        if isinstance(outcome, Failed):
            raise UnreadableFile(path, outcome.reason, outcome.detail)
        message = outcome.message
        try:
            return Clip(
                path,
                float(message["start_s"]),
                float(message["length_s"]),
                float(message["gain"]),
                tuple(map(float, message["envelope"])),
                part,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableFile(path, Reason.DAMAGED, f"the worker's answer: {error}") from error

    def close(self) -> None:
        """End the worker at once. Idempotent."""
        self._pool.close()
