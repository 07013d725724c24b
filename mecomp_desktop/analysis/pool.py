"""Embedding workers, and the threads that feed them."""

import contextlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from mecomp_desktop.analysis.embedding_worker import EmbeddingWorker, TrackVectors, WorkerSettings
from mecomp_desktop.analysis.work_queue import WorkQueue
from mecomp_desktop.errors import BrokenEnvironment, ModelFileError, Reason
from mecomp_desktop.store.claims import Claim
from mecomp_desktop.store.pending import PendingTrack
from mecomp_desktop.workers.worker_slot import Failed, SlotClosed


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """A file that was embedded, and its vectors."""

    job: PendingTrack
    vectors: TrackVectors


@dataclass(frozen=True, slots=True)
class EmbeddingFailed:
    """A file that could not be embedded."""

    job: PendingTrack
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class NoWorkers:
    """No worker comes up: nothing is wrong with the files, and going on makes no sense."""

    message: str


@dataclass(frozen=True, slots=True)
class SharedOut:
    """A file that another process has, or has done meanwhile."""

    job: PendingTrack


Result = Embedded | EmbeddingFailed | SharedOut | NoWorkers


class Pool:
    """As many threads as workers, each owning one child process.

    Args:
        jobs: Where the threads take files from; closing it ends them.
        claim: Asked before each file whether it is ours to embed.
        settings: What each worker is started with.
        workers: How many.
    """

    def __init__(
        self,
        jobs: WorkQueue,
        claim: Callable[[PendingTrack], Claim],
        settings: WorkerSettings,
        workers: int,
    ) -> None:
        self._jobs = jobs
        self._claim = claim
        self._results: queue.SimpleQueue[Result | None] = queue.SimpleQueue()
        self._workers = [EmbeddingWorker(settings) for _ in range(max(1, workers))]
        self._threads = [
            threading.Thread(target=self._run_worker, args=(worker,), name=f"analysis-{number}")
            for number, worker in enumerate(self._workers)
        ]
        for thread in self._threads:
            thread.start()

    def result(self, timeout_s: float) -> Result | None:
        """Wait for the next result; ``None`` when there is none in time."""
        try:
            return self._results.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def left(self) -> list[Result]:
        """Return the results that nobody has asked for; after ``close``."""
        left = []
        with contextlib.suppress(queue.Empty):
            while True:
                left.append(self._results.get_nowait())
        return [result for result in left if result is not None]

    def wake(self) -> None:
        """Have whoever waits for a result wait no longer; from any thread."""
        self._results.put(None)

    def close(self) -> None:
        """End every worker at once, whatever it is doing, and wait until all are gone."""
        self._jobs.close()
        for worker in self._workers:
            worker.close()
        for thread in self._threads:
            thread.join()

    def _run_worker(self, worker: EmbeddingWorker) -> None:
        # The thread that starts a process also ends it, see `worker_limits.become_worker`.
        try:
            while (job := self._jobs.take()) is not None:
                try:
                    if self._claim(job) is not Claim.TAKEN:
                        self._results.put(SharedOut(job))
                        continue
                    outcome = worker.embed_track(job.path, job.duration_s, job.part)
                except (ModelFileError, BrokenEnvironment) as error:
                    self._jobs.give_back(job)
                    self._results.put(NoWorkers(str(error)))
                    return
                if isinstance(outcome, Failed):
                    self._results.put(EmbeddingFailed(job, outcome.reason, outcome.detail))
                else:
                    self._results.put(Embedded(job, outcome))
        except SlotClosed:
            pass  # the pool ends; whoever closed it knows which jobs were not done
        finally:
            worker.rest()
