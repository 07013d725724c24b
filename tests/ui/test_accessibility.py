"""Everything can be reached by Tab and has a name for a screen reader."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.ui.main import Session
from mecomp_desktop.ui.pages import PAGES
from tests.support.windows import activate

# A list's rows are alike: some of them stand for all.
MAX_CHILDREN = 40


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


def nodes(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """The visible part of the accessibility tree below a node, the node first."""
    if top.state().invisible:  # type: ignore[attr-defined]  # a bit field
        return
    yield top
    for number in range(min(top.childCount(), MAX_CHILDREN)):
        child = top.child(number)
        if child is not None and child.isValid():
            yield from nodes(child)


def describe(node: QAccessibleInterface) -> str:
    made = node.object()
    owner = made.parent() if made is not None else None
    return f"{type(made).__name__} {node.role().name} in {type(owner).__name__}"


@pytest.mark.parametrize("name", [spec.name for spec in PAGES])
def test_every_focusable_control_has_a_name(session: Session, qtbot: QtBot, name: str) -> None:
    session.shell.visit(name)
    qtbot.wait(50)
    top = QAccessible.queryAccessibleInterface(session.shell.window)
    assert top is not None
    # A cell is empty where the file is silent; it is no control.
    found = [
        node
        for node in nodes(top)
        if node.state().focusable and node.role() != QAccessible.Role.Cell  # type: ignore[attr-defined]
    ]
    assert len(found) > 10
    bare = [describe(node) for node in found if not node.text(QAccessible.Text.Name).strip()]
    assert bare == []


@pytest.mark.parametrize("name", [spec.name for spec in PAGES])
def test_tab_reaches_every_control_of_the_page(session: Session, qtbot: QtBot, name: str) -> None:
    activate(session.shell.window, qtbot)
    session.shell.visit(name)
    qtbot.wait(50)
    page = session.shell.window.page
    wanted = {
        widget
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
    }
    reached: set[QObject | None] = set()
    for _ in range(120):
        focused = QApplication.focusWidget()
        if focused in reached and reached >= wanted:
            break
        reached.add(focused)
        qtbot.keyClick(focused or session.shell.window, Qt.Key.Key_Tab)
    left = wanted - reached
    assert not left, [f"{type(widget).__name__} {widget.accessibleName()}" for widget in left]


def test_home_end_and_letters_move_through_every_list(session: Session, qtbot: QtBot) -> None:
    shell = session.shell
    for name in ("songs", "albums", "artists"):
        activate(shell.window, qtbot)
        shell.visit(name)
        page = shell.window.page
        qtbot.waitUntil(lambda page=page: isinstance(page.first_focus(), QAbstractItemView))
        shell.visit(name)
        view = page.first_focus()
        assert isinstance(view, QAbstractItemView)
        last = view.model().rowCount() - 1
        qtbot.keyClick(view, Qt.Key.Key_End)
        assert view.currentIndex().row() == last, name
        qtbot.keyClick(view, Qt.Key.Key_Home)
        assert view.currentIndex().row() == 0, name
        # The first letter leads from one match to the next: all names here begin alike.
        qtbot.keyClick(view, str(view.currentIndex().data())[0].lower())
        assert view.currentIndex().row() == 1, name
        rows = {index.row() for index in view.selectionModel().selectedIndexes()}
        assert rows == {1}, "what is framed is what is selected"
