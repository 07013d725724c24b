from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from mecomp_desktop.domain.ids import EntryId
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player.queue_delegate import HEIGHT_PX
from mecomp_desktop.ui.player.queue_model import QueueModel
from mecomp_desktop.ui.player.queue_view import QueueView
from tests.ui.player.test_queue_model import entries, find


@pytest.fixture
def view(qtbot: QtBot, bridge: Bridge) -> QueueView:
    model = QueueModel(find)
    model.show_entries(entries(1, 2, 3, 4, 5, closeness=0.5), EntryId(2))
    made = QueueView(model, bridge)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(320, 6 * HEIGHT_PX)
    made.show()
    return made


def select(view: QueueView, *rows: int) -> None:
    view.clearSelection()
    for row in rows:
        flag = view.selectionModel().SelectionFlag.Select
        view.selectionModel().select(view.model().index(row, 0), flag)
    view.selectionModel().setCurrentIndex(
        view.model().index(rows[-1], 0), view.selectionModel().SelectionFlag.NoUpdate
    )


def test_enter_jumps(view: QueueView, qtbot: QtBot) -> None:
    select(view, 3)
    with qtbot.waitSignal(view.jump_wanted) as wanted:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert wanted.args == [4]


def test_delete_removes_and_selects_what_follows(view: QueueView, qtbot: QtBot) -> None:
    select(view, 1, 2)
    with qtbot.waitSignal(view.removal_wanted) as wanted:
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert wanted.args == [[2, 3]]
    assert view.selected_rows() == [3]


@pytest.mark.parametrize(
    ("rows", "key", "to_row"),
    [((2,), Qt.Key.Key_Up, 1), ((1, 2), Qt.Key.Key_Down, 4), ((1, 3), Qt.Key.Key_Up, 0)],
)
def test_alt_and_an_arrow_move(
    view: QueueView, qtbot: QtBot, rows: tuple[int, ...], key: Qt.Key, to_row: int
) -> None:
    select(view, *rows)
    with qtbot.waitSignal(view.move_wanted) as wanted:
        qtbot.keyClick(view, key, Qt.KeyboardModifier.AltModifier)
    assert wanted.args == [[row + 1 for row in rows], to_row]


def test_first_song_cannot_move_up(view: QueueView, qtbot: QtBot) -> None:
    select(view, 0)
    with qtbot.assertNotEmitted(view.move_wanted):
        qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)


@pytest.mark.parametrize(("y", "row"), [(2, 0), (HEIGHT_PX - 2, 1), (6 * HEIGHT_PX - 1, 5)])
def test_drag_falls_between_the_rows(view: QueueView, qtbot: QtBot, y: int, row: int) -> None:
    model = view.model()
    assert isinstance(model, QueueModel)
    data = model.mimeData([model.index(3), model.index(4)])
    event = QDropEvent(
        QPointF(QPoint(20, y)),
        Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(model.entries_dropped) as dropped:
        view.dropEvent(event)
    assert dropped.args == [[4, 5], row]


def test_selection_survives_a_reordered_queue(view: QueueView) -> None:
    model = view.model()
    assert isinstance(model, QueueModel)
    select(view, 3)
    model.show_entries(entries(4, 1, 2, 9), EntryId(1))
    assert view.selected_ids() == [4]


def test_rows_are_drawn_in_both_themes(view: QueueView, bridge: Bridge, tmp_path: Path) -> None:
    select(view, 0)
    pictures = []
    for choice in ("light", "dark"):
        bridge.theme.choose(choice)
        pictures.append(view.grab().toImage())
    assert pictures[0] != pictures[1]
    accent = bridge.theme.colours.of("accent").rgb()
    last = pictures[1]
    assert any(
        last.pixel(x, y) == accent for x in range(200, last.width()) for y in range(last.height())
    ), "the closeness is drawn as a bar"


def test_likes_and_puts_away_what_is_selected(view: QueueView, qtbot: QtBot) -> None:
    tracks = [int(view._queue.entries[row].track_id) for row in (1, 3)]
    select(view, 1, 3)
    with qtbot.waitSignal(view.like_wanted) as liked:
        view.toggle_like()
    with qtbot.waitSignal(view.away_wanted) as away:
        view.toggle_away()
    assert (liked.args, away.args) == ([tracks], [tracks])
    view.clearSelection()
    with qtbot.assertNotEmitted(view.like_wanted, wait=50):
        view.toggle_like()
