import errno
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from mecomp_desktop.errors import BrokenEnvironment, Reason, UserError
from mecomp_desktop.workers.worker_client import Limits, WorkerClient, WorkerSpec
from mecomp_desktop.workers.worker_slot import Answer, Failed, Outcome, SlotClosed, WorkerSlot

MODULE = "tests.workers.odd_worker"
Open = Callable[..., WorkerSlot]


@pytest.fixture
def open_slot() -> Iterator[Open]:
    opened = []

    def open_one(cpu_s: float = 30.0, wall_s: float = 60.0, **spec: Any) -> WorkerSlot:  # noqa: ANN401  (passed on)
        opened.append(WorkerSlot(WorkerSpec(MODULE, **spec), lambda _job: Limits(cpu_s, wall_s)))
        return opened[-1]

    yield open_one
    for slot in opened:
        slot.rest()


def reason(outcome: Outcome) -> Reason:
    assert isinstance(outcome, Failed)
    return outcome.reason


def test_answers_come_in_order_with_the_greeting(open_slot: Open) -> None:
    slot = open_slot(settings={"colour": "red"})
    outcomes = list(slot.run_many([{"do": str(number)} for number in range(5)]))
    assert all(isinstance(outcome, Answer) for outcome in outcomes)
    answers = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
    assert [answer.message["echo"] for answer in answers] == list("01234")
    assert answers[0].greeting == {"settings": {"colour": "red"}}
    assert {answer.message["pid"] for answer in answers} == {slot.pid}


def test_whatever_is_raised_costs_that_job_alone(open_slot: Open) -> None:
    slot = open_slot()
    jobs = [{"do": "raise", "number": number} for number in range(4)]
    slot.start()
    pid = slot.pid
    outcomes = list(slot.run_many([{"do": "unreadable"}, *jobs, {"do": "well"}]))
    assert [reason(outcome) for outcome in outcomes[:-1]] == [
        Reason.EMPTY,
        Reason.DAMAGED,
        Reason.DAMAGED,
        Reason.TOO_MUCH_MEMORY,
        Reason.DAMAGED,
    ]
    assert isinstance(outcomes[-1], Answer)
    assert slot.pid == pid


@pytest.mark.parametrize(
    "name", ["EIO", "ETIMEDOUT", "ENOTCONN", "ESTALE", "EHOSTDOWN", "EMFILE", "ENODEV"]
)
def test_a_share_that_does_not_answer_is_a_passing_failure(name: str) -> None:
    reason = Reason.of(OSError(getattr(errno, name), "no share"))
    assert reason is Reason.UNREACHABLE
    assert reason.passing
    assert not Reason.of(OSError(errno.EINVAL, "odd")).passing
    assert Reason.of(PermissionError(errno.EACCES, "no")) is Reason.NO_PERMISSION


def test_errors_of_the_system_are_reported_by_their_number(open_slot: Open) -> None:
    outcome = open_slot().run({"do": "no share", "number": errno.ESTALE})
    assert reason(outcome) is Reason.UNREACHABLE


def test_a_crash_is_believed_when_a_fresh_worker_dies_of_the_same_file(
    open_slot: Open, tmp_path: Path
) -> None:
    note = str(tmp_path / "note")
    deadly = {"do": "die", "signal": signal.SIGSEGV, "note": note}
    outcomes = list(open_slot().run_many([{"do": "a"}, deadly, {"do": "b"}, {"do": "c"}]))
    assert isinstance(outcomes[0], Answer)
    assert reason(outcomes[1]) is Reason.CRASHED
    assert "-11" in outcomes[1].detail if isinstance(outcomes[1], Failed) else False
    assert all(isinstance(outcome, Answer) for outcome in outcomes[2:])
    assert len(set(Path(note).read_text().split())) == 2  # two processes tried it


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_worker_that_dies_once_blames_no_file(
    open_slot: Open, tmp_path: Path, number: signal.Signals
) -> None:
    job = {"do": "die once", "signal": number, "mark": str(tmp_path / "mark")}
    outcomes = list(open_slot().run_many([job, {"do": "after"}]))
    assert all(isinstance(outcome, Answer) for outcome in outcomes)


def test_a_worker_that_others_kill_twice_is_a_passing_failure(open_slot: Open) -> None:
    outcome = open_slot().run({"do": "die", "signal": signal.SIGKILL})
    assert reason(outcome) is Reason.INTERRUPTED
    assert reason(outcome).passing


def test_a_worker_that_just_ends_has_crashed(open_slot: Open) -> None:
    assert reason(open_slot().run({"do": "exit"})) is Reason.CRASHED


def test_what_burns_its_time_is_given_up_and_what_waits_is_passing(open_slot: Open) -> None:
    slot = open_slot(cpu_s=0.5, wall_s=30.0)
    assert reason(slot.run({"do": "burn"})) is Reason.TIMED_OUT
    assert not Reason.TIMED_OUT.passing
    slow = open_slot(cpu_s=5.0, wall_s=0.5)
    assert reason(slow.run({"do": "sleep", "seconds": 60})) is Reason.NO_ANSWER
    assert Reason.NO_ANSWER.passing


def test_waiting_is_no_burning(open_slot: Open) -> None:
    slot = open_slot(cpu_s=0.3, wall_s=30.0)
    assert isinstance(slot.run({"do": "sleep", "seconds": 1.0}), Answer)


@pytest.mark.skipif(sys.platform != "linux", reason="the hard limit is Linux's")
def test_memory_is_limited(open_slot: Open) -> None:
    slot = open_slot(memory_bytes=50 << 20)
    assert reason(slot.run({"do": "grow", "bytes": 1 << 30})) is Reason.TOO_MUCH_MEMORY
    assert isinstance(slot.run({"do": "grow", "bytes": 10 << 20}), Answer)


def test_what_a_library_prints_is_no_answer(open_slot: Open) -> None:
    outcomes = list(open_slot().run_many([{"do": "print"}, {"do": "after"}]))
    assert all(isinstance(outcome, Answer) for outcome in outcomes)


def test_one_that_cannot_be_used_says_why(open_slot: Open) -> None:
    with pytest.raises(UserError, match="no such colour"):
        open_slot(settings={"unusable": "no such colour"}).run({"do": "x"})


@pytest.mark.filterwarnings("ignore")
def test_one_that_does_not_start_is_reported() -> None:
    slot = WorkerSlot(WorkerSpec("tests.workers.nowhere"), lambda _job: Limits(1, 1))
    with pytest.raises(BrokenEnvironment, match="does not start"):
        slot.run({"do": "x"})
    assert slot.pid is None


def test_closing_ends_a_job_and_blames_none(open_slot: Open) -> None:
    slot = open_slot()
    closer = threading.Timer(0.8, slot.close)
    closer.start()
    with pytest.raises(SlotClosed):
        slot.run({"do": "sleep", "seconds": 60})
    closer.join()
    slot.rest()
    with pytest.raises(SlotClosed):
        slot.run({"do": "x"})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("has_begun", [False, True])
def test_one_that_gets_no_core_is_not_waited_for(open_slot: Open, has_begun: bool) -> None:
    slot = open_slot()
    if has_begun:
        slot.start()
    client = slot._client = slot._client or WorkerClient(slot._spec)
    os.kill(client.pid, signal.SIGSTOP)  # a core that never comes is the longest wait for one
    slot.rest()
    assert client._process.returncode == -signal.SIGKILL


@pytest.mark.worker_priority
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_the_end_of_a_session_comes_from_the_parent(open_slot: Open) -> None:
    slot = open_slot()
    slot.start()
    assert slot.pid is not None
    assert psutil.Process(slot.pid).nice() == 19
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(slot.pid, number)
    pid = slot.pid
    assert isinstance(slot.run({"do": "x"}), Answer)
    assert slot.pid == pid


PARENT = """
import threading
from mecomp_desktop.workers.worker_client import Limits, WorkerSpec
from mecomp_desktop.workers.worker_slot import WorkerSlot
slot = WorkerSlot(WorkerSpec("tests.workers.odd_worker"), lambda job: Limits(60, 60))
slot.start()
print(slot.pid, flush=True)
slot.run({"do": "sleep", "seconds": 60})
"""


def test_a_worker_does_not_outlive_a_killed_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        time.sleep(0.3)  # let it begin the job that never ends
        parent.kill()
    deadline_s = time.monotonic() + 20
    while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline_s, "the worker lives on"
        time.sleep(0.01)
