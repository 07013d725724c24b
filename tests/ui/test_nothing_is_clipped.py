"""On every page, at every size from the least up, no control is cut off or covered by another."""

import contextlib
from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.ui.main import Session
from mecomp_desktop.ui.pages import PAGES
from tests.support.windows import activate

SIZES = [(800, 560), (900, 600), (1024, 700), (1280, 800), (1920, 1080)]
CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QLabel)


@pytest.fixture
def session(
    app: Application, ids: list[TrackId], qapp: QApplication, qtbot: QtBot
) -> Iterator[Session]:
    made = Session(app, qapp)
    made.show()
    app.library.load()
    qtbot.waitUntil(lambda: made.shell.songs.heading.count == "4 songs", timeout=20_000)
    app.playback.play_tracks(ids)
    app.playback.pause()
    qtbot.waitUntil(lambda: made.shell.player.title != "")
    activate(made.shell.window, qtbot)
    yield made
    made.close()
    made.end()


def controls(top: QWidget) -> list[QWidget]:
    """The visible controls of a window, without what a list draws or a scroll area moves."""
    found = []
    for widget in top.findChildren(QWidget):
        inside = widget.parentWidget()
        # What a list or a line edit has inside, those two place themselves.
        while inside is not None and not isinstance(inside, QAbstractItemView | QLineEdit):
            inside = inside.parentWidget()
        if isinstance(widget, CONTROLS) and widget.isVisible() and inside is None:
            found.append(widget)
    return found


def scrolls(widget: QWidget) -> bool:
    inside = widget.parentWidget()
    while inside is not None and not isinstance(inside, QAbstractScrollArea):
        inside = inside.parentWidget()
    return inside is not None


def rect_in(window: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def describe(widget: QWidget, rect: QRect) -> str:
    text = getattr(widget, "text", str)() or widget.accessibleName()
    owner = type(widget.parentWidget()).__name__
    place = f"{rect.x()},{rect.y()} {rect.width()}×{rect.height()}"
    return f"{type(widget).__name__} '{text}' in {owner} at {place}"


def needs_px(widget: QWidget) -> int:
    """The width that a control needs to show all it says; 0 if it shortens or wraps by itself."""
    if type(widget) is QLabel and not widget.wordWrap() and not widget.pixmap():
        return widget.sizeHint().width()
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.minimumSizeHint().width()
    return 0


def faults(window: QWidget) -> list[str]:
    placed = [(widget, rect_in(window, widget)) for widget in controls(window)]
    found = []
    for widget, rect in placed:
        in_sight = QRect(rect.x(), 0, rect.width(), 1) if scrolls(widget) else rect
        if not window.rect().contains(in_sight):
            found.append(f"outside the window: {describe(widget, rect)}")
        if rect.width() < needs_px(widget):
            found.append(f"needs {needs_px(widget)} px: {describe(widget, rect)}")
    for (first, first_rect), (second, second_rect) in combinations(placed, 2):
        nested = first.isAncestorOf(second) or second.isAncestorOf(first)
        if first_rect.intersects(second_rect) and not nested and scrolls(first) == scrolls(second):
            found.append(f"{describe(first, first_rect)} covers {describe(second, second_rect)}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_control_is_clipped(session: Session, qtbot: QtBot, size: tuple[int, int]) -> None:
    window = session.shell.window
    window.resize(*size)
    seen = []
    for spec in PAGES:
        session.shell.visit(spec.name)
        # A page fills itself and lays itself out in later turns of the event loop.
        with contextlib.suppress(qtbot.TimeoutError):
            qtbot.waitUntil(lambda: not faults(window), timeout=5_000)
        seen += [f"{spec.name}: {fault}" for fault in faults(window)]
    assert (window.width(), window.height()) == size
    assert not seen, chr(10).join(seen)


def test_a_control_that_is_cut_off_is_found(session: Session, qtbot: QtBot) -> None:
    """The test's own eye: a button too narrow, outside, is told twice."""
    window = session.shell.window
    button = QPushButton("A button with many words", window)
    button.setGeometry(window.width() - 20, 4, 40, 20)
    button.show()
    qtbot.wait(50)
    found = [fault for fault in faults(window) if "many words" in fault]
    assert any(fault.startswith("outside") for fault in found)
    assert any(fault.startswith("needs") for fault in found)
    button.setParent(None)
    button.deleteLater()
