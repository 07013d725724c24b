import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.threads import WorkerThread
from mecomp_desktop.unexpected import UnexpectedErrors
from tests.support.players import wait_for


def fail() -> None:
    raise ZeroDivisionError("division by nothing")


@pytest.fixture
def worker() -> WorkerThread:
    return WorkerThread("jobs")


@pytest.mark.logs_errors
def test_a_job_that_fails_is_reported_and_the_thread_goes_on(
    worker: WorkerThread, tmp_path: Path
) -> None:
    messages: list[str] = []
    with UnexpectedErrors(tmp_path / "the.log") as unexpected:
        unexpected.message.connect(messages.append)
        worker.post(fail)
        assert worker.settle()
    worker.post(fail)
    worker.close()
    assert messages == [
        (
            "Something went wrong (ZeroDivisionError: division by nothing); "
            f"the details are in {tmp_path / 'the.log'}."
        )
    ]


def test_what_the_machine_is_to_blame_for_is_reported_as_it_is(worker: WorkerThread) -> None:
    messages: list[str] = []

    def no_room() -> None:
        raise BrokenEnvironment("cannot write the library /x: the disk is full; make room")

    with UnexpectedErrors() as unexpected:
        unexpected.message.connect(messages.append)
        worker.post(no_room)
        worker.settle()
    worker.close()
    assert messages == ["Cannot write the library /x: the disk is full; make room."]


@pytest.mark.logs_errors
def test_the_same_sentence_is_reported_once_a_minute(worker: WorkerThread) -> None:
    messages: list[str] = []
    now_s = 0.0
    with UnexpectedErrors(clock=lambda: now_s) as unexpected:
        unexpected.message.connect(messages.append)
        for _ in range(5):
            worker.post(fail)
        worker.settle()
        assert len(messages) == 1
        now_s = 61.0
        worker.post(fail)
        worker.settle()
    worker.close()
    assert len(messages) == 2


@pytest.mark.logs_errors
def test_a_thread_that_ends_by_an_error_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    messages: list[str] = []
    with UnexpectedErrors() as unexpected:
        unexpected.message.connect(messages.append)
        thread = threading.Thread(target=fail, name="a thread")
        thread.start()
        thread.join()
        wait_for(lambda: messages, "for the sentence")
    assert messages == ["Something went wrong (ZeroDivisionError: division by nothing)."]
    assert caplog.records[-1].exc_info is not None


def test_afterwards_the_hooks_are_those_of_before() -> None:
    before = (sys.excepthook, threading.excepthook)
    with UnexpectedErrors():
        assert (sys.excepthook, threading.excepthook) != before
    assert (sys.excepthook, threading.excepthook) == before


_SLOT = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from mecomp_desktop.unexpected import UnexpectedErrors

app = QCoreApplication([])
messages = []
with UnexpectedErrors() as unexpected:
    unexpected.message.connect(messages.append)
    QTimer.singleShot(0, lambda: 1 / 0)
    QTimer.singleShot(50, app.quit)
    app.exec()
print(messages)
"""


def test_an_error_in_a_slot_is_reported_and_the_program_goes_on() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SLOT], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "['Something went wrong (ZeroDivisionError: division by zero).']"


@pytest.mark.logs_errors
def test_the_log_has_the_traceback(worker: WorkerThread, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        worker.post(fail)
        worker.close()
    assert "in fail" in caplog.text
