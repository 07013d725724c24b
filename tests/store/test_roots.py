from pathlib import Path

import pytest

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId, RootId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks


def test_roots_come_back_in_the_order_of_adding(database: Database) -> None:
    roots = Roots(database)
    ids = [roots.add(Path(path)) for path in ("/z", "/a")]
    assert [(root.id, root.path) for root in roots.all()] == [
        (ids[0], Path("/z")),
        (ids[1], Path("/a")),
    ]


def test_adding_twice_is_adding_once(database: Database) -> None:
    roots = Roots(database)
    assert roots.add(Path("/a")) == roots.add(Path("/a/"))
    assert len(roots.all()) == 1


def test_a_relative_path_becomes_absolute(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Roots(database).add(Path("music"))
    assert Roots(database).all()[0].path == tmp_path / "music"


def test_two_names_of_one_folder_are_one_root(database: Database, tmp_path: Path) -> None:
    (tmp_path / "music" / "in").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "music")
    roots = Roots(database)
    names = ("music", "link", "music/in/..", "link/../music/")
    assert len({roots.add(tmp_path / name) for name in names}) == 1
    assert [root.path for root in roots.all()] == [(tmp_path / "music").resolve()]


def test_a_root_that_was_stored_as_a_link_is_known_again(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "music")
    with database.write() as connection:
        connection.execute(
            "INSERT INTO roots (id, path, added_at_s) VALUES (7, ?, 0)", (bytes(tmp_path / "link"),)
        )
    assert Roots(database).add(tmp_path / "music") == 7


def test_remove(database: Database) -> None:
    roots = Roots(database)
    roots.remove(roots.add(Path("/a")))
    assert roots.all() == []


def add_track(database: Database, root_id: RootId, path: str) -> None:
    facts = FileFacts(Path(path), root_id, FileStamp(1, 1), AudioId(path), Tags(title=path))
    Tracks(database).upsert_many([facts])


def test_a_removed_folder_comes_back_with_its_tracks_and_their_ids(database: Database) -> None:
    roots, tracks = Roots(database), Tracks(database)
    root_id = roots.add(Path("/a"))
    for name in ("/a/1.mp3", "/a/2.mp3", "/a/3.mp3"):
        add_track(database, root_id, name)
    before = tracks.all()
    tracks.mark_gone([before[2].id])
    roots.remove(root_id)
    assert roots.all() == []
    assert tracks.all() == []
    assert tracks.known() == {}
    roots.restore(root_id)
    assert [root.id for root in roots.all()] == [root_id]
    # A file deleted before the folder was removed does not come back with it.
    assert tracks.all() == before[:2]


def test_adding_a_removed_folder_again_brings_its_tracks_back(database: Database) -> None:
    roots, tracks = Roots(database), Tracks(database)
    root_id = roots.add(Path("/a"))
    add_track(database, root_id, "/a/1.mp3")
    before = tracks.all()
    roots.remove(root_id)
    assert roots.add(Path("/a")) == root_id
    assert tracks.all() == before


def test_nothing_shows_a_track_of_a_removed_folder(database: Database) -> None:
    roots, tracks = Roots(database), Tracks(database)
    root_id = roots.add(Path("/a"))
    add_track(database, root_id, "/a/1.mp3")
    [track] = tracks.all()
    roots.remove(root_id)
    tracks.mark_available([track.id])
    add_track(database, root_id, "/a/2.mp3")
    assert tracks.all() == []


def test_a_file_of_a_removed_folder_is_taken_over_by_another_folder(database: Database) -> None:
    roots, tracks = Roots(database), Tracks(database)
    inner = roots.add(Path("/a/b"))
    add_track(database, inner, "/a/b/1.mp3")
    [before] = tracks.all()
    roots.remove(inner)
    outer = roots.add(Path("/a"))
    add_track(database, outer, "/a/b/1.mp3")
    [after] = tracks.all()
    assert (after.id, after.root_id) == (before.id, outer)


def test_a_removed_folder_is_forgotten_in_the_end(database: Database) -> None:
    roots, tracks = Roots(database), Tracks(database)
    root_id = roots.add(Path("/a"))
    add_track(database, root_id, "/a/1.mp3")
    roots.remove(root_id)
    tracks.forget_gone(before_s=0.0)
    assert database.read().execute("SELECT count(*) FROM roots").fetchone()[0] == 1
    tracks.forget_gone(before_s=1e12)
    for table in ("roots", "tracks"):
        assert database.read().execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
