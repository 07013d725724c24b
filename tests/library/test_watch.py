import errno
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import watchfiles

from mecomp_desktop.library import watch
from mecomp_desktop.library.watch import Watcher

_PATIENCE_S = 20.0


class Noticed:
    """Counts the calls, and waits for the next."""

    def __init__(self) -> None:
        self.count = 0
        self._happened = threading.Condition()

    def __call__(self) -> None:
        with self._happened:
            self.count += 1
            self._happened.notify_all()

    def wait_past(self, count: int) -> None:
        with self._happened:
            assert self._happened.wait_for(lambda: self.count > count, _PATIENCE_S)

    def settle(self) -> int:
        """Return the count when nothing has come for a while."""
        while True:
            before = self.count
            time.sleep(0.5)
            if self.count == before:
                return before


@pytest.fixture
def noticed() -> Noticed:
    return Noticed()


@pytest.fixture
def watcher(noticed: Noticed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    monkeypatch.setattr(watch, "_QUIET_MS", 100)
    monkeypatch.setattr(watch, "_LOOK_AGAIN_MS", 200)
    monkeypatch.setattr(watch, "_STEP_MS", 50)
    made = Watcher(noticed)
    yield made
    made.close()


def _until_noticed(noticed: Noticed, path: Path) -> None:
    """Write a file again and again until the watcher, which starts in its own time, notices."""
    deadline_s = time.monotonic() + _PATIENCE_S
    number = 0
    while noticed.count == 0 and time.monotonic() < deadline_s:
        path.write_bytes(bytes(number := number + 1))
        time.sleep(0.05)
    assert noticed.count


def test_new_changed_and_deleted_files_are_noticed(
    tmp_path: Path, watcher: Watcher, noticed: Noticed
) -> None:
    watcher.watch([tmp_path])
    song = tmp_path / "a.mp3"
    _until_noticed(noticed, song)
    before = noticed.settle()
    song.write_bytes(b"other")
    noticed.wait_past(before)
    before = noticed.settle()
    song.unlink()
    noticed.wait_past(before)


def test_a_folder_moved_in_is_noticed(tmp_path: Path, watcher: Watcher, noticed: Noticed) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "a.mp3").write_bytes(b"x")
    watcher.watch([root])
    _until_noticed(noticed, root / "first.mp3")
    before = noticed.settle()
    outside.rename(root / "Album")
    noticed.wait_past(before)


@pytest.mark.parametrize("name", ["Vol. 2", "...And Justice", "Mr. Big", "A.D.D."])
def test_a_folder_with_a_dot_is_noticed_when_it_comes_and_goes(
    tmp_path: Path, watcher: Watcher, noticed: Noticed, name: str
) -> None:
    root, outside = tmp_path / "root", tmp_path / name
    root.mkdir()
    outside.mkdir()
    (outside / "a.mp3").write_bytes(b"x")
    watcher.watch([root])
    _until_noticed(noticed, root / "first.mp3")
    before = noticed.settle()
    outside.rename(root / name)
    noticed.wait_past(before)
    before = noticed.settle()
    (root / name).rename(tmp_path / "away")
    noticed.wait_past(before)


def test_what_happens_in_folders_that_are_left_out_is_not_noticed(
    tmp_path: Path, watcher: Watcher, noticed: Noticed
) -> None:
    root = tmp_path / ".local" / "music"  # above the root, a name means nothing
    for name in ("@eaDir", ".git"):
        (root / name).mkdir(parents=True)
    watcher.watch([root])
    _until_noticed(noticed, root / "first.mp3")
    before = noticed.settle()
    (root / "@eaDir" / "a.mp3").write_bytes(b"x")
    (root / ".git" / "folder").mkdir()
    assert noticed.settle() == before


def test_a_share_is_polled(
    tmp_path: Path, watcher: Watcher, noticed: Noticed, monkeypatch: pytest.MonkeyPatch
) -> None:
    share, disk = tmp_path / "share", tmp_path / "disk"
    share.mkdir()
    disk.mkdir()
    monkeypatch.setattr(watch, "_POLL_MS", 100)
    monkeypatch.setattr(watch, "_is_remote", lambda folder: folder == share)
    watcher.watch([share, disk])
    assert [thread.name for thread in threading.enumerate()].count("watch") == 2
    for folder in (share, disk):
        _until_noticed(noticed, folder / "a.mp3")
        noticed.settle()
        noticed.count = 0


@pytest.mark.logs_errors
def test_what_the_system_cannot_watch_is_polled(
    tmp_path: Path, watcher: Watcher, noticed: Noticed, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, modes = watchfiles.watch, []

    def no_room_left(*folders: Path, **options: object) -> object:
        modes.append(options["force_polling"])
        if not options["force_polling"]:
            raise OSError(errno.ENOSPC, "no space left on device")
        return real(*folders, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(watchfiles, "watch", no_room_left)
    monkeypatch.setattr(watch, "_POLL_MS", 100)
    watcher.watch([tmp_path])
    _until_noticed(noticed, tmp_path / "a.mp3")
    assert modes == [False, True]


@pytest.mark.parametrize(
    ("folder", "remote"),
    [
        ("/home/me/Music", False),
        ("/mnt/nas/Music", True),
        ("/mnt/nas", True),
        ("/mnt/nasty", False),
        ("/mnt/nas/usb/Music", False),
        ("/run/user/1000/gvfs/x", True),
    ],
)
def test_what_lies_on_a_share(folder: str, remote: bool) -> None:
    mounts = [
        ("/", "ext4"),
        ("/mnt/nas", "cifs"),
        ("/mnt/nas/usb", "ext4"),
        ("/run/user/1000/gvfs", "fuse.gvfsd-fuse"),
    ]
    assert watch._is_remote_among(folder, mounts) is remote


def test_other_files_are_not_noticed(tmp_path: Path, watcher: Watcher, noticed: Noticed) -> None:
    watcher.watch([tmp_path])
    _until_noticed(noticed, tmp_path / "a.mp3")
    before = noticed.settle()
    (tmp_path / "cover.jpg").write_bytes(b"x")
    (tmp_path / ".a.mp3.part").write_bytes(b"x")
    (tmp_path / "cover.jpg").unlink()
    assert noticed.settle() == before


def test_a_folder_that_comes_and_goes_is_noticed(
    tmp_path: Path, watcher: Watcher, noticed: Noticed
) -> None:
    root = tmp_path / "drive"
    watcher.watch([root])
    root.mkdir()
    noticed.wait_past(0)
    before = noticed.settle()
    root.rename(tmp_path / "elsewhere")
    noticed.wait_past(before)
    before = noticed.settle()
    (tmp_path / "elsewhere").rename(root)
    noticed.wait_past(before)


def test_watching_can_be_changed_and_closed(
    tmp_path: Path, watcher: Watcher, noticed: Noticed
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    watcher.watch([tmp_path / "a"])
    _until_noticed(noticed, tmp_path / "a" / "x.mp3")
    watcher.watch([tmp_path / "b"])
    before = noticed.settle()
    (tmp_path / "a" / "y.mp3").write_bytes(b"x")
    assert noticed.settle() == before
    watcher.watch([])
    watcher.close()
    watcher.close()
    assert not any(thread.name == "watch" for thread in threading.enumerate())


def test_a_watcher_may_close_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_QUIET_MS", 100)
    monkeypatch.setattr(watch, "_LOOK_AGAIN_MS", 200)
    done = threading.Event()

    def close() -> None:
        watcher.close()
        done.set()

    watcher = Watcher(close)
    watcher.watch([tmp_path / "drive"])
    (tmp_path / "drive").mkdir()
    assert done.wait(_PATIENCE_S)


def test_a_name_that_is_not_utf_8_does_not_end_the_watch(
    watcher: Watcher, noticed: Noticed, tmp_path: Path
) -> None:
    watcher.watch([tmp_path])
    _until_noticed(noticed, tmp_path / "first.mp3")
    before = noticed.settle()
    odd = tmp_path / os.fsdecode(b"\xff.mp3")
    try:
        odd.write_bytes(b"x")
    except OSError:
        pytest.skip("this file system has no such names")
    noticed.wait_past(before)
    before = noticed.settle()
    (tmp_path / "another.mp3").write_bytes(b"x")
    noticed.wait_past(before)


def test_a_sheet_is_noticed_when_it_comes_and_goes(
    tmp_path: Path, watcher: Watcher, noticed: Noticed
) -> None:
    watcher.watch([tmp_path])
    _until_noticed(noticed, tmp_path / "a.mp3")
    matters = watch._Matters([tmp_path])
    sheet = tmp_path / "album" / "disc.cue"
    assert matters(watchfiles.Change.deleted, str(sheet))
    assert not matters(watchfiles.Change.deleted, str(sheet.with_suffix(".log")))
    before = noticed.settle()
    (tmp_path / "disc.CUE").write_text("x")
    noticed.wait_past(before)
