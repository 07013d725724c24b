import os
import time
from dataclasses import replace
from pathlib import Path

from mecomp_desktop.domain.changes import FileStamp
from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.part import Part
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from tests.support.library import facts

_FULL = Tags(
    "Tïtle",
    ("A", "Ж"),
    "Album",
    "AA",
    3,
    1,
    1999,
    ("Rock", "Jazz"),
    "ts",
    "as",
    "als",
    "aas",
    12.5,
)


def _stored(database: Database, *names: str) -> tuple[Tracks, RootId]:
    root = Roots(database).add(Path("/music"))
    tracks = Tracks(database)
    tracks.upsert_many(facts(f"/music/{name}", root) for name in names)
    return tracks, root


def test_a_track_comes_back_as_it_was(database: Database) -> None:
    tracks, root = _stored(database)
    before_s = time.time()
    tracks.upsert_many([facts("/music/a b/ü.flac", root, "x", _FULL)])
    (track,) = tracks.all()
    assert (track.audio_id, track.path, track.root_id) == ("x", Path("/music/a b/ü.flac"), root)
    assert track.tags == _FULL
    assert track.available
    assert before_s <= track.added_at_s <= time.time()
    assert tracks.by_id(track.id) == track
    assert tracks.at_path(track.path) == [track]
    assert tracks.by_audio_id(AudioId("x")) == [track]


def test_a_name_that_is_not_utf8_comes_back(database: Database) -> None:
    tracks, root = _stored(database)
    path = os.fsdecode(b"/music/\xff\xfe caf\xe9.mp3")
    tracks.upsert_many([facts(path, root, "x", Tags("x"))])
    assert os.fsencode(tracks.all()[0].path) == b"/music/\xff\xfe caf\xe9.mp3"
    assert len(tracks.at_path(Path(path))) == 1


def test_renewing_a_row_keeps_id_and_date(database: Database) -> None:
    tracks, root = _stored(database, "a")
    before = tracks.all()[0]
    tracks.upsert_many([facts("/music/a", root, "other", _FULL, size_bytes=9)])
    (after,) = tracks.all()
    assert (after.id, after.added_at_s) == (before.id, before.added_at_s)
    assert (after.audio_id, after.tags) == ("other", _FULL)
    assert tracks.known()["/music/a"].stamp == FileStamp(9, 1)


def test_missing_is_listed_and_gone_is_not(database: Database) -> None:
    tracks, _ = _stored(database, "a", "b", "c")
    a, b, c = tracks.all()
    tracks.mark_missing([a.id])
    tracks.mark_gone([b.id])
    assert [(track.id, track.available) for track in tracks.all()] == [(a.id, False), (c.id, True)]
    assert tracks.by_id(b.id) is None
    assert tracks.at_path(b.path) == []
    assert tracks.known()["/music/b"].gone
    tracks.mark_available([a.id, b.id])
    assert [track.available for track in tracks.all()] == [True] * 3


def test_gone_rows_are_forgotten_after_their_time(database: Database) -> None:
    tracks, _ = _stored(database, "a", "b")
    tracks.mark_gone([tracks.all()[0].id])
    assert tracks.forget_gone(time.time() - 60) == 0
    assert tracks.forget_gone(time.time() + 60) == 1
    assert set(tracks.known()) == {"/music/b"}


def test_a_move_keeps_the_track(database: Database) -> None:
    tracks, root = _stored(database, "a")
    before = tracks.all()[0]
    tracks.mark_gone([before.id])
    tracks.move(before.id, facts("/music/new", root, "audio of /music/a"))
    (after,) = tracks.all()
    assert (after.id, after.path, after.available) == (before.id, Path("/music/new"), True)


def test_two_tracks_change_places(database: Database) -> None:
    tracks, root = _stored(database, "a", "b")
    a, b = tracks.all()
    tracks.move(b.id, facts("/music/a", root, b.audio_id))
    assert [track.id for track in tracks.all()] == [b.id]
    tracks.move(a.id, facts("/music/b", root, a.audio_id))
    places = {track.id: (track.path, track.audio_id) for track in tracks.all()}
    assert places == {
        a.id: (Path("/music/b"), a.audio_id),
        b.id: (Path("/music/a"), b.audio_id),
    }


def test_removing_a_root_removes_its_tracks_alone(database: Database) -> None:
    tracks, root = _stored(database, "a")
    second_root = Roots(database).add(Path("/more"))
    tracks.upsert_many([facts("/more/b", second_root)])
    Roots(database).remove(root)
    assert [track.path for track in tracks.all()] == [Path("/more/b")]


def test_files_of_a_removed_root_are_not_added(database: Database) -> None:
    tracks, root = _stored(database)
    Roots(database).remove(root)
    tracks.upsert_many([facts("/music/late", root)])
    assert tracks.all() == []


def test_equal_audio_in_two_files_is_two_tracks(database: Database) -> None:
    tracks, root = _stored(database)
    tracks.upsert_many([facts("/music/a", root, "same"), facts("/music/b", root, "same")])
    first, second = tracks.by_audio_id(AudioId("same"))
    tracks.mark_missing([first.id])
    assert [track.id for track in tracks.by_audio_id(AudioId("same"))] == [second.id, first.id]


def test_remove_deletes_for_good(database: Database) -> None:
    tracks, _ = _stored(database, "a", "b")
    tracks.remove([TrackId(1)])
    assert set(tracks.known()) == {"/music/b"}


def test_parts_of_one_file_are_tracks_of_their_own(database: Database) -> None:
    tracks, root = _stored(database)
    whole = facts("/music/disc.flac", root, "whole", Tags("Disc"))
    parts = [Part(0.0, 10 / 75), Part(10 / 75, None)]
    tracks.upsert_many(
        replace(whole, audio_id=AudioId(f"part {part.start_s}"), part=part, sheets=7)
        for part in reversed(parts)
    )
    stored = tracks.at_path(Path("/music/disc.flac"))
    assert [track.part for track in stored] == parts
    known = tracks.known()
    assert [file.part for file in known.values()] == [parts[1], parts[0]]
    assert {file.sheets for file in known.values()} == {7}
    assert len({*known}) == 2
    # The same start is the same row, wherever it ends.
    tracks.upsert_many([replace(whole, part=Part(0.0, 9.0))])
    assert tracks.at_path(Path("/music/disc.flac"))[0].id == stored[0].id
    # The file as one song has a row of its own.
    tracks.upsert_many([whole])
    assert len(tracks.at_path(Path("/music/disc.flac"))) == 3


def test_a_part_moves_to_the_place_of_a_part(database: Database) -> None:
    tracks, root = _stored(database)
    part = Part(1.0, None)
    tracks.upsert_many(
        [
            replace(facts("/music/a", root, "a"), part=part),
            replace(facts("/music/b", root, "b"), part=part),
            facts("/music/b", root, "whole"),
        ]
    )
    a, b, whole = tracks.all()
    tracks.move(a.id, replace(facts("/music/b", root, "a"), part=part))
    assert {track.id: track.path for track in tracks.all()} == {
        a.id: Path("/music/b"),
        whole.id: Path("/music/b"),
    }
    assert tracks.known()[f"displaced/{b.id}\x001.000000"].gone
