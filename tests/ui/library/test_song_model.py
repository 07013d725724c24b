import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.library.song_model import (
    PLAYING_ROLE,
    TRACK_ROLE,
    Column,
    SongModel,
    printable,
)
from mecomp_desktop.ui.player.mime import TRACKS
from tests.support.songs import song


@pytest.fixture
def model(qtmodeltester: ModelTester) -> SongModel:
    made = SongModel()
    qtmodeltester.check(made)
    made.show_catalog(
        Catalog(
            [
                song(1, "Chiquitita", artists=("ABBA",), year=1979, duration_s=326.0),
                song(2, "Army of Me", artists=("Björk",), year=1995, duration_s=234.0),
                song(3, "Bachelorette", artists=("Björk",), year=1997, duration_s=312.0),
                song(4, "Zoom", artists=("The Zephyrs",), year=None, available=False),
            ]
        )
    )
    return made


def titles(model: SongModel) -> list[object]:
    return [model.index(row, Column.TITLE).data() for row in range(model.rowCount())]


def test_starts_in_the_order_of_the_artists(model: SongModel) -> None:
    assert [track.artist for track in map(model.track, range(4))] == [
        "ABBA",
        "Björk",
        "Björk",
        "The Zephyrs",
    ]


def test_sorts_by_a_column_both_ways(model: SongModel) -> None:
    model.sort(Column.TITLE)
    assert titles(model) == ["Army of Me", "Bachelorette", "Chiquitita", "Zoom"]
    model.sort(Column.TITLE, Qt.SortOrder.DescendingOrder)
    assert titles(model) == ["Zoom", "Chiquitita", "Bachelorette", "Army of Me"]


def test_sorting_keeps_hold_of_the_rows(model: SongModel) -> None:
    held = model.createIndex(0, Column.TITLE)
    kept = QPersistentModelIndex(held)
    title = kept.data()
    model.sort(Column.TITLE, Qt.SortOrder.DescendingOrder)
    assert kept.data() == title
    assert kept.row() == titles(model).index(title)


def test_search_ignores_accents_and_keeps_the_order(model: SongModel) -> None:
    model.sort(Column.TITLE, Qt.SortOrder.DescendingOrder)
    model.set_search("bjork")
    assert titles(model) == ["Bachelorette", "Army of Me"]
    model.set_search("bjork army")
    assert titles(model) == ["Army of Me"]
    model.set_search("")
    assert len(titles(model)) == 4


def test_scope_has_its_own_order_until_sorted(model: SongModel) -> None:
    model.set_scope([TrackId(3), TrackId(1), TrackId(99)])
    assert titles(model) == ["Bachelorette", "Chiquitita"]
    model.sort(Column.YEAR)
    assert titles(model) == ["Chiquitita", "Bachelorette"]
    model.sort(-1)
    assert titles(model) == ["Bachelorette", "Chiquitita"]


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (Column.TITLE, "Chiquitita"),
        (Column.ARTIST, "ABBA"),
        (Column.YEAR, "1979"),
        (Column.TIME, "5:26"),
        (Column.GENRE, "Rock"),
    ],
)
def test_cells(model: SongModel, column: Column, shown: str) -> None:
    assert model.index(0, column).data() == shown


def test_rows_are_read_out_by_title_and_artist(model: SongModel) -> None:
    def spoken(row: int) -> object:
        return model.index(row, Column.TITLE).data(Qt.ItemDataRole.AccessibleTextRole)

    model.set_playing(TrackId(1))
    assert spoken(0) == "Chiquitita by ABBA, playing"
    assert spoken(3) == "Zoom by The Zephyrs, not available"


def test_missing_file_says_so(model: SongModel) -> None:
    tip = model.index(3, Column.TITLE).data(Qt.ItemDataRole.ToolTipRole)
    assert "not there" in str(tip)
    assert "4.flac" in str(tip)
    assert model.index(0, Column.TITLE).data(Qt.ItemDataRole.ToolTipRole) is None


def test_name_that_is_no_text_can_be_shown() -> None:
    assert printable("caf\udce9.mp3") == "caf?.mp3"


def test_playing_marks_only_the_rows_that_change(model: SongModel, qtbot: QtBot) -> None:
    model.set_playing(TrackId(1))
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    model.set_playing(TrackId(3))
    assert sorted(changed) == [0, 2]
    assert model.index(2, 0).data(PLAYING_ROLE) is True
    assert model.index(0, 0).data(PLAYING_ROLE) is False


def test_drags_songs_in_the_order_shown(model: SongModel) -> None:
    indexes = [model.index(row, column) for row in (2, 0) for column in (0, 1)]
    data = model.mimeData(indexes)
    assert json.loads(bytes(data.data(TRACKS).data())) == [1, 3]


def test_rows_and_ids_agree(model: SongModel) -> None:
    model.sort(Column.TITLE)
    ids = model.ids(slice(None))
    assert model.rows_of(ids[1:3]) == [1, 2]
    assert model.rows_of([TrackId(77)]) == []
    assert model.rows_of([]) == []


def test_another_catalog_keeps_search_and_order(model: SongModel) -> None:
    model.sort(Column.TITLE, Qt.SortOrder.DescendingOrder)
    model.set_search("o")
    tracks = [
        song(5, "Ohio"),
        song(6, "Oslo"),
        song(7, "Aix", artists=("X",), album_artist="X", album="X", genres=()),
    ]
    model.show_catalog(Catalog(tracks))
    assert titles(model) == ["Oslo", "Ohio"]


def test_empty_catalog(qtmodeltester: ModelTester) -> None:
    model = SongModel()
    qtmodeltester.check(model)
    assert model.rowCount() == 0
    model.show_catalog(Catalog())
    model.sort(Column.TITLE)
    model.set_search("x")
    assert model.rowCount() == 0
    assert model.data(QModelIndex(), TRACK_ROLE) is None


@pytest.fixture
def shuffled() -> Callable[[int], Catalog]:
    return lambda size: Catalog([song(number * 7919 % size) for number in range(size)])


def test_large_scope_of_unordered_ids(shuffled: Callable[[int], Catalog]) -> None:
    model = SongModel()
    model.show_catalog(shuffled(1000))
    wanted = [TrackId(number) for number in range(999, 0, -3)]
    model.set_scope(wanted)
    assert model.ids(slice(None)) == wanted
