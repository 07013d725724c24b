"""One run of the indexer: from the first file that waits until nothing has come for a while."""

import threading
import time
from collections.abc import Callable, Iterable

from mecomp_desktop.analysis.embedding_worker import WorkerSettings
from mecomp_desktop.analysis.embedding_writer import EmbeddingWriter, Stored
from mecomp_desktop.analysis.pool import Embedded, NoWorkers, Pool, Result, SharedOut
from mecomp_desktop.analysis.status import PauseSwitch
from mecomp_desktop.analysis.work_queue import WorkQueue
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.store.pending import PendingTrack

_PLAN_EVERY_S = 1.0
# Workers stay a while when there is nothing to do: a scan finds files in bursts.
_LINGER_S = 5.0
_TICK_S = 0.1


class IndexingRun:
    """Feeds a pool from the writer and the writer from the pool. `follow` belongs to one thread.

    Args:
        embedding_writer: Plans what is pending and stores results.
        body_hash: The body whose vectors are wanted.
        pause: Holds back every file that has not been begun.
        stored: Called with each batch after it is safe.
    """

    def __init__(
        self,
        embedding_writer: EmbeddingWriter,
        body_hash: str,
        pause: PauseSwitch,
        stored: Callable[[Stored], object],
    ) -> None:
        self._writer = embedding_writer
        self._body_hash = body_hash
        self._stored = stored
        self._queue = WorkQueue(pause)
        self._pool: Pool | None = None
        self._lock = threading.Lock()
        self._ending = self._over = False
        # What other processes have or have done: looked at again until it is done.
        self._elsewhere: set[AudioId] = set()
        # Calls for another look, and those that had been made when it was taken.
        self._calls = self._answered = 0
        self._planned_s = 0.0

    def prioritise(self, audio_ids: Iterable[AudioId]) -> None:
        """Analyse these first."""
        self._queue.prioritise(audio_ids)

    def wake(self) -> bool:
        """Look for new files soon; return whether this run still can."""
        with self._lock:
            if self._over or self._ending:
                return False
            self._calls += 1
            return True

    def end(self) -> None:
        """Make `follow` return soon; what is being analysed is dropped."""
        self._ending = True
        self._queue.close()
        if self._pool is not None:
            self._pool.wake()

    @property
    def busy(self) -> bool:
        """Whether there is anything left to do."""
        waiting = self._queue.unfinished > 0 or bool(self._elsewhere)
        return waiting or self._calls != self._answered

    def follow(
        self,
        jobs: Iterable[PendingTrack],
        settings: WorkerSettings,
        workers: int,
        settled: Callable[[], object],
    ) -> None:
        """Analyse everything, and what is found meanwhile.

        Args:
            jobs: What waits now.
            settings: What each worker is started with.
            workers: How many.
            settled: Called whenever nothing is left to do, and when there is something again.

        Raises:
            BrokenEnvironment: No worker comes up, or the model is not the one expected.
        """
        self._queue.put_many(jobs)
        self._planned_s = time.monotonic()
        pool = self._pool = Pool(self._queue, self._writer.claim, settings, workers)
        try:
            self._collect(pool, settled)
        finally:
            pool.close()
            for result in pool.left():
                self._note(result)
            self._store()
            self._writer.release_all()

    def _collect(self, pool: Pool, settled: Callable[[], object]) -> None:
        idle_since_s: float | None = None
        while not self._ending:
            self._take(pool.result(_TICK_S))
            self._look_for_more()
            if self.busy:
                if idle_since_s is not None:
                    settled()
                idle_since_s = None
            elif idle_since_s is None:
                idle_since_s = time.monotonic()
                settled()
            elif time.monotonic() - idle_since_s > _LINGER_S and self._leave():
                return

    def _leave(self) -> bool:
        """Decide to end, unless someone woke us this very moment."""
        with self._lock:
            self._over = self._calls == self._answered
            return self._over

    def _take(self, result: Result | None) -> None:
        if isinstance(result, NoWorkers):
            raise BrokenEnvironment(result.message)
        if isinstance(result, Embedded) and result.vectors.body_hash != self._body_hash:
            raise BrokenEnvironment("the model file was replaced; restart the program to use it")
        if result is not None:
            self._note(result)
        # With the last result there is nothing to gather a batch for.
        if self._writer.due or self._writer.pending == self._queue.unfinished:
            self._store()

    def _note(self, result: Result) -> None:
        if isinstance(result, NoWorkers):
            return
        if isinstance(result, SharedOut):
            self._elsewhere.add(result.job.audio_id)
            self._queue.finish([result.job.audio_id])
            return
        if isinstance(result, Embedded) and result.vectors.body_hash != self._body_hash:
            return
        self._writer.note(result)

    def _store(self) -> None:
        stored = self._writer.store()
        finished = [*(row.audio_id for row in stored.embedded), *stored.failed_ids]
        if not finished:
            return
        if self._queue.unfinished == len(finished):
            # Before "all done" can be shown: another copy of a file that failed may be good.
            with self._lock:
                self._calls += 1
        self._queue.finish(finished)
        self._stored(stored)

    def _look_for_more(self) -> None:
        rested = time.monotonic() - self._planned_s > _PLAN_EVERY_S
        called = self._calls != self._answered
        if not (called or self._elsewhere):
            return
        if not rested and not (called and self._queue.unfinished == 0):
            return
        with self._lock:
            calls = self._calls
        jobs = self._writer.plan()
        elsewhere = self._elsewhere
        # Those that are not done yet are asked for again: their process may have died.
        self._queue.put_many(jobs)
        self._elsewhere = set()
        self._planned_s = time.monotonic()
        self._answered = calls  # only now: until the files are in the queue, we are busy
        if done := elsewhere - {job.audio_id for job in jobs}:
            self._stored(Stored(self._writer.embedded_by_others(done), []))
