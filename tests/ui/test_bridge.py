import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from mecomp_desktop.domain.events import Event
from mecomp_desktop.errors import UserError
from mecomp_desktop.ui.bridge import Bridge


def on_a_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_event_of_another_thread_arrives_on_this_one(bridge: Bridge, qtbot: QtBot) -> None:
    event: Event[[int]] = Event()
    received: list[tuple[int, int]] = []
    owner = QObject()
    bridge.on(event, lambda number: received.append((number, threading.get_ident())), owner)
    on_a_thread(lambda: event.emit(7))
    assert received == []
    qtbot.waitUntil(lambda: received == [(7, threading.get_ident())])


def test_event_without_arguments_is_delivered_once_a_burst(bridge: Bridge, qtbot: QtBot) -> None:
    event: Event[[]] = Event()
    calls: list[int] = []
    owner = QObject()
    bridge.on(event, lambda: calls.append(1), owner)
    on_a_thread(lambda: [event.emit() for _ in range(100)])
    qtbot.waitUntil(lambda: calls == [1])
    event.emit()
    qtbot.waitUntil(lambda: calls == [1, 1])


def test_owner_that_is_gone_gets_nothing(bridge: Bridge, qtbot: QtBot) -> None:
    event: Event[[int]] = Event()
    received: list[int] = []
    owner, witness = QObject(), QObject()
    bridge.on(event, received.append, owner)
    bridge.on(event, lambda number: received.append(-number), witness)
    event.emit(1)
    owner.deleteLater()
    qtbot.waitUntil(lambda: -1 in received)
    event.emit(2)
    qtbot.waitUntil(lambda: -2 in received)
    assert 2 not in received


def test_work_runs_elsewhere_and_its_result_arrives_here(bridge: Bridge, qtbot: QtBot) -> None:
    results: list[tuple[int, int]] = []
    owner = QObject()
    bridge.run(
        threading.get_ident, lambda result: results.append((result, threading.get_ident())), owner
    )
    qtbot.waitUntil(lambda: len(results) == 1)
    worker, here = results[0]
    assert worker != here == threading.get_ident()


def test_expected_failure_is_reported_in_its_own_words(bridge: Bridge, qtbot: QtBot) -> None:
    def fails() -> None:
        raise UserError("the drive is full")

    owner = QObject()
    with qtbot.waitSignal(bridge.failed) as signal:
        bridge.run(fails, lambda _: None, owner)
    assert signal.args == ["the drive is full"]


@pytest.mark.logs_errors
def test_bug_is_logged_and_reported_without_jargon(
    bridge: Bridge, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    owner = QObject()
    with qtbot.waitSignal(bridge.failed) as signal:
        bridge.run(lambda: 1 / 0, lambda _: None, owner)
    assert "ZeroDivisionError" not in str(signal.args)
    assert "ZeroDivisionError" in caplog.text


def test_close_waits_for_work_and_delivers_nothing_more(bridge: Bridge, qtbot: QtBot) -> None:
    event: Event[[]] = Event()
    started, finish = threading.Event(), threading.Event()
    received: list[str] = []
    owner = QObject()
    bridge.on(event, lambda: received.append("event"), owner)

    def work() -> None:
        started.set()
        finish.wait(5)

    bridge.run(work, lambda _: received.append("result"), owner)
    assert started.wait(5)
    event.emit()
    finish.set()
    bridge.close()
    bridge.close()
    event.emit()
    bridge.run(lambda: 1, lambda _: received.append("late"), owner)
    qtbot.wait(20)
    assert received == []
