from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.actions import WindowActions
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.main_window import MainWindow, Parts
from mecomp_desktop.ui.navigation import PLACES, Navigation


@pytest.fixture
def parts(bridge: Bridge) -> Parts:
    pages: dict[str, QWidget] = {place.name: QLineEdit(place.name) for place in PLACES}
    return Parts(Navigation(bridge), pages, QLabel("queue"), QLabel("player"), QLabel("status"))


@pytest.fixture
def window(parts: Parts, qtbot: QtBot) -> MainWindow:
    made = MainWindow(parts, "Test")
    qtbot.addWidget(made)
    made.show()
    return made


def test_starts_with_the_songs(window: MainWindow) -> None:
    assert window.place == "songs"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_place_can_be_reached_and_is_named(
    window: MainWindow, parts: Parts, qtbot: QtBot, place: object
) -> None:
    button = next(
        one
        for one in parts.navigation.findChildren(QPushButton)
        if one.accessibleName() == getattr(place, "words", "")
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.page is parts.pages[getattr(place, "name", "")]
    assert button.isChecked()


def test_visit_brings_the_keyboard_along(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    window.visit("albums")
    qtbot.waitUntil(parts.pages["albums"].hasFocus)


def test_visit_finds_the_first_control_of_a_page(bridge: Bridge, qtbot: QtBot) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    off, first, second = (QPushButton(words) for words in ("off", "first", "second"))
    off.setEnabled(False)
    for one in (QLabel("words"), off, first, second):
        column.addWidget(one)
    songs = QLineEdit()
    pages: dict[str, QWidget] = {"songs": songs, "settings": page}
    window = MainWindow(
        Parts(Navigation(bridge), pages, QLabel("queue"), QLabel("player"), QLabel("status")), "T"
    )
    qtbot.addWidget(window)
    window.show()
    window.visit("settings")
    assert window.focusWidget() is first
    window.visit("songs")
    assert window.focusWidget() is songs


def test_badge_is_read_out(parts: Parts) -> None:
    parts.navigation.set_badge("activity", 3)
    names = [one.accessibleName() for one in parts.navigation.findChildren(QPushButton)]
    assert "Activity, 3 to look at" in names
    parts.navigation.set_badge("activity", 0)
    names = [one.accessibleName() for one in parts.navigation.findChildren(QPushButton)]
    assert "Activity" in names


def test_sizes_and_place_come_back(window: MainWindow, bridge: Bridge, qtbot: QtBot) -> None:
    window.resize(780, 620)
    window.go("artists")
    pages: dict[str, QWidget] = {place.name: QLabel(place.name) for place in PLACES}
    other = MainWindow(Parts(Navigation(bridge), pages, QLabel(), QLabel(), QLabel()), "Test")
    qtbot.addWidget(other)
    other.restore(window.state())
    assert (other.width(), other.height()) == (780, 620)
    assert other.place == "artists"


@pytest.mark.parametrize(
    "state", [{}, {"geometry": 7, "place": "nowhere"}, {"geometry": "%%%", "splitter": "zz"}]
)
def test_state_that_does_not_fit_is_left_out(window: MainWindow, state: dict[str, object]) -> None:
    window.restore(state)  # type: ignore[arg-type]  # wrong on purpose
    assert window.place == "songs"


def test_takes_folders_and_nothing_else(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "song.txt").touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(one)) for one in (tmp_path, tmp_path / "song.txt")])
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, button, none)
    with qtbot.waitSignal(window.dropping):
        QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(window.folders_dropped) as dropped:
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, button, none))
    assert dropped.args == [[tmp_path]]
    text = QMimeData()
    text.setText("no folder")
    other = QDragEnterEvent(QPoint(5, 5), copy, text, button, none)
    other.ignore()
    QApplication.sendEvent(window, other)
    assert not other.isAccepted()


def test_closing_is_told(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closing):
        window.close()


def test_space_plays_but_presses_a_button_that_has_the_keyboard(
    window: MainWindow, parts: Parts, qtbot: QtBot
) -> None:
    done: list[str] = []
    actions = WindowActions(window, {"play.toggle": lambda: done.append("toggle")})
    pressed = QPushButton("Press", window)
    pressed.clicked.connect(lambda: done.append("button"))
    pressed.show()
    window.activateWindow()
    parts.navigation.setFocus()
    window.setFocus()
    qtbot.waitUntil(window.hasFocus)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert done == ["toggle"]
    pressed.setFocus()
    qtbot.keyClick(pressed, Qt.Key.Key_Space)
    assert done == ["toggle", "button"]
    assert not actions.action("play.toggle").isEnabled()


def test_space_is_a_letter_in_a_text_field(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    done: list[str] = []
    WindowActions(window, {"play.toggle": lambda: done.append("toggle")})
    field = parts.pages["songs"]
    assert isinstance(field, QLineEdit)
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    field.clear()
    qtbot.keyClicks(field, "a b")
    assert field.text() == "a b"
    assert done == []
