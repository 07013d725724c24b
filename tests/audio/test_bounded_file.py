import os
from pathlib import Path

import pytest

from mecomp_desktop.audio.bounded_file import BoundedFile
from mecomp_desktop.formats.byte_range import ByteRange

MB = 1 << 20


@pytest.fixture
def hole(tmp_path: Path) -> Path:
    path = tmp_path / "hole"
    with path.open("wb") as file:
        file.truncate(200 * MB)
    return path


def drain(file: BoundedFile) -> int:
    total = 0
    while data := file.read(MB):
        total += len(data)
    return total


def test_a_search_for_sound_ends(hole: Path) -> None:
    file = BoundedFile(hole)
    assert drain(file) == 64 * MB
    file.sound_came()
    assert drain(file) == 16 * MB
    file.close()


def test_small_steps_are_counted_too(hole: Path) -> None:
    file = BoundedFile(hole)
    file.sound_came()
    steps = 0
    while file.read(8):
        steps += 1
        file.seek(8, os.SEEK_CUR)
    assert steps < 40_000
    file.close()


def test_a_part_looks_like_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "digits"
    path.write_bytes(b"0123456789")
    file = BoundedFile(path, ByteRange(3, 4))
    assert file.read(100) == b"3456"
    assert file.read(1) == b""
    assert file.seek(-1, os.SEEK_END) == 3
    assert file.read(5) == b"6"
    assert file.seek(1) == 1
    assert file.tell() == 1
    assert file.read(1) == b"4"
    file.close()


def test_what_is_appended_belongs_to_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"abc")
    file = BoundedFile(path)
    assert file.read(10) == b"abc"
    with path.open("ab") as end:
        end.write(b"def")
    assert file.read(10) == b"def"
    file.close()
