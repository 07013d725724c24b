from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId, PlaylistId
from mecomp_desktop.domain.playlist import Playlists
from mecomp_desktop.paths import Paths
from mecomp_desktop.store import salvage
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.playlists import PlaylistStore, StoredPlaylists
from mecomp_desktop.store.recordings import Recordings
from tests.support.playlists import entry, folder, playlist


@pytest.fixture
def store(database: Database) -> PlaylistStore:
    return PlaylistStore(database)


@pytest.fixture
def other_process(paths: Paths) -> Iterator[PlaylistStore]:
    """A second connection, as another process has it."""
    opened = Database(paths.database)
    yield PlaylistStore(opened)
    opened.close()


def _put(store: PlaylistStore, seen: StoredPlaylists, *added: object) -> StoredPlaylists:
    def edit(now: Playlists) -> Playlists:
        return {**now, **{known.id: known for known in added}}  # type: ignore[attr-defined]

    return store.change(seen, edit)


def test_what_is_stored_comes_back(store: PlaylistStore) -> None:
    odd = replace(entry(5), path="/music/caf\udce9.mp3", audio_id=AudioId(""), title="café 🎷")
    wanted = replace(playlist(2, 1, 2, 1, parent=1), entries=(entry(1), entry(2), odd))
    stored = _put(store, store.all(), folder(1), wanted)
    assert stored == store.all()
    assert store.all().playlists == {PlaylistId(1): folder(1), PlaylistId(2): wanted}


def test_the_revision_tells_of_changes(store: PlaylistStore) -> None:
    assert store.revision() == 0
    stored = _put(store, store.all(), playlist(1))
    assert store.revision() == stored.revision == 1


def test_only_other_places_are_written(store: PlaylistStore, database: Database) -> None:
    stored = _put(store, store.all(), playlist(1, 1, 2, 3))
    before = database.read().total_changes
    stored = _put(store, stored, playlist(1, 1, 2, 3, 4))
    # The playlist, its new place, and the count of changes.
    assert database.read().total_changes - before == 3
    stored = _put(store, stored, playlist(1, 2))
    assert store.all().playlists[PlaylistId(1)].entries == (entry(2),)


def test_deleting_a_playlist_takes_its_entries_along(
    store: PlaylistStore, database: Database
) -> None:
    stored = _put(store, store.all(), playlist(1, 1, 2), playlist(2, 3))
    store.change(stored, lambda now: {PlaylistId(2): now[PlaylistId(2)]})
    (left,) = database.read().execute("SELECT COUNT(*) FROM playlist_entries").fetchone()
    assert left == 1


def test_what_another_process_wrote_is_read_before_it_is_changed(
    store: PlaylistStore, other_process: PlaylistStore
) -> None:
    seen = _put(store, store.all(), playlist(1, 1))
    _put(other_process, other_process.all(), playlist(2, 2))
    stored = _put(store, seen, playlist(3))
    assert set(stored.playlists) == {1, 2, 3}
    assert other_process.all() == stored


def test_what_a_newer_version_keeps_there_stays(store: PlaylistStore, database: Database) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO playlists VALUES (9, 'hologram', 'Odd', NULL, 0)")
    _put(store, store.all(), playlist(1))
    assert set(store.all().playlists) == {1}
    (there,) = database.read().execute("SELECT COUNT(*) FROM playlists").fetchone()
    assert there == 2


def test_a_new_way_to_tell_identities_is_followed(store: PlaylistStore, database: Database) -> None:
    stored = _put(store, store.all(), playlist(1, 1, 2))
    Recordings(database).rename_many([(AudioId("audio 1"), AudioId("anew"))])
    assert store.revision() > stored.revision
    entries = store.all().playlists[PlaylistId(1)].entries
    assert [kept.audio_id for kept in entries] == ["anew", "audio 2"]


def test_a_damaged_library_gives_its_playlists_back(paths: Paths, tmp_path: Path) -> None:
    with_playlists = Database(tmp_path / "damaged")
    _put(PlaylistStore(with_playlists), PlaylistStore(with_playlists).all(), playlist(1, 1, 2))
    with_playlists.close()
    target = Database(tmp_path / "target")
    target.close()
    salvage.carry_over(tmp_path / "damaged", tmp_path / "target")
    saved = Database(tmp_path / "target")
    assert PlaylistStore(saved).all().playlists == {PlaylistId(1): playlist(1, 1, 2)}
    saved.close()
