import os
from pathlib import Path

import pytest

from mecomp_desktop.files import (
    reachable,
    reachable_file,
    reachable_folder,
    replacing,
    write_atomically,
)
from tests.support.permissions import ordinary_permissions


def test_text_and_bytes_are_written(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new" / "text", "Röyksopp")
    assert (tmp_path / "new" / "text").read_bytes() == "Röyksopp".encode()
    write_atomically(tmp_path / "new" / "text", b"\x00\xff")
    assert (tmp_path / "new" / "text").read_bytes() == b"\x00\xff"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["text"]


def test_what_was_there_stays_when_the_writing_fails(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")

    def fail() -> None:
        with replacing(target) as draft:
            draft.write_text("half of the n")
            assert target.read_text() == "old"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_a_file_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        write_atomically(tmp_path / "file" / "below", "x")


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_permissions_are_those_of_the_file_before_or_of_any_new_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    write_atomically(tmp_path / "new", "x")
    assert (tmp_path / "new").stat().st_mode == plain.stat().st_mode
    plain.chmod(0o640)
    write_atomically(plain, "x")
    assert plain.stat().st_mode & 0o777 == 0o640


def test_a_long_name_leaves_room_for_the_draft(tmp_path: Path) -> None:
    write_atomically(tmp_path / ("n" * 250), "x")
    assert (tmp_path / ("n" * 250)).read_text() == "x"


def test_what_is_there_is_reachable(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.touch()
    assert reachable(file)
    assert reachable_file(file)
    assert not reachable_folder(file)
    assert reachable_folder(tmp_path)
    assert not reachable_file(tmp_path)


def test_what_is_not_there_is_not(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").touch()
    names = ("nothing", "loop", "a\0b", "x" * 5000, "file/below")
    assert not any(reachable(tmp_path / name) for name in names)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert reachable(tmp_path / "pipe")
    assert not reachable_file(tmp_path / "pipe")


def test_below_a_closed_folder_nothing_is_reachable(tmp_path: Path) -> None:
    music = tmp_path / "closed" / "music"
    music.mkdir(parents=True)
    music.parent.chmod(0)
    try:
        with ordinary_permissions():
            with pytest.raises(PermissionError):
                music.is_dir()
            assert not reachable_folder(music)
            assert not reachable(music)
    finally:
        music.parent.chmod(0o755)
