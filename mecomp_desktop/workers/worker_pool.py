"""A few workers behind one queue: jobs go in, futures come out."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

from mecomp_desktop.workers.worker_client import Limits, WorkerSpec
from mecomp_desktop.workers.worker_protocol import Message
from mecomp_desktop.workers.worker_slot import Outcome, SlotClosed, WorkerSlot

# Some jobs a message: a small file is read in a millisecond, and a message there and back with
# the switches of process that it brings would cost as much again.
_BATCH_SIZE = 16


class WorkerPool:
    """Does jobs in child processes. Every method may be called from any thread.

    A worker is started when there is a job for it and ended when there was none for a while, so
    that a session without new music pays for none.

    Args:
        name: What its threads are called.
        spec: What each worker is started with.
        limits: How long a job may take.
        workers: How many workers at most.
        idle_s: After so long without a job a worker ends.
    """

    def __init__(
        self,
        name: str,
        spec: WorkerSpec,
        limits: Callable[[Message], Limits],
        workers: int,
        idle_s: float,
    ) -> None:
        self._name = name
        self._spec = spec
        self._limits = limits
        self._workers = max(1, workers)
        self._idle_s = idle_s
        self._changed = threading.Condition()
        self._jobs: deque[tuple[Message, Future[Outcome]]] = deque()
        self._threads: dict[threading.Thread, WorkerSlot] = {}
        self._active = self._idle = 0
        self._closed = False

    def submit(self, job: Message, *, urgent: bool = False) -> "Future[Outcome]":
        """Have a job done; the future raises what `WorkerSlot.run_many` raises.

        Args:
            job: What the worker's handler understands.
            urgent: Before those that wait: somebody looks at the window until it is done.
        """
        future: Future[Outcome] = Future()
        with self._changed:
            if self._closed:
                future.set_exception(SlotClosed())
                return future
            if urgent:
                self._jobs.appendleft((job, future))
            else:
                self._jobs.append((job, future))
            self._staff()
            self._changed.notify()
        return future

    def run(self, job: Message) -> Outcome:
        """Do an urgent job and wait for it. Blocks."""
        return self.submit(job, urgent=True).result()

    def close(self) -> None:
        """End every worker at once, and wait until all are gone. Idempotent."""
        with self._changed:
            self._closed = True
            dropped = [future for _, future in self._jobs]
            self._jobs.clear()
            threads = dict(self._threads)
            self._changed.notify_all()
        for future in dropped:
            if future.set_running_or_notify_cancel():
                future.set_exception(SlotClosed())
        for slot in threads.values():
            slot.close()
        for thread in threads:
            thread.join()

    def _staff(self) -> None:
        """Start a thread if the ones there are do not suffice. Called with the lock held."""
        # A second worker costs its start: a handful of files is read sooner by the first alone.
        wanted = 1 if len(self._jobs) <= _BATCH_SIZE else self._workers
        if self._idle or self._active >= wanted:
            return
        slot = WorkerSlot(self._spec, self._limits)
        thread = threading.Thread(target=self._work, args=(slot,), name=self._name, daemon=True)
        self._threads[thread] = slot
        self._active += 1
        thread.start()

    def _work(self, slot: WorkerSlot) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                self._do(slot, batch)
        finally:
            slot.rest()
            with self._changed:
                del self._threads[threading.current_thread()]

    def _next_batch(self) -> list[tuple[Message, "Future[Outcome]"]] | None:
        """Wait for jobs; ``None`` when it is time to end."""
        with self._changed:
            self._idle += 1
            self._changed.wait_for(lambda: self._jobs or self._closed, self._idle_s)
            self._idle -= 1
            if not self._jobs:
                # Inside the lock, so that a job that comes now starts another thread.
                self._active -= 1
                return None
            share = -(-len(self._jobs) // self._workers)  # leave the other workers some
            size = min(_BATCH_SIZE, share)
            batch = [self._jobs.popleft() for _ in range(size)]
        # Those that were cancelled while they waited are left out; an empty batch asks again.
        return [job for job in batch if job[1].set_running_or_notify_cancel()]

    def _do(self, slot: WorkerSlot, batch: list[tuple[Message, "Future[Outcome]"]]) -> None:
        waiting = deque(future for _, future in batch)
        try:
            for outcome in slot.run_many([job for job, _ in batch]):
                waiting.popleft().set_result(outcome)
        except BaseException as error:
            # No worker comes up, or the end: whoever waits learns it, and the thread lives on.
            for future in waiting:
                future.set_exception(error)
