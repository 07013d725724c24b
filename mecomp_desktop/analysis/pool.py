"""Workers, and the threads that feed them. A worker that dies costs one file and is replaced."""

import logging
import queue
import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mecomp_desktop.analysis.work_queue import WorkQueue
from mecomp_desktop.analysis.worker_client import WorkerClient, WorkerGone, WorkerSettings
from mecomp_desktop.errors import BrokenEnvironment, ModelFileError, Reason, UnreadableFile
from mecomp_desktop.store.embeddings import PendingTrack

_log = logging.getLogger(__name__)
Matrix = npt.NDArray[np.float32]

_WATCH_EVERY_S = 0.2
_START_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """A file that was heard: its vectors, and the hashes of the model that made them."""

    job: PendingTrack
    body_hash: str
    head_hash: str
    embedding: Matrix
    pooled: Matrix


@dataclass(frozen=True, slots=True)
class EmbeddingFailed:
    """A file that could not be heard."""

    job: PendingTrack
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class NoWorkers:
    """No worker comes up: nothing is wrong with the files, and going on makes no sense."""

    message: str


Result = Embedded | EmbeddingFailed | NoWorkers


class Pool:
    """As many threads as workers, each owning one child process, and one that watches them all.

    Args:
        jobs: Where the threads take files from; closing it ends them.
        settings: What each worker is started with.
        workers: How many.
    """

    def __init__(self, jobs: WorkQueue, settings: WorkerSettings, workers: int) -> None:
        self._jobs = jobs
        self._settings = settings
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._workers: set[WorkerClient] = set()
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._feed, name=f"listening-{number}")
            for number in range(max(1, workers))
        ]
        self._watchdog = threading.Thread(target=self._watch, name="listening-watchdog")
        for thread in (*self._threads, self._watchdog):
            thread.start()

    def result(self, timeout_s: float) -> Result | None:
        """Wait for the next result; ``None`` when there is none in time."""
        try:
            return self._results.get(timeout=timeout_s)
        except queue.Empty:
            return None

    @property
    def pids(self) -> list[int]:
        """The child processes that run now."""
        with self._lock:
            return [worker.pid for worker in self._workers]

    def close(self) -> None:
        """End every worker at once, whatever it is doing, and wait until all are gone."""
        self._jobs.close()
        with self._lock:
            self._ending.set()
            for worker in self._workers:
                worker.kill()
        for thread in (*self._threads, self._watchdog):
            thread.join()

    def _feed(self) -> None:
        # The thread that starts a worker also outlives it: on Linux a child is told of the end
        # of the thread it came from, not of the process.
        worker: WorkerClient | None = None
        try:
            while (job := self._jobs.take()) is not None:
                worker = self._usable(worker)
                if worker is None:
                    self._jobs.give_back(job)
                    return
                self._embed(worker, job)
        except WorkerGone:
            pass
        finally:
            if worker is not None:
                self._dismiss(worker)

    def _embed(self, worker: WorkerClient, job: PendingTrack) -> None:
        try:
            embedding, pooled = worker.embed_track(job.path, job.duration_s)
        except UnreadableFile as failure:
            self._results.put(EmbeddingFailed(job, failure.reason, failure.detail))
            return
        embedded = Embedded(job, worker.body_hash, worker.head_hash, embedding, pooled)
        self._results.put(embedded)

    def _usable(self, worker: WorkerClient | None) -> WorkerClient | None:
        """Return this worker, or another in place of a dead one; ``None`` if none comes up."""
        if worker is not None:
            if worker.alive:
                return worker
            self._dismiss(worker)
        for attempt in range(1, _START_ATTEMPTS + 1):
            try:
                return self._started()
            except ModelFileError as error:
                self._results.put(NoWorkers(str(error)))
                return None
            except (BrokenEnvironment, OSError) as error:
                if self._ending.is_set():
                    return None
                _log.warning("starting a worker, attempt %d: %s", attempt, error)
                message = str(error)
        self._results.put(NoWorkers(message))
        return None

    def _started(self) -> WorkerClient:
        with self._lock:
            if self._ending.is_set():
                raise BrokenEnvironment("the pool is closing")
            worker = WorkerClient(self._settings)
            self._workers.add(worker)
        try:
            worker.open()
        except BaseException:
            self._dismiss(worker)
            raise
        return worker

    def _dismiss(self, worker: WorkerClient) -> None:
        worker.close()
        with self._lock:
            self._workers.discard(worker)

    def _watch(self) -> None:
        while not self._ending.wait(_WATCH_EVERY_S):
            with self._lock:
                workers = list(self._workers)
            for worker in workers:
                worker.check()
