import sqlite3
import threading
from collections.abc import Callable

import pytest

from mecomp_desktop.errors import Reason
from mecomp_desktop.library.scanner import ScanProgress
from mecomp_desktop.store.failures import Failure, Failures
from mecomp_desktop.store.roots import Roots
from tests.support.audio_files import make_bad_files, write_tags
from tests.support.music_folder import Library, counts
from tests.support.permissions import ordinary_permissions


def test_bad_files_are_listed_with_their_reason(library: Library) -> None:
    good = library.songs(3, "good")
    make_bad_files(library.root)
    with ordinary_permissions(), library.fresh_readers():
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
    assert counts(again) == {}
    assert len(library.failures()) == 5


def test_a_mended_file_is_no_longer_listed(library: Library) -> None:
    (library.root / "a.flac").write_bytes(b"")
    library.scan()
    assert library.failures() == {"a.flac": Reason.EMPTY}
    library.song("a.flac")
    assert counts(library.scan()) == {"found": 1}
    assert library.failures() == {}


def test_a_file_that_may_be_opened_by_now_is_tried_again(library: Library) -> None:
    path = library.song("a.flac")
    path.chmod(0)
    with ordinary_permissions(), library.fresh_readers():
        library.scan()
        assert library.failures() == {"a.flac": Reason.NO_PERMISSION}
        assert counts(library.scan()) == {}
        path.chmod(0o644)
        assert counts(library.scan()) == {"found": 1}
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
    assert counts(library.scan()) == {"failed": 1}
    assert library.tracks()["a.flac"].available is False
    assert counts(library.scan()) == {}
    library.song("a.flac", seed=1)
    assert counts(library.scan()) == {"changed": 1}
    assert library.tracks()["a.flac"].id == before.id
    assert library.tracks()["a.flac"].available
    assert library.failures() == {}


def test_new_content_is_analysed_again(library: Library) -> None:
    path = library.song("a.flac")
    library.scan()
    Failures(library.database).record(Failure(path, "analysis", Reason.CRASHED, "", 1, 1, 0.0))
    library.scan()
    assert library.failures() == {"a.flac": Reason.CRASHED}
    write_tags(path, {"title": "New"})
    library.scan()
    assert library.failures() == {}


def test_songs_are_in_the_store_while_the_scan_goes_on(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.songs(12)
    # As if reading a file took a twentieth of a second each.
    clock = iter(range(10_000))
    monkeypatch.setattr("mecomp_desktop.library.scanner.time.monotonic", lambda: next(clock) * 0.05)
    stored: list[tuple[int, int]] = []
    library.scanner().run(
        on_progress=lambda progress: stored.append((progress.found, len(library.tracks())))
    )
    assert all(found == there for found, there in stored)
    assert any(0 < there < 12 for _, there in stored)
    assert stored[-1] == (12, 12)


def test_a_cancelled_scan_keeps_what_it_found_and_removes_nothing(library: Library) -> None:
    paths = library.songs(6)
    library.scan()
    for path in paths[:2]:
        path.unlink()
    for number in range(6, 600):
        library.song(f"{number:03}.flac", seed=6 + number % 40)
    cancel = threading.Event()

    def on_progress(progress: ScanProgress) -> None:
        if progress.found:
            cancel.set()

    result = library.scanner().run(on_progress=on_progress, cancelled=cancel.is_set)
    assert result.cancelled
    assert result.gone == 0
    assert 6 < len(library.tracks()) < 600
    assert counts(library.scan())["gone"] == 2
    assert len(library.tracks()) == 598


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
    scanner = library.scanner()
    scanned = roots.all()
    roots.remove(library.root_id)
    scanner.run(scanned)
    assert library.tracks() == {}


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
    assert counts(library.scan()) == {"found": 3, "failed": 1}
