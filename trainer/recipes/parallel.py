"""Independent trainings in several processes, one thread each, with progress and an estimate.

One thread each gives the same numbers whatever the number of processes, and wastes least.
"""

import concurrent.futures
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from typing import Protocol

import torch

from trainer.errors import TrainingError
from trainer.training.loop import ProgressCallback, Reporter
from trainer.training.memory import keep_freed_memory

_REPORT_INTERVAL_S = 60.0


class Task(Protocol):
    """Something long that leaves its result in a folder of its own; can be pickled."""

    @property
    def name(self) -> str:
        """Shown while it runs."""
        ...

    @property
    def steps(self) -> int:
        """How long it is, in a unit that all tasks of a run share."""
        ...

    def is_finished(self) -> bool:
        """Whether the result is there."""
        ...

    def run(self, on_progress: ProgressCallback) -> None:
        """Does it, or goes on with it, and calls ``on_progress`` with the steps that are done."""
        ...


def do_all(tasks: Sequence[Task], workers: int, report: Reporter) -> None:
    """Does every task that is not finished; the longest first.

    Args:
        tasks: What is to be done, in no order.
        workers: How many processes at once; 1 does them in this one.
        report: Takes lines about the progress.

    Raises:
        TrainingError: One has failed; the others are stopped, and can go on later.
    """
    waiting = [task for task in tasks if not task.is_finished()]
    for task in tasks:
        if task not in waiting:
            report(f"{task.name}: done before")
    # The longest first, so that none is left running alone at the end.
    waiting.sort(key=lambda task: -task.steps)
    progress = _Progress(sum(task.steps for task in waiting), report)
    if workers > 1 and len(waiting) > 1:
        _in_processes(waiting, min(workers, len(waiting)), progress)
    else:
        # One thread sums in one order: the weights then do not depend on how many run beside each
        # other.
        torch.set_num_threads(1)
        for task in waiting:
            task.run(progress.add)
            report(f"{task.name}: done")


def _in_processes(tasks: Sequence[Task], workers: int, progress: "_Progress") -> None:
    # Not fork: torch's threads do not survive it, and the child may hang in its first convolution.
    context = multiprocessing.get_context("spawn")
    count = context.Value("q", 0)
    stop = context.Event()
    pool = concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(count, stop)
    )
    with pool:
        try:
            names = {pool.submit(_do, task): task.name for task in tasks}
            left = set(names)
            while left:
                done, left = concurrent.futures.wait(
                    left, timeout=2.0, return_when=concurrent.futures.FIRST_COMPLETED
                )
                progress.set(count.value)
                for future in done:
                    future.result()
                    progress.report(f"{names[future]}: done")
        except BaseException:
            # Tasks ask at every step; killing the processes could cut a checkpoint that is being
            # written.
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


_count: "Synchronized[int]"
_stop: Event


def _begin(count: "Synchronized[int]", stop: Event) -> None:
    """Prepares a worker process."""
    # Shared values can only be passed to a process when it starts, not with a task.
    global _count, _stop
    _count, _stop = count, stop
    torch.set_num_threads(1)
    # Per process: it is a setting of the C library, and spawned processes do not inherit it.
    keep_freed_memory()


def _do(task: Task) -> None:
    def tick(steps: int) -> None:
        with _count.get_lock():
            _count.value += steps
        if _stop.is_set():
            raise TrainingError(f"{task.name}: stopped, since another training has failed")

    task.run(tick)


@dataclass(slots=True)
class _Progress:
    """Says once a minute how far it is and when it will be done."""

    total: int
    report: Reporter
    done: int = 0
    _begun: float = field(default_factory=time.monotonic)
    _reported: float = field(default_factory=time.monotonic)

    def add(self, steps: int) -> None:
        self.set(self.done + steps)

    def set(self, steps: int) -> None:
        self.done = steps
        now = time.monotonic()
        if now - self._reported < _REPORT_INTERVAL_S or not steps:
            return
        self._reported = now
        left_min = (now - self._begun) * (self.total - steps) / steps / 60
        self.report(f"{steps:,} of {self.total:,} steps, about {left_min:.0f} min left")
