import os
from pathlib import Path

import pytest

from mecomp_desktop.files import replacing, write_atomically


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
