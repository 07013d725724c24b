import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import RootId
from mecomp_desktop.errors import Reason, UserError
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.library.thumbnails import thumbnail
from mecomp_desktop.library.waveforms import BUCKETS, Waveforms
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.failures import Failure, Failures
from mecomp_desktop.store.first_read import FirstRead
from tests.support.audio_files import make_audio, make_bad_files
from tests.support.pictures import make_jpeg
from tests.support.players import wait_for

JPEG = make_jpeg()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    for number in range(5):
        make_audio(
            folder / f"{number}.flac",
            1.0,
            seed=number,
            sample_rate_hz=8000,
            tags={"title": f"Song {number}"},
            cover=JPEG if number == 0 else None,
        )
    return folder


@pytest.fixture
def library(paths: Paths) -> Iterator[LibraryService]:
    database = Database(paths.database)
    made = LibraryService(database, Waveforms(paths.cache / "waveforms"))
    made.load()
    yield made
    made.close()
    database.close()


def titles(library: LibraryService) -> list[str]:
    return sorted(track.title for track in library.catalog().tracks)


def settled(library: LibraryService) -> None:
    wait_for(lambda: library.settle(30) and not library.scan_status().running, "for the scan")


def test_starts_empty_and_says_when_it_is_loaded(paths: Paths) -> None:
    database = Database(paths.database)
    library = LibraryService(database, Waveforms(paths.cache))
    loaded = threading.Event()
    library.loaded.connect(loaded.set)
    library.load()
    assert loaded.wait(10)
    assert len(library.catalog()) == 0
    assert library.roots() == []
    library.close()
    database.close()


def test_a_folder_is_scanned_and_seen(library: LibraryService, music: Path) -> None:
    counts: list[int] = []
    library.changed.connect(lambda: counts.append(len(library.catalog())))
    library.add_root(music)
    assert library.scan_status().running
    settled(library)
    assert titles(library) == [f"Song {number}" for number in range(5)]
    assert counts[-1] == 5
    [root] = library.roots()
    assert (root.path, root.available, root.track_count) == (music, True, 5)
    assert library.scan_status().found == 5


def test_what_is_no_folder_is_refused(library: LibraryService, music: Path) -> None:
    for path in (music / "0.flac", music / "nowhere"):
        with pytest.raises(UserError, match=path.name):
            library.add_root(path)
    settled(library)
    assert library.roots() == []


def test_rescan_finds_what_changed(library: LibraryService, music: Path) -> None:
    library.add_root(music)
    settled(library)
    make_audio(music / "new.flac", 1.0, seed=9, sample_rate_hz=8000, tags={"title": "New"})
    (music / "1.flac").unlink()
    library.rescan()
    settled(library)
    assert titles(library) == ["New", "Song 0", "Song 2", "Song 3", "Song 4"]


def test_a_folder_that_is_away_keeps_its_songs(library: LibraryService, music: Path) -> None:
    messages: list[str] = []
    library.notice.connect(messages.append)
    library.add_root(music)
    settled(library)
    away = music.rename(music.with_name("away"))
    library.rescan()
    settled(library)
    assert len(library.catalog()) == 5
    assert not any(track.available for track in library.catalog().tracks)
    assert not library.roots()[0].available
    assert messages == [f"The folder {music} is not there; its songs are kept."]
    away.rename(music)
    library.rescan()
    settled(library)
    assert all(track.available for track in library.catalog().tracks)


def test_removing_a_folder_forgets_its_songs(
    library: LibraryService, music: Path, tmp_path: Path
) -> None:
    second_folder = tmp_path / "other"
    make_audio(
        second_folder / "kept.flac", 1.0, seed=8, sample_rate_hz=8000, tags={"title": "Kept"}
    )
    root_id = library.add_root(music)
    library.add_root(second_folder)
    settled(library)
    library.remove_root(root_id)
    assert root_id not in [root.id for root in library.roots()]
    settled(library)
    assert titles(library) == ["Kept"]
    assert (music / "0.flac").exists()


def test_removing_a_folder_while_it_is_scanned(library: LibraryService, tmp_path: Path) -> None:
    folder = tmp_path / "big"
    source = make_audio(tmp_path / "one.flac", 1.0, sample_rate_hz=8000)
    folder.mkdir()
    for number in range(400):
        shutil.copy(source, folder / f"{number}.flac")
    root_id = library.add_root(folder)
    wait_for(lambda: library.scan_status().running)
    library.remove_root(root_id)
    settled(library)
    assert len(library.catalog()) == 0
    assert library.roots() == []


def test_a_folder_added_again_before_its_removal_stays(
    library: LibraryService, music: Path
) -> None:
    root_id = library.add_root(music)
    settled(library)
    go_on = threading.Event()
    library._worker.post(go_on.wait)  # as if another scan held the thread
    library.remove_root(root_id)
    assert library.roots() == []
    assert library.add_root(music) == root_id
    go_on.set()
    settled(library)
    assert [root.path for root in library.roots()] == [music]
    assert len(titles(library)) == 5


def test_a_scan_that_finds_nothing_new_keeps_the_catalog(
    library: LibraryService, music: Path
) -> None:
    library.add_root(music)
    settled(library)
    before = library.catalog()
    library.rescan()
    settled(library)
    assert library.catalog() is before
    (music / "1.flac").unlink()
    library.rescan()
    settled(library)
    assert len(library.catalog()) == 4


def test_what_was_read_ahead_is_taken(paths: Paths, library: LibraryService, music: Path) -> None:
    library.add_root(music)
    settled(library)
    database = Database(paths.database)
    again = LibraryService(database, Waveforms(paths.cache))
    first_read = FirstRead(paths.database)
    again.expect(first_read)
    assert not again.has_loaded
    again.load()
    assert again.settle(10)
    assert again.has_loaded
    assert titles(again) == titles(library)
    assert first_read.take() is None
    again.close()
    database.close()


def test_unknown_folders_are_no_error(library: LibraryService) -> None:
    library.remove_root(RootId(77))
    settled(library)


def test_failures_are_listed_and_retried(library: LibraryService, music: Path) -> None:
    bad = make_bad_files(music / "bad")["random bytes"]
    shutil.rmtree(music / "bad")
    bad.parent.mkdir()
    bad.write_bytes(os.urandom(5000))
    changes: list[int] = []
    library.failures_changed.connect(lambda: changes.append(len(library.failures())))
    library.add_root(music)
    settled(library)
    [failure] = library.failures()
    assert failure.path == bad
    assert changes[-1] == 1
    library.retry([bad])
    settled(library)
    assert [failure.path for failure in library.failures()] == [bad]
    good = make_audio(music / "good.ogg", 1.0, kind="vorbis")
    good.replace(bad)
    library.retry([bad])
    settled(library)
    assert library.failures() == []
    assert len(library.catalog()) == 6


def test_a_selection_is_read_again(library: LibraryService, music: Path, paths: Paths) -> None:
    library.add_root(music)
    settled(library)
    database = Database(paths.database)
    with database.write() as connection:
        connection.execute("UPDATE tracks SET title = 'wrong'")
    database.close()
    library.refresh()
    first = library.catalog().tracks[0]
    library.read_again([first.id])
    settled(library)
    assert titles(library).count("wrong") == 4
    library.read_again_below([music])
    settled(library)
    assert titles(library) == [f"Song {number}" for number in range(5)]


def test_changes_on_disk_are_noticed(library: LibraryService, music: Path) -> None:
    library.add_root(music)
    settled(library)
    library.watch(True)
    assert library.settle(10)
    time.sleep(0.3)  # the system's watch needs a moment before it sees anything
    make_audio(music / "new.flac", 1.0, seed=9, sample_rate_hz=8000, tags={"title": "New"})
    wait_for(lambda: "New" in titles(library), "for the watcher")
    library.watch(False)
    assert library.settle(10)


def test_tracks_are_found_by_id_even_before_loading(paths: Paths, music: Path) -> None:
    database = Database(paths.database)
    library = LibraryService(database, Waveforms(paths.cache))
    library.load()
    library.add_root(music)
    settled(library)
    track = library.catalog().tracks[0]
    library.close()
    again = LibraryService(database, Waveforms(paths.cache))
    assert again.track(track.id) == track
    assert len(again.catalog()) == 0
    again.close()
    database.close()


def test_covers_and_shapes(library: LibraryService, music: Path, paths: Paths) -> None:
    library.add_root(music)
    settled(library)
    first, second = library.catalog().tracks[:2]
    assert library.cover(first.id) == thumbnail(JPEG, 1_000)
    assert library.cover(first.id, 16) == thumbnail(JPEG, 16)
    assert library.cover(second.id) is None
    shape = library.peaks(first.id)
    assert shape is not None
    assert len(shape) == BUCKETS
    assert max(shape) > 0
    (music / "0.flac").write_bytes(b"")  # from now on it comes from the cache alone
    assert library.peaks(first.id) == shape
    shutil.rmtree(paths.cache / "waveforms")
    assert library.peaks(first.id) is None


def test_a_renamed_folder_takes_the_place_of_the_old(
    library: LibraryService, music: Path, tmp_path: Path
) -> None:
    library.add_root(music)
    settled(library)
    ids = set(library.track_ids())
    renamed = music.rename(tmp_path / "renamed")
    library.add_root(renamed)
    settled(library)
    assert [root.path for root in library.roots()] == [renamed]
    assert set(library.track_ids()) == ids


def test_a_length_that_was_decoded_replaces_the_claim(
    library: LibraryService, music: Path, tmp_path: Path
) -> None:
    library.add_root(music)
    settled(library)
    counts: list[int] = []
    library.failures_changed.connect(lambda: counts.append(len(library.ending_early())))
    first = library.catalog().tracks[0]
    library.learn_length(first.id, 123.0, True)
    wait_for(lambda: library.catalog().track(first.id).duration_s == 123.0, "for the length")
    assert [file.path for file in library.ending_early()] == [first.path]
    assert counts[:1] == [1]
    # The waveform is made of all of it, and tells the truth.
    assert library.peaks(first.id) is not None
    wait_for(lambda: library.catalog().track(first.id).duration_s < 2.0, "for the length")
    wait_for(lambda: library.ending_early() == [])
    (visitor,) = library.visit([make_audio(tmp_path / "outside.wav", 1.0)])
    library.learn_length(visitor, 7.0, True)
    track = library.track(visitor)
    assert track is not None
    assert (track.duration_s, track.tags.ends_early) == (7.0, True)


def test_files_from_outside_can_visit(library: LibraryService, music: Path, tmp_path: Path) -> None:
    library.add_root(music)
    settled(library)
    messages: list[str] = []
    library.notice.connect(messages.append)
    outside = make_audio(tmp_path / "outside.wav", 1.0)
    (tmp_path / "letter.mp3").write_text("Dear Sir,")
    paths = [outside, music / "2.flac", tmp_path / "letter.mp3", tmp_path / "none.mp3"]
    found = library.visit(paths)
    assert len(found) == 2
    visitor, listed = (library.track(track_id) for track_id in found)
    assert visitor is not None
    assert listed is not None
    assert (visitor.title, visitor.available, visitor.id < 0) == ("outside", True, True)
    assert listed in library.catalog().tracks
    assert library.visit([outside]) == found[:1]
    assert found[0] not in library.track_ids()
    assert len(messages) == 2


def test_closing_during_a_scan_is_quick(paths: Paths, tmp_path: Path) -> None:
    folder = tmp_path / "big"
    source = make_audio(tmp_path / "one.flac", 1.0, sample_rate_hz=8000)
    folder.mkdir()
    for number in range(500):
        shutil.copy(source, folder / f"{number}.flac")
    database = Database(paths.database)
    library = LibraryService(database, Waveforms(paths.cache))
    library.load()
    library.add_root(folder)
    wait_for(lambda: library.scan_status().seen > 0)
    began = time.monotonic()
    library.close()
    library.close()
    assert time.monotonic() - began < 3
    library.rescan()  # too late, and no error
    database.close()


def test_a_file_that_killed_a_worker_is_objected_to(
    library: LibraryService, paths: Paths, music: Path
) -> None:
    library.add_root(music)
    settled(library)
    first, second = list(library.catalog().tracks)[:2]
    with closing(Database(paths.database)) as database:
        failures = Failures(database)
        failures.record(Failure(first.path, "analysis", Reason.CRASHED, "", 1, 1, 0.0))
        failures.record(Failure(second.path, "analysis", Reason.CUT_OFF, "", 1, 1, 0.0))
    library.refresh_failures()
    assert library.objection(first) == Reason.CRASHED
    assert library.objection(second) is None


def test_a_folder_inside_a_folder_of_music_is_no_second_one(
    library: LibraryService, music: Path
) -> None:
    (music / "in").mkdir()
    messages: list[str] = []
    library.notice.connect(messages.append)
    root_id = library.add_root(music)
    assert library.add_root(music / "in") == root_id
    assert library.settle(60)
    assert [root.id for root in library.roots()] == [root_id]
    assert messages == [f"{music / 'in'} is a part of {music} already."]


def test_a_folder_by_another_name_doubles_no_song(
    library: LibraryService, music: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(music)
    library.add_root(music)
    library.add_root(tmp_path / "link")
    library.add_root(music / ".." / music.name)
    assert library.settle(60)
    paths = [track.path for track in library.catalog().tracks]
    assert len(paths) == len({path.resolve() for path in paths}) > 0
    linked = library.visit([tmp_path / "link" / paths[0].name])
    assert linked == [library.catalog().tracks[0].id]


def _disc(folder: Path) -> Path:
    path = make_audio(folder / "disc.flac", 8.0, sample_rate_hz=8000)
    _sheet(path, "00:05:00")
    return path


def _sheet(path: Path, second: str) -> Path:
    where = path.with_suffix(".cue")
    where.write_text(
        'TITLE "Album"\nFILE "disc.wav" WAVE\nTRACK 01 AUDIO\nTITLE "First"\nINDEX 01 00:00:00\n'
        f'TRACK 02 AUDIO\nTITLE "Second"\nINDEX 01 {second}\n'
    )
    return where


def test_a_file_that_is_opened_is_all_of_its_songs(library: LibraryService, tmp_path: Path) -> None:
    outside = _disc(tmp_path / "outside")
    found = [library.track(track_id) for track_id in library.visit([outside])]
    assert [track and (track.title, track.start_s, track.end_s) for track in found] == [
        ("First", 0.0, 5.0),
        ("Second", 5.0, None),
    ]
    assert library.visit([outside]) == [track.id for track in found if track is not None]
    inside = _disc(tmp_path / "music")
    library.add_root(tmp_path / "music")
    settled(library)
    listed = [library.track(track_id) for track_id in library.visit([inside])]
    assert [track and track.title for track in listed] == ["First", "Second"]
    assert all(track in library.catalog().tracks for track in listed)


def test_the_shape_of_a_part_is_of_the_part(library: LibraryService, tmp_path: Path) -> None:
    inside = _disc(tmp_path / "music")
    library.add_root(tmp_path / "music")
    settled(library)
    first, second = library.visit([inside])
    shapes = [library.peaks(first), library.peaks(second)]
    assert all(shape is not None and len(shape) == BUCKETS for shape in shapes)
    assert shapes[0] != shapes[1]


def test_a_broken_sheet_can_be_tried_again(library: LibraryService, tmp_path: Path) -> None:
    where = _sheet(_disc(tmp_path / "music"), "00:09:00")
    library.add_root(tmp_path / "music")
    settled(library)
    (failure,) = library.failures()
    assert (failure.path, failure.reason) == (where, Reason.BAD_SHEET)
    library.retry([where])
    settled(library)
    assert [failure.path for failure in library.failures()] == [where]
    _sheet(tmp_path / "music" / "disc.flac", "00:04:00")
    library.retry([where])
    settled(library)
    assert library.failures() == []
    assert titles(library) == ["First", "Second"]
