from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.playlist import Playlist, in_order
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.page import PageContext
from mecomp_desktop.ui.playlists.page import PlaylistsPage
from mecomp_desktop.ui.playlists.playlist_adder import PlaylistAdder
from mecomp_desktop.ui.widgets.view_state import select

_PATIENCE_MS = 30_000


@pytest.fixture
def page(app: Application, bridge: Bridge, qtbot: QtBot) -> PlaylistsPage:
    made = PlaylistsPage(PageContext.of(app, bridge))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def _shown(page: PlaylistsPage) -> list[str]:
    songs = page.table.songs
    return [songs.track(row).title for row in range(songs.rowCount())]


def _road(app: Application, ids: list[TrackId], *numbers: int) -> Playlist:
    entries = app.playlists.entries_of([ids[number - 1] for number in numbers])
    return app.playlists.create("Road", entries)


def _wait_shown(page: PlaylistsPage, qtbot: QtBot, *numbers: int) -> None:
    wanted = [f"Song {number}" for number in numbers]
    qtbot.waitUntil(lambda: _shown(page) == wanted, timeout=_PATIENCE_MS)


def test_without_playlists_it_says_how_to_make_one(page: PlaylistsPage) -> None:
    assert page.empty.isVisible()
    assert page.first_focus() is page.empty.button
    assert not page.selected_songs()


def test_songs_stand_in_their_own_order_as_often_as_they_are_in_it(
    page: PlaylistsPage,
    app: Application,
    ids: list[TrackId],
    qtbot: QtBot,
    qtmodeltester: ModelTester,
) -> None:
    _road(app, ids, 3, 1, 3)
    _wait_shown(page, qtbot, 3, 1, 3)
    assert page.detail.facts.whole.startswith("3 songs")
    assert page.list.item(0).text() == "Road  ·  3"
    qtmodeltester.check(page.table.songs)


def test_songs_are_moved_and_removed_by_keys_and_undone(
    page: PlaylistsPage, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    _road(app, ids, 1, 2, 1)
    _wait_shown(page, qtbot, 1, 2, 1)
    select(page.table, page.table.songs, [2])
    qtbot.keyClick(page.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    _wait_shown(page, qtbot, 1, 1, 2)
    chosen = page.table.selected_entries()
    assert len(chosen) == 1  # its twin, the same song, is not selected with it
    qtbot.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    _wait_shown(page, qtbot, 1, 2, 1)
    assert page.table.selected_entries() == chosen
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    _wait_shown(page, qtbot, 1, 2)
    for wanted in ((1, 2, 1), (1, 1, 2), (1, 2, 1)):
        app.undo.undo()
        _wait_shown(page, qtbot, *wanted)


def test_a_missing_song_is_shown_and_not_played(
    page: PlaylistsPage, app: Application, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "list.m3u"
    file.write_text(
        f"#EXTINF:5,Nobody - Lost\nlost.mp3\n{tmp_path / 'music' / '2.flac'}\n", encoding="utf-8"
    )
    page.import_files([file])
    qtbot.waitUntil(lambda: _shown(page) == ["Lost", "Song 2"], timeout=_PATIENCE_MS)
    assert page.detail.facts.whole.endswith("1 missing")
    assert not page.table.songs.track(0).available
    assert len(page.table.visible_ids()) == 1
    page.table.play_from(0)
    assert len(app.playback.queue_snapshot().entries) == 1


def test_songs_that_are_dropped_are_added(
    page: PlaylistsPage, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    road = _road(app, ids, 1)
    _wait_shown(page, qtbot, 1)
    page.table.songs_dropped.emit([ids[1]], 0)
    _wait_shown(page, qtbot, 2, 1)
    page.list.songs_dropped.emit(road.id, [ids[2]])
    _wait_shown(page, qtbot, 2, 1, 3)


def test_playlists_are_duplicated_moved_exported_and_deleted(
    page: PlaylistsPage, app: Application, ids: list[TrackId], tmp_path: Path, qtbot: QtBot
) -> None:
    road = _road(app, ids, 1)
    _wait_shown(page, qtbot, 1)
    page.duplicate()
    page.step(-1)
    assert [known.name for known in in_order(app.playlists.all())] == ["Road 2", "Road"]
    page.export_to(road.id, tmp_path / "road.m3u8")
    qtbot.waitUntil((tmp_path / "road.m3u8").is_file, timeout=_PATIENCE_MS)
    page.delete()
    page.refresh()
    assert [known.name for known in in_order(app.playlists.all())] == ["Road"]
    assert page.list.count() == 1


def test_another_playlist_shows_its_own_songs(
    page: PlaylistsPage, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    _road(app, ids, 1, 2)
    app.playlists.create("Empty")
    _wait_shown(page, qtbot, 1, 2)
    page.list.setCurrentRow(1)
    assert page.detail.no_songs.isVisible()
    page.list.setCurrentRow(0)
    _wait_shown(page, qtbot, 1, 2)
    assert page.table.isVisible()


def test_songs_are_put_into_a_playlist_by_the_first_letters_of_its_name(
    page: PlaylistsPage, app: Application, bridge: Bridge, ids: list[TrackId], qtbot: QtBot
) -> None:
    road = _road(app, ids, 1)
    app.playlists.create("Sea")
    adder = PlaylistAdder(app, bridge)
    dialog = adder.choose(ids[1:3], page)
    qtbot.keyClicks(dialog.field, "roa")
    assert dialog.list.item(0).text() == "Road"
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(app.playlists.all()[road.id].entries) == 3, timeout=_PATIENCE_MS)
    dialog = adder.choose(ids[:1], page)
    qtbot.keyClicks(dialog.field, "Trip")
    assert dialog.list.item(0).text() == "New playlist “Trip”"
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: "Trip" in {known.name for known in app.playlists.all().values()},
        timeout=_PATIENCE_MS,
    )


def test_dropped_files_become_playlists_and_what_cannot_be_read_is_told(
    page: PlaylistsPage, app: Application, bridge: Bridge, tmp_path: Path, qtbot: QtBot
) -> None:
    good, broken = tmp_path / "good.m3u8", tmp_path / "broken.xspf"
    good.write_text("lost.mp3\n", encoding="utf-8")
    broken.write_text("<playlist", encoding="utf-8")
    adder = PlaylistAdder(app, bridge)
    with qtbot.waitSignal(bridge.failed, timeout=_PATIENCE_MS) as failed:
        adder.import_files([good, broken])
    assert str(broken) in failed.args[0]
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=_PATIENCE_MS)
    assert page.list.item(0).text() == "good  ·  1"
