from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.song_actions import MAX_QUEUED, SongActions
from mecomp_desktop.ui.library.song_model import Column
from mecomp_desktop.ui.library.song_table import FIRST_COLUMNS, SongTable
from mecomp_desktop.ui.widgets.view_state import selected_rows
from tests.support.songs import song

SIZE = (900, 600)


@pytest.fixture
def table(empty_app: Application, bridge: Bridge, qtbot: QtBot) -> SongTable:
    made = SongTable(bridge, SongActions(empty_app, bridge))
    qtbot.addWidget(made)
    made.resize(*SIZE)
    made.show()
    made.show_catalog(Catalog([song(number) for number in range(1, 201)]))
    return made


@pytest.fixture
def queued(empty_app: Application, qtbot: QtBot) -> Callable[[], list[TrackId]]:
    return lambda: [entry.track_id for entry in empty_app.playback.queue_snapshot().entries]


def widths(table: SongTable) -> dict[Column, int]:
    return {
        column: table.columnWidth(column) for column in Column if not table.isColumnHidden(column)
    }


def test_enter_plays_from_the_row_on(
    table: SongTable, queued: Callable[[], list[TrackId]], qtbot: QtBot
) -> None:
    table.reveal(table.visible_ids()[5])
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: queued() == table.visible_ids()[5:])


def test_enter_on_a_selection_plays_the_selection(
    table: SongTable, queued: Callable[[], list[TrackId]], qtbot: QtBot
) -> None:
    table.reveal(table.visible_ids()[3])
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: queued() == table.visible_ids()[3:5])


def test_double_click_plays_from_there(
    table: SongTable, queued: Callable[[], list[TrackId]], qtbot: QtBot
) -> None:
    where = table.visualRect(table.model().index(2, Column.TITLE)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.waitUntil(lambda: queued() == table.visible_ids()[2:])


def test_control_enter_adds_and_shift_enter_plays_next(
    table: SongTable, queued: Callable[[], list[TrackId]], qtbot: QtBot
) -> None:
    ids = table.visible_ids()
    # Chosen by id: selectRow() would heed the modifier of the key before.
    for row, modifier in (
        (0, Qt.KeyboardModifier.ControlModifier),
        (1, Qt.KeyboardModifier.ControlModifier),
        (2, Qt.KeyboardModifier.ShiftModifier),
    ):
        table.reveal(ids[row])
        qtbot.keyClick(table, Qt.Key.Key_Return, modifier)
    qtbot.waitUntil(lambda: len(queued()) == 3)
    assert set(queued()) == set(ids[:3])
    assert queued().index(ids[0]) < queued().index(ids[1])


def test_a_long_list_fills_the_queue_only_so_far(
    table: SongTable, queued: Callable[[], list[TrackId]], qtbot: QtBot
) -> None:
    table.show_catalog(Catalog([song(number) for number in range(1, MAX_QUEUED + 500)]))
    table.play_from(0)
    qtbot.waitUntil(lambda: len(queued()) == MAX_QUEUED)


def test_menu_offers_what_the_keys_do(table: SongTable, qtbot: QtBot) -> None:
    table.reveal(table.visible_ids()[4])
    menu: QMenu = table.menu()
    words = [action.text().split("\t")[0] for action in menu.actions() if not action.isSeparator()]
    assert words == [
        "Play",
        "Play next",
        "Add to queue",
        "Add to playlist…",
        "Start radio",
        "Like",
        "Rating",
        "Never again",
        "Show album",
        "Show in folder",
        "Read again",
    ]
    with qtbot.waitSignal(table._actions.album_wanted) as asked:
        next(entry for entry in menu.actions() if entry.text() == "Show album").trigger()
    assert asked.args == [table.songs.track(4).id]


def test_heading_sorts(table: SongTable, qtbot: QtBot) -> None:
    header = table.horizontalHeader()
    where = header.sectionViewportPosition(Column.TITLE) + 20
    click = Qt.MouseButton.LeftButton
    qtbot.mouseClick(header.viewport(), click, pos=QPoint(where, 10))
    qtbot.waitUntil(lambda: table.songs.track(0).title == "Song 1")
    qtbot.mouseClick(header.viewport(), click, pos=QPoint(where, 10))
    qtbot.waitUntil(lambda: table.songs.track(0).title == "Song 200")


def test_selection_and_place_survive_a_change_of_the_library(table: SongTable) -> None:
    table.reveal(table.visible_ids()[100])
    table.scrollTo(table.model().index(90, 0), SongTable.ScrollHint.PositionAtTop)
    assert len(table.selected_ids()) == 1
    chosen, top = table.selected_ids(), table.songs.track(table.rowAt(0)).id
    tracks = [song(number) for number in range(1, 201)]
    tracks += [song(number, "A new one", artists=("Aaa",)) for number in range(300, 330)]
    table.show_catalog(Catalog(tracks))
    assert table.selected_ids() == chosen
    assert table.songs.ids([table.currentIndex().row()]) == chosen
    assert table.songs.track(table.rowAt(0)).id == top


def test_at_the_top_new_songs_come_into_view(table: SongTable) -> None:
    tracks = [song(number) for number in range(1, 201)]
    table.show_catalog(Catalog([*tracks, song(300, "A new one", artists=("Aaa",))]))
    assert table.songs.track(table.rowAt(0)).title == "A new one"


def test_selection_survives_a_search(table: SongTable) -> None:
    table.reveal(table.visible_ids()[0])
    chosen = table.selected_ids()
    title = table.songs.track(0).title
    table.set_search(title)
    assert table.selected_ids() == chosen
    table.set_search("no such song")
    assert selected_rows(table) == []
    table.set_search("")
    assert table.songs.rowCount() == 200


def test_columns_fill_the_width_at_every_size(table: SongTable) -> None:
    for width in (700, 1200, 900):
        table.resize(width, 600)
        QApplication.processEvents()
        assert sum(widths(table).values()) == table.viewport().width()
    assert set(widths(table)) == set(FIRST_COLUMNS)


def test_a_wider_column_takes_from_those_after_it(table: SongTable) -> None:
    QApplication.processEvents()
    before = widths(table)
    table.setColumnWidth(Column.TITLE, before[Column.TITLE] + 60)
    after = widths(table)
    assert after[Column.TITLE] == before[Column.TITLE] + 60
    assert after[Column.ARTIST] < before[Column.ARTIST]
    assert after[Column.TIME] == before[Column.TIME]
    assert sum(after.values()) == table.viewport().width()


def test_columns_and_order_come_back(
    empty_app: Application, bridge: Bridge, table: SongTable, qtbot: QtBot
) -> None:
    table.columns.set_shown(Column.GENRE, True)
    table.columns.set_shown(Column.YEAR, False)
    table.horizontalHeader().moveSection(2, 1)
    table.setColumnWidth(Column.TITLE, 333)
    table.horizontalHeader().setSortIndicator(Column.ALBUM, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: table.songs.sorted_by == (Column.ALBUM, True))
    restored = SongTable(bridge, SongActions(empty_app, bridge))
    qtbot.addWidget(restored)
    restored.resize(*SIZE)
    restored.show()
    restored.show_catalog(Catalog([song(number) for number in range(1, 201)]))
    restored.restore_layout(table.layout_state())
    qtbot.waitUntil(lambda: restored.layout_state() == table.layout_state())


@pytest.mark.parametrize(
    "state",
    [
        {},
        {
            "columns": {"order": ["NO"], "hidden": "all", "widths": {"TITLE": -5}},
            "sort": ["NO", True],
        },
        {"columns": None, "sort": "title"},
    ],
)
def test_state_that_does_not_fit_changes_nothing(
    table: SongTable, state: dict[str, object]
) -> None:
    before = table.layout_state()
    table.restore_layout(state)  # type: ignore[arg-type]  # wrong on purpose
    assert table.layout_state() == before


def test_reveal_selects_and_shows(table: SongTable) -> None:
    wanted = table.visible_ids()[150]
    assert table.reveal(wanted)
    assert table.selected_ids() == [wanted]
    assert table.viewport().rect().intersects(table.visualRect(table.currentIndex()))
    assert not table.reveal(TrackId(9999))
