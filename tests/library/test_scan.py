import os
import shutil
from pathlib import Path

import pytest

from mecomp_desktop.errors import Reason
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from tests.support.audio_files import make_audio, make_every_format, write_tags
from tests.support.music_folder import Library, counts
from tests.support.permissions import ordinary_permissions


def test_every_format_is_found(library: Library) -> None:
    made = make_every_format(library.root, 1.0)
    assert counts(library.scan()) == {"found": len(made)}
    tracks = library.tracks()
    assert set(tracks) == {path.name for path in made.values()}
    assert all(track.available and track.duration_s > 0.9 for track in tracks.values())
    assert len({track.audio_id for track in tracks.values()}) == len(made)


def test_a_second_look_finds_nothing(library: Library) -> None:
    library.songs(3)
    library.scan()
    before = library.tracks()
    result = library.scan()
    assert counts(result) == {}
    assert result.seen == 3
    assert not result.tracks_changed
    assert library.tracks() == before


def test_new_tags_keep_track_and_audio(library: Library) -> None:
    path = library.song("a.flac")
    library.scan()
    before = library.tracks()["a.flac"]
    write_tags(path, {"title": "New"})
    assert counts(library.scan()) == {"changed": 1}
    after = library.tracks()["a.flac"]
    assert after.title == "New"
    assert (after.id, after.audio_id) == (before.id, before.audio_id)


def test_other_audio_under_the_same_name_is_another_audio(library: Library) -> None:
    library.song("a.flac", seed=1)
    library.scan()
    before = library.tracks()["a.flac"]
    library.song("a.flac", seed=2)
    assert counts(library.scan()) == {"changed": 1}
    after = library.tracks()["a.flac"]
    assert after.id == before.id
    assert after.audio_id != before.audio_id


def test_a_moved_and_retagged_file_keeps_its_track(library: Library) -> None:
    path = library.song("a.flac")
    library.song("b.flac", seed=1)
    library.scan()
    before = library.tracks()["a.flac"]
    (library.root / "new").mkdir()
    path.rename(library.root / "new" / "z.flac")
    write_tags(library.root / "new" / "z.flac", {"title": "New"})
    assert counts(library.scan()) == {"moved": 1}
    after = library.tracks()["new/z.flac"]
    assert (after.id, after.audio_id, after.title) == (before.id, before.audio_id, "New")
    assert set(library.tracks()) == {"b.flac", "new/z.flac"}


def test_a_move_into_another_root_keeps_its_track(library: Library, tmp_path: Path) -> None:
    path = library.song("a.flac")
    library.song("b.flac", seed=1)
    library.scan()
    before = library.tracks()["a.flac"]
    (tmp_path / "more").mkdir()
    more = Roots(library.database).add(tmp_path / "more")
    path.rename(tmp_path / "more" / "a.flac")
    assert counts(library.scan()) == {"moved": 1}
    after = Tracks(library.database).by_id(before.id)
    assert after is not None
    assert (after.path, after.root_id) == (tmp_path / "more" / "a.flac", more)


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_files_that_change_places_keep_their_tracks(
    library: Library, names: tuple[str, str]
) -> None:
    first, second = (library.root / f"{name}.flac" for name in names)
    library.song(first.name, seed=1)
    library.song(second.name, seed=2)
    write_tags(first, {"title": "one"})
    write_tags(second, {"title": "a longer other"})
    library.scan()
    before = {track.audio_id: track.id for track in library.tracks().values()}
    first.rename(library.root / "x")
    second.rename(first)
    (library.root / "x").rename(second)
    assert counts(library.scan()) == {"moved": 2}
    assert {track.audio_id: track.id for track in library.tracks().values()} == before
    assert library.tracks()[first.name].title == "a longer other"


def test_a_copy_is_a_second_track_of_the_same_audio(library: Library) -> None:
    library.song("a.flac")
    library.scan()
    library.song("b.flac")
    assert counts(library.scan()) == {"found": 1}
    a, b = library.tracks()["a.flac"], library.tracks()["b.flac"]
    assert a.audio_id == b.audio_id
    assert a.id != b.id


def test_a_deleted_file_is_gone_and_comes_back_as_itself(library: Library) -> None:
    path = library.songs(3)[0]
    library.scan()
    before = library.tracks()["00.flac"]
    kept = path.rename(library.root.parent / "kept.flac")
    assert counts(library.scan()) == {"gone": 1}
    assert set(library.tracks()) == {"01.flac", "02.flac"}
    assert counts(library.scan()) == {}
    kept.rename(library.root / "under another name.flac")
    assert counts(library.scan()) == {"moved": 1}
    assert library.tracks()["under another name.flac"].id == before.id


def test_an_unplugged_root_deletes_nothing(library: Library) -> None:
    library.songs(3)
    library.scan()
    before = library.tracks()
    away = library.root.rename(library.root.parent / "away")
    result = library.scan()
    assert counts(result) == {"unavailable": 3}
    assert [root.path for root in result.missing_roots] == [library.root]
    assert {name: track.id for name, track in library.tracks().items()} == {
        name: track.id for name, track in before.items()
    }
    assert not any(track.available for track in library.tracks().values())
    assert counts(library.scan()) == {}
    away.rename(library.root)
    assert counts(library.scan()) == {"returned": 3}
    assert library.tracks() == before


def test_a_copy_does_not_take_the_track_of_an_unplugged_root(
    library: Library, tmp_path: Path
) -> None:
    library.song("a.flac")
    library.scan()
    before = library.tracks()["a.flac"]
    library.root.rename(tmp_path / "away")
    shutil.copytree(tmp_path / "away", tmp_path / "more")
    Roots(library.database).add(tmp_path / "more")
    assert counts(library.scan()) == {"found": 1, "unavailable": 1}
    kept = Tracks(library.database).by_id(before.id)
    assert kept is not None
    assert kept.path == before.path


def test_a_suddenly_empty_root_deletes_nothing(library: Library) -> None:
    for path in library.songs(3):
        path.rename(library.root.parent / path.name)
        library.song(path.name, seed=int(path.stem))
    library.scan()
    for path in library.root.iterdir():
        path.unlink()
    result = library.scan()
    assert counts(result) == {"unavailable": 3}
    assert [(refusal.path, refusal.tracks) for refusal in result.refused] == [(library.root, 3)]
    assert len(library.tracks()) == 3


def test_mass_removal_is_refused_until_allowed(library: Library) -> None:
    paths = library.songs(30)
    library.scan()
    for path in paths[:25]:
        path.unlink()
    result = library.scan()
    assert counts(result) == {"unavailable": 25}
    assert [refusal.tracks for refusal in result.refused] == [25]
    assert len(library.tracks()) == 30
    assert counts(library.scan(allow_removal=True)) == {"gone": 25}
    assert len(library.tracks()) == 5


def test_tidying_half_of_a_library_is_believed(library: Library) -> None:
    paths = library.songs(40)
    library.scan()
    for path in paths[:20]:
        path.unlink()
    assert counts(library.scan()) == {"gone": 20}


def test_a_folder_without_permission_keeps_its_tracks(library: Library) -> None:
    library.song("open/a.flac", seed=1)
    library.song("shut/b.flac", seed=2)
    library.scan()
    (library.root / "shut").chmod(0)
    try:
        with ordinary_permissions(), library.fresh_readers():
            assert counts(library.scan()) == {"unavailable": 1, "failed": 1}
            assert counts(library.scan()) == {}
    finally:
        (library.root / "shut").chmod(0o755)
    assert library.failures() == {"shut": Reason.NO_PERMISSION}
    assert counts(library.scan()) == {"returned": 1}
    assert library.failures() == {}


def test_names_that_are_not_utf8(library: Library) -> None:
    name = os.fsdecode(b"caf\xe9.flac")
    library.song(name)
    (library.root / os.fsdecode(b"bad \xff.mp3")).write_bytes(b"")
    assert counts(library.scan()) == {"found": 1, "failed": 1}
    assert library.tracks()[name].title == "caf\ufffd"
    assert counts(library.scan()) == {}


def test_only_some_roots(library: Library, tmp_path: Path) -> None:
    library.song("a.flac", seed=1)
    make_audio(tmp_path / "more" / "b.flac", 0.2)
    Roots(library.database).add(tmp_path / "more")
    assert counts(library.scan()) == {"found": 2}
    (tmp_path / "more" / "b.flac").unlink()
    first = Roots(library.database).all()[:1]
    assert counts(library.scanner().run(first)) == {}


def test_a_move_into_a_root_that_is_scanned_alone(library: Library, tmp_path: Path) -> None:
    path = library.song("a.flac")
    library.song("b.flac", seed=1)
    library.scan()
    before = library.tracks()["a.flac"]
    (tmp_path / "more").mkdir()
    Roots(library.database).add(tmp_path / "more")
    path.rename(tmp_path / "more" / "a.flac")
    new = Roots(library.database).all()[1:]
    assert counts(library.scanner().run(new)) == {"moved": 1}
    after = Tracks(library.database).by_id(before.id)
    assert after is not None
    assert after.path == tmp_path / "more" / "a.flac"


@pytest.mark.parametrize("new_name", ["z.flac", "A.flac"])
def test_a_new_file_under_the_name_of_a_moved_song_is_seen_at_once(
    library: Library, new_name: str
) -> None:
    path = library.song("a.flac", seed=1)
    library.scan()
    before = library.tracks()["a.flac"]
    path.rename(library.root / new_name)
    library.song("a.flac", seed=2)
    library.scan()
    tracks = library.tracks()
    assert set(tracks) == {"a.flac", new_name}
    assert tracks[new_name].id == before.id
    assert tracks["a.flac"].audio_id != before.audio_id
    assert counts(library.scan()) == {}


def test_a_renamed_root_that_is_added_again_doubles_nothing(
    library: Library, tmp_path: Path
) -> None:
    library.songs(3)
    library.scan()
    before = {track.id: track.audio_id for track in library.tracks().values()}
    library.root.rename(tmp_path / "renamed")
    Roots(library.database).add(tmp_path / "renamed")
    assert counts(library.scan()) == {"moved": 3}
    tracks = Tracks(library.database).all()
    assert {track.id: track.audio_id for track in tracks} == before
    assert all(track.path.parent == tmp_path / "renamed" and track.available for track in tracks)


def test_a_root_inside_a_root_keeps_its_songs_when_the_outer_is_scanned(
    library: Library,
) -> None:
    library.song("in/a.flac", seed=1)
    library.song("b.flac", seed=2)
    inner = Roots(library.database).add(library.root / "in")
    outer = [root for root in Roots(library.database).all() if root.id != inner]
    assert counts(library.scanner().run(outer)) == {"found": 1}
    assert counts(library.scan()) == {"found": 1}
    assert library.tracks()["in/a.flac"].root_id == inner
    assert counts(library.scan()) == {}


def test_what_was_left_out_is_reported(library: Library) -> None:
    library.song("a.flac", seed=1)
    library.song("#recycle/b.flac", seed=2)
    result = library.scan()
    assert counts(result) == {"found": 1}
    assert result.left_out == {str(library.root / "#recycle"): "a bin"}


def test_what_failed_in_an_inner_root_stays_named_when_the_outer_is_scanned(
    library: Library,
) -> None:
    library.song("b.flac", seed=2)
    (library.root / "in").mkdir()
    (library.root / "in" / "bad.flac").write_bytes(b"no music")
    inner = Roots(library.database).add(library.root / "in")
    library.scan()
    assert set(library.failures()) == {"bad.flac"}
    outer = [root for root in Roots(library.database).all() if root.id != inner]
    library.scanner().run(outer)
    assert set(library.failures()) == {"bad.flac"}
    (library.root / "in" / "bad.flac").unlink()
    library.scan()
    assert library.failures() == {}
