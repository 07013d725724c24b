"""The service over a real store and a real library; a second process is a second service."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.playlist import Playlist, PlaylistKind, in_order
from mecomp_desktop.paths import Paths
from mecomp_desktop.playlists.service import PlaylistService
from mecomp_desktop.playlists.songs import is_stand_in
from mecomp_desktop.store.database import Database
from tests.support.players import wait_for
from tests.support.ui import library_of, make_songs


@pytest.fixture(scope="module")
def made_songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_songs(tmp_path_factory.mktemp("songs"), 4, 1.0)


@pytest.fixture
def music(made_songs: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_songs, tmp_path / "music"))


@pytest.fixture
def app(paths: Paths, music: Path) -> Iterator[Application]:
    with library_of(paths, music, NullEngine()) as opened:
        assert opened.playlists.settle()
        yield opened


@pytest.fixture
def other_process(app: Application) -> Iterator[PlaylistService]:
    """What the command line has beside the window: its own connection and memory."""
    database = Database(app.paths.database)
    service = PlaylistService(database, app.library)
    assert service.settle()
    yield service
    service.close()
    database.close()


def _ids(app: Application) -> list[TrackId]:
    tracks = app.library.catalog().tracks
    return [track.id for track in sorted(tracks, key=lambda track: track.title)]


def _titles(app: Application, playlist: Playlist) -> list[str]:
    now = app.playlists.get(playlist.id)
    return [] if now is None else [entry.title for entry in now.entries]


def _with_songs(app: Application, *numbers: int) -> Playlist:
    ids = _ids(app)
    return app.playlists.create("Road", app.playlists.entries_of(ids[n - 1] for n in numbers))


def test_everything_that_is_done_can_be_undone_and_is_stored(app: Application) -> None:
    service, ids = app.playlists, _ids(app)
    road = _with_songs(app, 1, 2)
    service.add(road.id, [ids[2], ids[0]], 1)
    assert _titles(app, road) == ["Song 1", "Song 3", "Song 1", "Song 2"]
    entries = service.all()[road.id].entries
    service.move(road.id, [entries[0].id], 4)
    service.remove(road.id, [entries[1].id])
    assert _titles(app, road) == ["Song 1", "Song 2", "Song 1"]
    service.rename(road.id, "  Sea\n")
    copied = service.duplicate(road.id)
    folder = service.create("Trips", kind=PlaylistKind.FOLDER)
    service.arrange([road.id], folder.id, 0)
    service.delete([folder.id])
    assert copied is not None
    assert [known.name for known in in_order(service.all())] == ["Sea 2"]
    last = service.all()
    while app.undo.can_undo:
        app.undo.undo()
    assert service.all() == {}
    while app.undo.can_redo:
        app.undo.redo()
    assert service.all() == last
    app.undo.undo()
    assert [known.name for known in in_order(service.all())] == ["Sea 2", "Trips", "Sea"]
    assert service.settle()
    database = Database(app.paths.database)
    again = PlaylistService(database, app.library)
    assert again.settle()
    assert again.all() == service.all()
    again.close()
    database.close()


def test_what_changes_nothing_is_no_step(app: Application) -> None:
    road = _with_songs(app, 1)
    steps = app.undo.undo_sentence
    assert app.playlists.rename(road.id, "   ") is None
    assert app.playlists.rename(road.id, "Road") is None
    assert app.playlists.remove(road.id, []) is None
    assert app.playlists.add(road.id, []) is None
    assert app.undo.undo_sentence == steps == "“Road” created"


def test_sentences_say_what_was_done(app: Application) -> None:
    road = _with_songs(app, 1)
    app.playlists.add(road.id, _ids(app)[:2])
    assert app.undo.undo_sentence == "2 songs added to “Road”"
    app.playlists.remove(road.id, [app.playlists.all()[road.id].entries[0].id])
    assert app.undo.undo_sentence == "1 song removed from “Road”"


def test_a_folder_does_not_go_into_itself(app: Application) -> None:
    service = app.playlists
    outer = service.create("Outer", kind=PlaylistKind.FOLDER)
    inner = service.create("Inner", kind=PlaylistKind.FOLDER, parent_id=outer.id)
    assert service.arrange([outer.id], inner.id, 0) is None
    assert [known.name for known in in_order(service.all())] == ["Outer", "Inner"]


def test_two_processes_do_not_clash(app: Application, other_process: PlaylistService) -> None:
    road = _with_songs(app, 1)
    app.playlists.settle()
    wait_for(lambda: road.id in other_process.all())
    other_process.add(road.id, [_ids(app)[1]])
    app.playlists.add(road.id, [_ids(app)[2]])
    assert other_process.settle()
    assert app.playlists.settle()
    wait_for(lambda: sorted(_titles(app, road)) == ["Song 1", "Song 2", "Song 3"])
    wait_for(lambda: other_process.all() == app.playlists.all())
    app.undo.undo()  # takes out what was added here, and nothing else
    wait_for(lambda: sorted(_titles(app, road)) == ["Song 1", "Song 2"])


def test_songs_survive_a_move_and_come_back(app: Application, music: Path) -> None:
    road = _with_songs(app, 1, 2)
    away = music.parent / "away.flac"
    (music / "1.flac").rename(away)
    app.library.rescan()
    wait_for(lambda: len(app.library.catalog()) == 3)
    lost, kept = app.playlists.songs(app.playlists.all()[road.id].entries).catalog.tracks
    assert is_stand_in(lost.id)
    assert (lost.title, kept.title) == ("Song 1", "Song 2")
    (music / "deeper").mkdir()
    away.rename(music / "deeper" / "renamed.flac")
    app.library.rescan()
    wait_for(lambda: len(app.library.catalog()) == 4)
    found, _ = app.playlists.songs(app.playlists.all()[road.id].entries).catalog.tracks
    assert found.path == music / "deeper" / "renamed.flac"


def test_a_file_is_imported_and_what_is_missing_comes_by_itself(
    app: Application, music: Path, tmp_path: Path
) -> None:
    file = music / "list.m3u"
    file.write_text(
        "#EXTM3U\n#PLAYLIST:From afar\n1.flac\n#EXTINF:1,Artist 9 - Song 9\nD:\\x\\later.flac\n"
        f"{music}/2.flac\n",
        encoding="utf-8",
    )
    made = app.playlists.import_file(file)
    assert made.name == "From afar"
    assert _titles(app, made) == ["Song 1", "Song 9", "Song 2"]
    missing = app.playlists.all()[made.id].entries[1]
    assert (missing.audio_id, missing.path) == ("", "D:\\x\\later.flac")
    shutil.copytree(make_songs(tmp_path / "more", 9, 1.0), music / "more")
    app.library.rescan()
    wait_for(lambda: app.playlists.all()[made.id].entries[1].audio_id != "")
    found = app.playlists.all()[made.id].entries[1]
    assert found.path == str(music / "more" / "9.flac")
    assert found.id == missing.id
    assert app.undo.undo_sentence == "“From afar” created"


@pytest.mark.parametrize("name", ["out.m3u8", "out.xspf", "out.pls", "out.m3u"])
def test_export_and_import_give_the_same_songs(
    app: Application, music: Path, tmp_path: Path, name: str
) -> None:
    road = _with_songs(app, 3, 1, 3)
    for folder in (music, tmp_path / "elsewhere"):
        assert app.playlists.export(road.id, folder / name) == 3
        again = app.playlists.import_file(folder / name)
        assert _titles(app, again) == ["Song 3", "Song 1", "Song 3"]
        stored = [entry.audio_id for entry in app.playlists.all()[again.id].entries]
        assert stored == [entry.audio_id for entry in road.entries]
    assert "\n3.flac" in f"\n{(music / 'out.m3u8').read_text()}" if name == "out.m3u8" else True


@pytest.mark.logs_errors
def test_what_cannot_be_stored_is_not_shown(app: Application) -> None:
    road = _with_songs(app, 1)
    assert app.playlists.settle()
    with app.playlists._memory._store._database.write() as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE DELETE ON playlists BEGIN SELECT RAISE(FAIL, 'no'); END"
        )
    app.playlists.delete([road.id])
    assert app.playlists.settle()
    assert road.id in app.playlists.all()
