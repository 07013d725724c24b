import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mecomp_desktop.errors import BrokenEnvironment, Reason
from mecomp_desktop.workers.worker_client import Limits, WorkerSpec
from mecomp_desktop.workers.worker_pool import WorkerPool
from mecomp_desktop.workers.worker_slot import Answer, Failed, Outcome, SlotClosed

Open = Callable[..., WorkerPool]


@pytest.fixture
def open_pool() -> Iterator[Open]:
    opened = []

    def open_one(
        workers: int = 1, module: str = "tests.workers.odd_worker", idle_s: float = 60.0
    ) -> WorkerPool:
        spec = WorkerSpec(module)
        opened.append(WorkerPool("odd", spec, lambda _job: Limits(10, 20), workers, idle_s))
        return opened[-1]

    yield open_one
    for pool in opened:
        pool.close()


def echo(outcome: Outcome) -> str:
    assert isinstance(outcome, Answer)
    return str(outcome.message["echo"])


def processes() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        try:
            if any("odd_worker" in word for word in child.cmdline()):
                found.append(child)
        except psutil.Error:  # it ends at this moment
            continue
    return found


def test_many_jobs_by_two_workers(open_pool: Open) -> None:
    pool = open_pool(2)
    futures = [pool.submit({"do": str(number)}) for number in range(200)]
    assert [echo(future.result(30)) for future in futures] == [str(n) for n in range(200)]
    assert 1 <= len(processes()) <= 2


def test_no_process_before_there_is_a_job_and_one_for_a_few(open_pool: Open) -> None:
    pool = open_pool(2)
    assert processes() == []
    for future in [pool.submit({"do": "x"}) for _ in range(5)]:
        future.result(30)
    assert len(processes()) == 1


def test_deaths_in_a_batch_cost_only_those_who_die(open_pool: Open) -> None:
    pool = open_pool(2)
    deadly = {"do": "die", "signal": signal.SIGSEGV}
    jobs = [deadly if number % 25 == 7 else {"do": str(number)} for number in range(100)]
    outcomes = [pool.submit(job) for job in jobs]
    for number, future in enumerate(outcomes):
        outcome = future.result(60)
        if number % 25 == 7:
            assert isinstance(outcome, Failed)
            assert outcome.reason is Reason.CRASHED
        else:
            assert echo(outcome) == str(number)


def test_the_urgent_come_first(open_pool: Open, tmp_path: Path) -> None:
    pool = open_pool()
    pool.run({"do": "start"})
    slow = [pool.submit({"do": "sleep", "seconds": 0.05}) for _ in range(60)]
    pool.run({"do": "urgent"})
    assert not slow[-1].done()


def test_what_is_cancelled_is_not_done(open_pool: Open, tmp_path: Path) -> None:
    pool = open_pool()
    note = tmp_path / "note"
    pool.run({"do": "start", "note": str(note)})
    slow = [pool.submit({"do": "sleep", "seconds": 0.2, "note": str(note)}) for _ in range(60)]
    cancelled = [future for future in slow if future.cancel()]
    assert echo(pool.submit({"do": "last"}).result(30)) == "last"
    assert len(cancelled) >= 40
    assert len(note.read_text().split()) == 61 - len(cancelled)


def test_an_idle_worker_ends_and_comes_back(open_pool: Open) -> None:
    pool = open_pool(idle_s=0.2)
    assert echo(pool.run({"do": "x"})) == "x"
    deadline_s = time.monotonic() + 20
    while processes():
        assert time.monotonic() < deadline_s, "it stays"
        time.sleep(0.02)
    assert echo(pool.run({"do": "again"})) == "again"


def test_closing_leaves_nothing_and_answers_those_who_wait(open_pool: Open) -> None:
    pool = open_pool(2)
    futures = [pool.submit({"do": "sleep", "seconds": 60}) for _ in range(50)]
    deadline_s = time.monotonic() + 20
    while not processes():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)
    began_s = time.monotonic()
    pool.close()
    pool.close()
    assert time.monotonic() - began_s < 3.0
    assert processes() == []
    for future in futures:
        with pytest.raises(SlotClosed):
            future.result(0)
    with pytest.raises(SlotClosed):
        pool.run({"do": "late"})


def test_no_worker_comes_up(open_pool: Open) -> None:
    pool = open_pool(module="tests.workers.nowhere")
    futures = [pool.submit({"do": "x"}) for _ in range(3)]
    for future in futures:
        with pytest.raises(BrokenEnvironment):
            future.result(60)
