import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from mecomp_desktop.domain.play_counts import PlayCounts
from mecomp_desktop.domain.rating import Rating, RatingTable, Subject, SubjectKind
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.library.listener_columns import ListenerFacts
from mecomp_desktop.ui.library.song_model import NEVER_ROLE, Column, SongModel
from tests.support.songs import song

SONGS = [song(number, f"Song {number}", artists=(f"Artist {number}",)) for number in range(1, 5)]
FACTS = ListenerFacts(
    RatingTable(
        {
            SONGS[0].audio_id: Rating(half_stars=7),
            SONGS[1].audio_id: Rating(liked_at_s=5.0, half_stars=10),
        },
        {Subject(SubjectKind.ARTIST, "Artist 4"): Rating(never_at_s=1.0)},
    ),
    {
        SONGS[0].audio_id: PlayCounts(1200, 2, 0.0, 86400.0 * 365),
        SONGS[2].audio_id: PlayCounts(3, 0, None, None),
    },
)


@pytest.fixture
def model(qtmodeltester: ModelTester) -> SongModel:
    made = SongModel()
    qtmodeltester.check(made)
    made.show_catalog(Catalog(SONGS))
    made.show_facts(FACTS)
    return made


def column(model: SongModel, column: Column) -> list[object]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


def titles(model: SongModel) -> str:
    return "".join(str(title)[-1] for title in column(model, Column.TITLE))


def test_cells(model: SongModel) -> None:
    assert column(model, Column.LIKED) == ["", "Liked", "", ""]
    assert column(model, Column.RATING) == ["3½ stars", "5 stars", "", ""]
    assert column(model, Column.PLAYS) == ["1,200", "", "3", ""]
    assert column(model, Column.SKIPS) == ["2", "", "", ""]
    assert column(model, Column.LAST_PLAYED) == ["1 Jan 1971", "", "", ""]
    assert column(model, Column.FIRST_PLAYED) == ["1 Jan 1970", "", "", ""]
    assert [model.index(row, 0).data(NEVER_ROLE) for row in range(4)] == [False] * 3 + [True]


@pytest.mark.parametrize(
    ("wanted", "ascending", "descending"),
    [
        (Column.RATING, "1234", "2134"),
        (Column.PLAYS, "3124", "1324"),
        (Column.LIKED, "2134", "2134"),
        (Column.LAST_PLAYED, "1234", "1234"),
    ],
)
def test_order_puts_what_has_no_value_last(
    model: SongModel, wanted: Column, ascending: str, descending: str
) -> None:
    model.sort(wanted)
    assert titles(model) == ascending
    model.sort(wanted, Qt.SortOrder.DescendingOrder)
    assert titles(model) == descending


def test_a_change_moves_the_song_and_keeps_hold_of_its_row(model: SongModel) -> None:
    model.sort(Column.PLAYS, Qt.SortOrder.DescendingOrder)
    model.show_facts(ListenerFacts(FACTS.ratings, {SONGS[3].audio_id: PlayCounts(plays=1)}))
    assert titles(model) == "4123"


def test_the_liked_and_the_put_away_are_told_to_screen_readers(model: SongModel) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(1, Column.TITLE).data(role) == "Song 2 by Artist 2, liked"
    assert model.index(3, Column.TITLE).data(role) == "Song 4 by Artist 4, never again"
