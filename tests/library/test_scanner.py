import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import Reason
from mecomp_desktop.library.scanner import Scanner, ScanProgress
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.failures import Failure, Failures
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from tests.support.audio_files import make_audio, make_bad_files, make_every_format, write_tags
from tests.support.permissions import ordinary_permissions


class Library:
    """A folder of music, its store and a scanner."""

    def __init__(self, root: Path, database: Database) -> None:
        self.root = root
        self.database = database
        root.mkdir(exist_ok=True)
        self.root_id = Roots(database).add(root)
        self._templates = root.parent / "templates"

    def song(self, name: str, seed: int = 0) -> Path:
        """Put a song into the folder; the same seed is the same audio."""
        template = self._templates / f"{seed}.flac"
        if not template.exists():
            make_audio(template, 0.2, seed=seed)
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(template, path)
        return path

    def songs(self, count: int, folder: str = ".") -> list[Path]:
        return [self.song(f"{folder}/{number:02}.flac", seed=number) for number in range(count)]

    def scan(self, **options: bool) -> ScanProgress:
        return Scanner(self.database).run(**options)  # type: ignore[arg-type]  # flags alone

    def tracks(self) -> dict[str, Track]:
        return {
            str(track.path.relative_to(self.root)): track for track in Tracks(self.database).all()
        }

    def failures(self) -> dict[str, Reason]:
        return {one.path.name: one.reason for one in Failures(self.database).all()}


@pytest.fixture
def library(tmp_path: Path, database: Database) -> Library:
    return Library(tmp_path / "music", database)


def _counts(progress: ScanProgress) -> dict[str, int]:
    names = ("found", "changed", "moved", "returned", "unavailable", "gone", "failed")
    return {name: count for name in names if (count := getattr(progress, name))}


def test_every_format_is_found(library: Library) -> None:
    made = make_every_format(library.root, 1.0)
    assert _counts(library.scan()) == {"found": len(made)}
    tracks = library.tracks()
    assert set(tracks) == {path.name for path in made.values()}
    assert all(track.available and track.duration_s > 0.9 for track in tracks.values())
    assert len({track.audio_id for track in tracks.values()}) == len(made)


def test_a_second_look_finds_nothing(library: Library) -> None:
    library.songs(3)
    library.scan()
    before = library.tracks()
    result = library.scan()
    assert _counts(result) == {}
    assert result.seen == 3
    assert not result.tracks_changed
    assert library.tracks() == before


def test_new_tags_keep_track_and_audio(library: Library) -> None:
    path = library.song("a.flac")
    library.scan()
    before = library.tracks()["a.flac"]
    write_tags(path, {"title": "New"})
    assert _counts(library.scan()) == {"changed": 1}
    after = library.tracks()["a.flac"]
    assert after.title == "New"
    assert (after.id, after.audio_id) == (before.id, before.audio_id)


def test_other_audio_under_the_same_name_is_another_audio(library: Library) -> None:
    library.song("a.flac", seed=1)
    library.scan()
    before = library.tracks()["a.flac"]
    library.song("a.flac", seed=2)
    assert _counts(library.scan()) == {"changed": 1}
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
    assert _counts(library.scan()) == {"moved": 1}
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
    assert _counts(library.scan()) == {"moved": 1}
    after = Tracks(library.database).by_id(before.id)
    assert after is not None
    assert (after.path, after.root_id) == (tmp_path / "more" / "a.flac", more)


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_files_that_change_places_keep_their_tracks(
    library: Library, names: tuple[str, str]
) -> None:
    one, other = (library.root / f"{name}.flac" for name in names)
    library.song(one.name, seed=1)
    library.song(other.name, seed=2)
    write_tags(one, {"title": "one"})
    write_tags(other, {"title": "a longer other"})
    library.scan()
    before = {track.audio_id: track.id for track in library.tracks().values()}
    one.rename(library.root / "x")
    other.rename(one)
    (library.root / "x").rename(other)
    assert _counts(library.scan()) == {"moved": 2}
    assert {track.audio_id: track.id for track in library.tracks().values()} == before
    assert library.tracks()[one.name].title == "a longer other"


def test_a_copy_is_a_second_track_of_the_same_audio(library: Library) -> None:
    library.song("a.flac")
    library.scan()
    library.song("b.flac")
    assert _counts(library.scan()) == {"found": 1}
    a, b = library.tracks()["a.flac"], library.tracks()["b.flac"]
    assert a.audio_id == b.audio_id
    assert a.id != b.id


def test_a_deleted_file_is_gone_and_comes_back_as_itself(library: Library) -> None:
    path = library.songs(3)[0]
    library.scan()
    before = library.tracks()["00.flac"]
    kept = path.rename(library.root.parent / "kept.flac")
    assert _counts(library.scan()) == {"gone": 1}
    assert set(library.tracks()) == {"01.flac", "02.flac"}
    assert _counts(library.scan()) == {}
    kept.rename(library.root / "under another name.flac")
    assert _counts(library.scan()) == {"moved": 1}
    assert library.tracks()["under another name.flac"].id == before.id


def test_an_unplugged_root_deletes_nothing(library: Library) -> None:
    library.songs(3)
    library.scan()
    before = library.tracks()
    away = library.root.rename(library.root.parent / "away")
    result = library.scan()
    assert _counts(result) == {"unavailable": 3}
    assert [one.path for one in result.missing_roots] == [library.root]
    assert {name: track.id for name, track in library.tracks().items()} == {
        name: track.id for name, track in before.items()
    }
    assert not any(track.available for track in library.tracks().values())
    assert _counts(library.scan()) == {}
    away.rename(library.root)
    assert _counts(library.scan()) == {"returned": 3}
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
    assert _counts(library.scan()) == {"found": 1, "unavailable": 1}
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
    assert _counts(result) == {"unavailable": 3}
    assert [(one.path, one.tracks) for one in result.refused] == [(library.root, 3)]
    assert len(library.tracks()) == 3


def test_mass_removal_is_refused_until_allowed(library: Library) -> None:
    paths = library.songs(30)
    library.scan()
    for path in paths[:25]:
        path.unlink()
    result = library.scan()
    assert _counts(result) == {"unavailable": 25}
    assert [one.tracks for one in result.refused] == [25]
    assert len(library.tracks()) == 30
    assert _counts(library.scan(allow_removal=True)) == {"gone": 25}
    assert len(library.tracks()) == 5


def test_tidying_half_of_a_library_is_believed(library: Library) -> None:
    paths = library.songs(40)
    library.scan()
    for path in paths[:20]:
        path.unlink()
    assert _counts(library.scan()) == {"gone": 20}


def test_bad_files_are_listed_with_their_reason(library: Library) -> None:
    good = library.songs(3, "good")
    make_bad_files(library.root)
    with ordinary_permissions():
        library.scan()
        again = library.scan()
    assert {f"good/{path.name}" for path in good} <= set(library.tracks())
    assert library.failures() == {
        "empty.mp3": Reason.EMPTY,
        "wrong extension.mp3": Reason.NOT_AUDIO,
        "random bytes.ogg": Reason.NOT_AUDIO,
        "no permission.flac": Reason.NO_PERMISSION,
        "zero length.wav": Reason.NO_AUDIO,
    }
    assert _counts(again) == {}
    assert len(library.failures()) == 5


def test_a_mended_file_is_no_longer_listed(library: Library) -> None:
    (library.root / "a.flac").write_bytes(b"")
    library.scan()
    assert library.failures() == {"a.flac": Reason.EMPTY}
    library.song("a.flac")
    assert _counts(library.scan()) == {"found": 1}
    assert library.failures() == {}


def test_a_deleted_bad_file_is_no_longer_listed(library: Library) -> None:
    library.song("good.flac")
    (library.root / "a.flac").write_bytes(b"")
    library.scan()
    (library.root / "a.flac").unlink()
    library.scan()
    assert library.failures() == {}


def test_a_track_whose_file_is_damaged_stays_listed(library: Library) -> None:
    path = library.song("a.flac", seed=1)
    library.song("b.flac", seed=2)
    library.scan()
    before = library.tracks()["a.flac"]
    path.write_bytes(b"")
    assert _counts(library.scan()) == {"failed": 1}
    assert library.tracks()["a.flac"].available is False
    assert _counts(library.scan()) == {}
    library.song("a.flac", seed=1)
    assert _counts(library.scan()) == {"changed": 1}
    assert library.tracks()["a.flac"].id == before.id
    assert library.tracks()["a.flac"].available
    assert library.failures() == {}


def test_new_content_gives_listening_another_try(library: Library) -> None:
    path = library.song("a.flac")
    library.scan()
    Failures(library.database).record(Failure(path, "listen", Reason.CRASHED, "", 1, 1, 0.0))
    library.scan()
    assert library.failures() == {"a.flac": Reason.CRASHED}
    write_tags(path, {"title": "New"})
    library.scan()
    assert library.failures() == {}


def test_a_folder_without_permission_keeps_its_tracks(library: Library) -> None:
    library.song("open/a.flac", seed=1)
    library.song("shut/b.flac", seed=2)
    library.scan()
    (library.root / "shut").chmod(0)
    try:
        with ordinary_permissions():
            assert _counts(library.scan()) == {"unavailable": 1, "failed": 1}
            assert _counts(library.scan()) == {}
    finally:
        (library.root / "shut").chmod(0o755)
    assert library.failures() == {"shut": Reason.NO_PERMISSION}
    assert _counts(library.scan()) == {"returned": 1}
    assert library.failures() == {}


def test_names_that_are_not_utf8(library: Library) -> None:
    name = os.fsdecode(b"caf\xe9.flac")
    library.song(name)
    (library.root / os.fsdecode(b"bad \xff.mp3")).write_bytes(b"")
    assert _counts(library.scan()) == {"found": 1, "failed": 1}
    assert library.tracks()[name].title == "caf\ufffd"
    assert _counts(library.scan()) == {}


def test_songs_are_in_the_store_while_the_scan_goes_on(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.songs(12)
    # As if reading a file took a twentieth of a second each.
    clock = iter(range(10_000))
    monkeypatch.setattr("mecomp_desktop.library.scanner.time.monotonic", lambda: next(clock) * 0.05)
    stored: list[tuple[int, int]] = []
    Scanner(library.database).run(
        on_progress=lambda progress: stored.append((progress.found, len(library.tracks())))
    )
    assert all(found == there for found, there in stored)
    assert 0 < stored[0][1] < 12
    assert stored[-1] == (12, 12)


def test_a_cancelled_scan_keeps_what_it_found_and_removes_nothing(library: Library) -> None:
    paths = library.songs(6)
    library.scan()
    for path in paths[:2]:
        path.unlink()
    for number in range(6, 12):
        library.song(f"{number:02}.flac", seed=number)
    cancel = threading.Event()
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        if asked > 8:
            cancel.set()
        return cancel.is_set()

    result = Scanner(library.database).run(cancelled=cancelled)
    assert result.cancelled
    assert result.gone == 0
    assert 6 < len(library.tracks()) < 12
    assert _counts(library.scan())["gone"] == 2
    assert len(library.tracks()) == 10


def test_two_scans_at_once_find_each_song_once(library: Library) -> None:
    library.songs(40)
    errors: list[BaseException] = []

    def guarded(run: Callable[[], object]) -> None:
        try:
            run()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(library.scan,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert len(library.tracks()) == 40


def test_a_root_removed_during_the_scan_ends_it_quietly(library: Library) -> None:
    library.songs(5)
    roots = Roots(library.database)
    scanner = Scanner(library.database)
    scanned = roots.all()
    roots.remove(library.root_id)
    scanner.run(scanned)
    assert library.tracks() == {}


def test_only_some_roots(library: Library, tmp_path: Path) -> None:
    library.song("a.flac", seed=1)
    make_audio(tmp_path / "more" / "b.flac", 0.2)
    Roots(library.database).add(tmp_path / "more")
    assert _counts(library.scan()) == {"found": 2}
    (tmp_path / "more" / "b.flac").unlink()
    first = Roots(library.database).all()[:1]
    assert _counts(Scanner(library.database).run(first)) == {}


def test_a_batch_is_stored_whole_or_not_at_all(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.songs(3)
    (library.root / "bad.flac").write_bytes(b"")

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk on fire")

    with monkeypatch.context() as patched:
        patched.setattr(Failures, "record_many", fail)
        with pytest.raises(sqlite3.OperationalError):
            library.scan()
    assert library.tracks() == {}
    assert _counts(library.scan()) == {"found": 3, "failed": 1}
