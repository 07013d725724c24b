from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.idle_watch import IdleWatch

ACTIVE, INACTIVE = Qt.ApplicationState.ApplicationActive, Qt.ApplicationState.ApplicationInactive


def test_is_idle_after_a_while_and_not_before(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    watch = IdleWatch(owner, idle_after_ms=50)
    changes: list[bool] = []
    watch.idle_changed.connect(changes.append)
    watch.note(INACTIVE)
    watch.note(ACTIVE)
    qtbot.wait(120)
    assert changes == []  # back in front before the time was over
    watch.note(INACTIVE)
    qtbot.waitUntil(lambda: changes == [True])
    watch.note(INACTIVE)
    watch.note(ACTIVE)
    assert changes == [True, False]


def test_ends_with_its_owner(qtbot: QtBot) -> None:
    owner = QObject()
    watch = IdleWatch(owner, idle_after_ms=10)
    watch.note(INACTIVE)
    with qtbot.waitSignal(watch.destroyed):
        owner.deleteLater()
