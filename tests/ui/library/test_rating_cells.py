import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.rating import Rating, Subject, SubjectKind
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.rating_cells import STAR_PX, half_stars_at
from mecomp_desktop.ui.library.song_actions import SongActions
from mecomp_desktop.ui.library.song_model import Column
from mecomp_desktop.ui.library.song_table import SongTable

SHOWN = (Column.NUMBER, Column.LIKED, Column.TITLE, Column.RATING, Column.PLAYS)


@pytest.fixture
def table(app: Application, bridge: Bridge, qtbot: QtBot) -> SongTable:
    made = SongTable(bridge, SongActions(app, bridge), SHOWN)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    made.show_catalog(app.library.catalog())
    return made


def rating(app: Application, track_id: TrackId) -> Rating:
    return app.ratings.table().of_song(app.library.catalog().track(track_id).audio_id)


def click(table: SongTable, qtbot: QtBot, row: int, column: Column, x_px: int = 10) -> None:
    corner = table.visualRect(table.songs.index(row, column)).topLeft()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=corner + QPoint(x_px, 10))


@pytest.mark.parametrize(
    ("x_px", "half_stars"), [(-1, None), (0, 1), (7, 1), (8, 2), (4 * STAR_PX, 9), (500, 10)]
)
def test_where_a_click_falls(x_px: int, half_stars: int | None) -> None:
    assert half_stars_at(100 + x_px, 100) == half_stars


def test_a_click_on_the_heart_likes_and_another_takes_it_back(
    table: SongTable, app: Application, qtbot: QtBot
) -> None:
    [track_id] = table.songs.ids([1])
    click(table, qtbot, 1, Column.LIKED)
    assert rating(app, track_id).liked
    qtbot.waitUntil(lambda: table.songs.index(1, Column.LIKED).data() == "Liked")
    click(table, qtbot, 1, Column.LIKED)
    assert not rating(app, track_id).liked
    app.undo.undo()
    assert rating(app, track_id).liked


def test_clicks_on_stars(table: SongTable, app: Application, qtbot: QtBot) -> None:
    [track_id] = table.songs.ids([0])
    click(table, qtbot, 0, Column.RATING, 8 + 2 * STAR_PX + 2)
    assert rating(app, track_id).stars == 2.5
    click(table, qtbot, 0, Column.RATING, 8 + 2 * STAR_PX + 2)
    assert rating(app, track_id).stars is None, "the same again takes it away"


def test_a_double_click_on_stars_plays_nothing(
    table: SongTable, app: Application, qtbot: QtBot
) -> None:
    where = table.visualRect(table.songs.index(0, Column.RATING)).topLeft() + QPoint(20, 10)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert app.playback.status().track_id is None


def test_never_again_of_what_plays_goes_on_to_the_next(
    table: SongTable, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    app.playback.play_tracks(ids)
    actions = SongActions(app, table._bridge).ratings
    actions.toggle_away([ids[0]], SubjectKind.SONG)
    assert app.playback.status().track_id == ids[1]
    assert actions.all_away([ids[0]], SubjectKind.SONG)
    actions.toggle_away([ids[0]], SubjectKind.SONG)
    assert not app.ratings.table().has_never_again


def test_half_a_star_more_and_less(app: Application, bridge: Bridge, ids: list[TrackId]) -> None:
    actions = SongActions(app, bridge).ratings
    actions.change_rating(ids[:2], 1)
    assert actions.common_rating(ids[:2]) == 1
    actions.change_rating(ids[:2], 1)
    assert actions.common_rating(ids[:2]) == 2
    for _ in range(3):
        actions.change_rating(ids[:2], -1)
    assert actions.common_rating(ids[:2]) is None


def test_the_menu_knows_what_is_so(table: SongTable, app: Application, qtbot: QtBot) -> None:
    [track_id] = table.songs.ids([0])
    actions = SongActions(app, table._bridge).ratings
    actions.toggle_like([track_id])
    actions.rate([track_id], 9)
    actions.toggle_away([track_id], SubjectKind.ARTIST)
    table.reveal(track_id)
    menu = table.menu()
    checked = {
        entry.text()
        for top in menu.actions()
        for entry in (top.menu().actions() if top.menu() else [top])  # type: ignore[attr-defined]
        if entry.isChecked()
    }
    assert checked == {"Like", "4½ stars", "Its artists"}
    menu.close()


def test_a_selection_counts_as_chosen_for_a_shuffle(
    table: SongTable, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    app.playback.set_shuffle(True)
    app.ratings.put_away([Subject.song(app.library.catalog().track(ids[1]))])
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(app.playback.queue_snapshot().entries) == 4)
    played = []
    for _ in ids:
        played.append(app.playback.status().track_id)
        app.playback.next()
    assert sorted(filter(None, played)) == sorted(ids)
