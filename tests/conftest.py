"""What holds for every test: its own home, and nothing unexpected left behind."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil
import pytest
import tqdm

from mecomp_desktop.paths import HOME_VARIABLE, Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.workers import worker_client
from mecomp_desktop.workers.worker_protocol import Message, send

# Before any Qt import: the tests need no screen, and no theme of the machine they run on.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# tqdm watches its bars from a thread of its own; a bar in a test is too short to need it.
tqdm.tqdm.monitor_interval = 0

# A worker of low priority that is only just starting ends late beside two busy test processes.
_PATIENCE_S = 30.0
_OURS = ("mecomp_desktop", "trainer")


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what -m does not want
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count benchmarks and nightly tests among the slow ones.

    ``-m "not slow"`` replaces the ``-m`` of pyproject.toml: without this the quick
    run would be the longest one.
    """
    for item in items:
        if item.get_closest_marker("benchmark") or item.get_closest_marker("nightly"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point all of the program's data below this test's directory."""
    path = tmp_path / "home"
    monkeypatch.setenv(HOME_VARIABLE, str(path))
    return path


@pytest.fixture
def paths(home: Path) -> Paths:
    """The directories of a fresh installation."""
    created = Paths.below(home)
    created.create()
    return created


@pytest.fixture
def database(paths: Paths) -> Iterator[Database]:
    """An empty library in them."""
    opened = Database(paths.database)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def workers_get_their_turn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start workers at the priority of the tests, except where that is what is tested.

    Beside two busy test processes, one of low priority starts in ten seconds rather than in half
    a one, and whatever waits for it looks broken.
    """
    markers = map(request.node.get_closest_marker, ("worker_priority", "benchmark"))
    if not any(markers):
        monkeypatch.setattr(worker_client, "send", _send_no_niceness)


def _send_no_niceness(stream: IO[bytes], message: Message) -> None:
    send(stream, message | {"nice": 0} if "nice" in message else message)


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail the test if it leaves a thread or a child process behind."""
    threads = set(threading.enumerate())
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if not _new_threads(threads) and not _new_children(children):
            return
        time.sleep(0.02)
    left = [thread.name for thread in _new_threads(threads)] + _new_children(children)
    pytest.fail(f"left running: {left}")


@pytest.fixture(autouse=True)
def no_unexpected_errors(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail the test if our own code logs an error, unless it is marked ``logs_errors``."""
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    for when in ("setup", "call"):
        for record in caplog.get_records(when):
            if record.levelno >= logging.ERROR and record.name.startswith(_OURS):
                pytest.fail(f"logged {record.levelname}: {record.name}: {record.getMessage()}")


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        # A dummy stands for a thread that a library owns (Qt's pool, PortAudio's callback).
        if thread not in before
        and thread.is_alive()
        and not isinstance(thread, threading._DummyThread)
    ]


def _new_children(before: set[int]) -> list[str]:
    left = []
    for child in psutil.Process().children(recursive=True):
        try:
            # multiprocessing keeps one tracker for the whole life of the interpreter.
            command = " ".join(child.cmdline())
            running = child.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            continue
        if child.pid not in before and running and "resource_tracker" not in command:
            left.append(f"{child.pid}: {command}")
    return left
