import threading

import pytest

from mecomp_desktop.threads import WorkerThread
from tests.support.players import wait_for


def test_jobs_are_done_in_order() -> None:
    worker = WorkerThread("test")
    done: list[int] = []
    for number in range(100):
        worker.post(lambda number=number: done.append(number))
    assert worker.settle()
    assert done == list(range(100))
    worker.close()


@pytest.mark.logs_errors
def test_a_job_that_fails_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    worker = WorkerThread("test")
    worker.post(lambda: 1 // 0)
    assert worker.settle()
    assert "ZeroDivisionError" in caplog.text
    worker.close()


def test_close_does_what_was_posted_and_nothing_after() -> None:
    worker = WorkerThread("test")
    done: list[str] = []
    worker.post(lambda: done.append("before"))
    worker.close()
    worker.post(lambda: done.append("after"))
    worker.close()
    assert done == ["before"]
    assert worker.closed


def test_a_job_may_close_it() -> None:
    worker = WorkerThread("test")
    worker.post(worker.close)
    wait_for(lambda: worker.closed)


def test_waiting_inside_a_job_ends_early() -> None:
    worker = WorkerThread("test")
    results: list[bool] = []
    begun = threading.Event()
    worker.post(lambda: (begun.set(), results.append(worker.wait(60))))
    assert begun.wait(5)
    worker.close()
    assert results == [True]


def test_idle_time_is_used() -> None:
    ticks: list[int] = []
    worker = WorkerThread("test", 0.01, lambda: ticks.append(1))
    wait_for(lambda: len(ticks) > 2)
    worker.close()
