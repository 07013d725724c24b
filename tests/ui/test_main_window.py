from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.main_window import MIN_SIZE_PX, MainWindow, Parts
from mecomp_desktop.ui.navigation import FOLDED_WIDTH_PX, Navigation
from mecomp_desktop.ui.page import Page, PageSpec
from mecomp_desktop.ui.pages import PAGES


class FieldPage(Page):
    """A page with one text field, which gets the focus."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.field = QLineEdit(name)
        QVBoxLayout(self).addWidget(self.field)

    def first_focus(self) -> QWidget | None:
        return self.field


def make_page(spec: PageSpec) -> Page:
    return FieldPage(spec.name)


@pytest.fixture
def parts(bridge: Bridge) -> Parts:
    return Parts(
        Navigation(bridge), PAGES, make_page, QLabel("queue"), QLabel("player"), QLabel("status")
    )


@pytest.fixture
def window(parts: Parts, qtbot: QtBot) -> MainWindow:
    made = MainWindow(parts, "Test")
    qtbot.addWidget(made)
    made.show()
    return made


def field_of(window: MainWindow, name: str) -> QLineEdit:
    page = window.pages[name]
    assert isinstance(page, FieldPage)
    return page.field


def test_starts_with_the_songs(window: MainWindow) -> None:
    assert window.page_name == "songs"


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.name)
def test_every_page_can_be_reached_and_is_named(
    window: MainWindow, parts: Parts, qtbot: QtBot, spec: PageSpec
) -> None:
    button = parts.navigation.button(spec.name)
    assert button.accessibleName() == spec.title
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.page is window.pages[spec.name]
    assert button.isChecked()


def test_visit_brings_the_keyboard_to_what_the_page_names(window: MainWindow, qtbot: QtBot) -> None:
    window.visit("albums")
    qtbot.waitUntil(field_of(window, "albums").hasFocus)


def test_a_page_whose_first_control_is_off_leaves_the_keyboard_on_its_button(
    window: MainWindow, parts: Parts
) -> None:
    field_of(window, "albums").setEnabled(False)
    window.visit("albums")
    assert window.focusWidget() is parts.navigation.button("albums")


def test_a_lazy_page_is_made_when_it_is_looked_at_and_keeps_what_it_remembered(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert "quiz" not in window.pages
    window.restore({"pages": {"quiz": {"open": True}}})
    assert window.state()["pages"]["quiz"] == {"open": True}  # type: ignore[index,call-overload]
    with qtbot.waitSignal(window.page_made):
        window.go("quiz")
    assert "quiz" in window.pages


def test_a_narrow_window_folds_the_sidebar_and_the_queue(
    window: MainWindow, parts: Parts, qtbot: QtBot
) -> None:
    assert parts.queue.isVisible()
    window.resize(*MIN_SIZE_PX)
    qtbot.waitUntil(lambda: parts.navigation.is_folded)
    assert parts.navigation.width() == FOLDED_WIDTH_PX
    assert not parts.queue.isVisible()
    window.drawer.toggle()
    assert parts.queue.isVisible()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: not parts.navigation.is_folded)
    assert parts.queue.isVisible()


def test_a_hidden_queue_comes_back(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.drawer.shown_changed) as signal:
        window.drawer.toggle()
    assert signal.args == [False]
    assert not parts.queue.isVisible()
    state = window.drawer.state()
    window.drawer.toggle()
    assert parts.queue.isVisible()
    window.drawer.restore(state)
    assert not parts.queue.isVisible()


def test_badge_is_read_out(parts: Parts) -> None:
    parts.navigation.set_badge("activity", 3)
    names = [found.accessibleName() for found in parts.navigation.findChildren(QPushButton)]
    assert "Activity, 3 to look at" in names
    parts.navigation.set_badge("activity", 0)
    names = [found.accessibleName() for found in parts.navigation.findChildren(QPushButton)]
    assert "Activity" in names


def test_sizes_and_place_come_back(window: MainWindow, bridge: Bridge, qtbot: QtBot) -> None:
    window.resize(800, 620)
    window.go("artists")
    restored = MainWindow(
        Parts(Navigation(bridge), PAGES, make_page, QLabel(), QLabel(), QLabel()), "Test"
    )
    qtbot.addWidget(restored)
    restored.restore(window.state())
    assert (restored.width(), restored.height()) == (800, 620)
    assert restored.page_name == "artists"


@pytest.mark.parametrize(
    "state", [{}, {"geometry": 7, "place": "nowhere"}, {"geometry": "%%%", "splitter": "zz"}]
)
def test_state_that_does_not_fit_is_left_out(window: MainWindow, state: dict[str, object]) -> None:
    window.restore(state)  # type: ignore[arg-type]  # wrong on purpose
    assert window.page_name == "songs"


def test_takes_folders_and_nothing_else(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "song.txt").touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (tmp_path, tmp_path / "song.txt")])
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
    text_drag = QDragEnterEvent(QPoint(5, 5), copy, text, button, none)
    text_drag.ignore()
    QApplication.sendEvent(window, text_drag)
    assert not text_drag.isAccepted()


def test_takes_playlist_files(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "list.m3u8"
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)), QUrl.fromLocalFile(str(tmp_path / "x.txt"))])
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, button, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    with (
        qtbot.waitSignal(window.playlists_dropped) as dropped,
        qtbot.assertNotEmitted(window.folders_dropped),
    ):
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, button, none))
    assert dropped.args == [[file]]


def test_closing_is_emitted(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closing):
        window.close()
