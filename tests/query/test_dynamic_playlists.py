from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mecomp_desktop.app import Application
from mecomp_desktop.domain.dynamic_playlist import DynamicPlaylist
from mecomp_desktop.domain.ids import DynamicPlaylistId
from mecomp_desktop.domain.rating import Subject
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import UserError
from mecomp_desktop.paths import Paths
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.found_songs import FoundSongs
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.dynamic_playlists import DynamicPlaylistStore
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from tests.support.libraries import fill, open_application
from tests.support.library import facts
from tests.support.players import wait_for

_YEARS = (1959, 1971, 1997, 2001)


@pytest.fixture
def app(paths: Paths, tmp_path: Path) -> Iterator[Application]:
    folder = tmp_path / "music"
    folder.mkdir()
    fill(paths, [Tags(f"Song {year}", year=year) for year in _YEARS], folder)
    with open_application(paths) as opened:
        opened.library.load()
        wait_for(lambda: opened.library.has_loaded)
        yield opened


@contextmanager
def _second(app: Application) -> Iterator[Database]:
    """Another program that has the library open."""
    database = Database(app.paths.database)
    try:
        yield database
    finally:
        database.close()


def _titles(app: Application, playlist_id: DynamicPlaylistId) -> list[str]:
    found = app.dynamic_playlists.songs(playlist_id)
    if found is None:
        return ["still looked for"]
    catalog = app.library.catalog()
    return [catalog.track(track_id).title for track_id in found.track_ids]


def test_it_has_the_songs_of_its_query_in_its_order(app: Application) -> None:
    made = app.dynamic_playlists.create(" Old ", "year < 2000 sort by year desc limit 2")
    assert (made.name, made.query, made.sort, made.limit) == ("Old", "year < 2000", "year desc", 2)
    wait_for(lambda: _titles(app, made.id) == ["Song 1997", "Song 1971"])


def test_a_like_a_play_and_a_scan_change_it(app: Application) -> None:
    service = app.dynamic_playlists
    liked, played = service.create("L", "liked = yes"), service.create("P", "plays > 0")
    new = service.create("N", "year > 2010")
    wait_for(lambda: service.songs(new.id) == FoundSongs())
    tracks = app.library.catalog().tracks
    app.ratings.like([Subject.song(tracks[1])])
    wait_for(lambda: _titles(app, liked.id) == ["Song 1971"])
    app.history.record(tracks[2].audio_id, 1.0, 200.0)
    wait_for(lambda: _titles(app, played.id) == ["Song 1997"])
    with _second(app) as second:
        root_id = Roots(second).all()[0].id
        Tracks(second).upsert_many([facts("/x/n", root_id, tags=Tags("New", year=2020))])
    app.library.refresh()
    wait_for(lambda: _titles(app, new.id) == ["New"])


def test_changes_can_be_undone_and_done_again(app: Application) -> None:
    service = app.dynamic_playlists
    made = service.create("A", "year = 1971")
    service.rename(made.id, "B")
    service.edit(made.id, "B", "year = 1997")
    wait_for(lambda: _titles(app, made.id) == ["Song 1997"])
    service.remove(made.id)
    assert service.all() == []
    sentences = [app.undo.undo() for _ in range(4)]
    assert sentences == [
        "Dynamic playlist “B” deleted",
        "Dynamic playlist “B” changed",
        "“A” renamed to “B”",
        "Dynamic playlist “A” created",
    ]
    assert service.all() == []
    app.undo.redo()
    assert [playlist.name for playlist in service.all()] == ["A"]
    wait_for(lambda: _titles(app, made.id) == ["Song 1971"])


def test_it_is_there_after_a_restart(app: Application) -> None:
    made = app.dynamic_playlists.create("Kept", 'title ~ "song" sort by year limit 1')
    app.dynamic_playlists.settle()
    with _second(app) as second:
        assert DynamicPlaylistStore(second).all() == [made]


def test_what_another_process_makes_is_seen(app: Application) -> None:
    made = DynamicPlaylist(DynamicPlaylistId(5), "Theirs", "year = 1959")
    with _second(app) as second:
        DynamicPlaylistStore(second).put(made)
    wait_for(lambda: app.dynamic_playlists.all() == [made])
    wait_for(lambda: _titles(app, made.id) == ["Song 1959"])


def test_what_cannot_be_answered_says_so(app: Application) -> None:
    service = app.dynamic_playlists
    with pytest.raises(QueryError):
        service.create("A", "year >")
    with pytest.raises(UserError, match="needs a name"):
        service.create("  ", "year > 1")
    made = service.create("Close", 'similar("Nobody") > 0.5')
    wait_for(lambda: service.songs(made.id) == FoundSongs(error="there is no song “Nobody”"))
    assert service.edit(made.id, "Close", made.text) is None
    assert service.remove(DynamicPlaylistId(77)) is None
