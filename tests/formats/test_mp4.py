import io
import struct

import pytest

from mecomp_desktop.formats import mp4


def box(name: bytes, content: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", 8 + len(content) if size is None else size) + name + content


def test_a_last_box_of_more_than_2_to_the_63_ends_the_walk() -> None:
    long = struct.pack(">I4sQ", 1, b"free", (1 << 63) + 5)
    file = io.BytesIO(box(b"ftyp", b"M4A ") + box(b"moov", bytes(4)) + box(b"mdat", b"x") + long)
    names = [name for name, _, _ in mp4.outer_boxes(file)]
    assert names == [b"ftyp", b"moov", b"mdat", b"free"]
    assert mp4.has_movie_header(file)
    assert not mp4.is_cut_off(file)
    assert mp4.payload(file)[0].length == 1


def test_samples_that_are_missing_are_noticed() -> None:
    file = io.BytesIO(box(b"moov", bytes(4)) + box(b"mdat", b"x" * 50, 500))
    assert mp4.is_cut_off(file)
    assert mp4.payload(file)[0].length == 50


@pytest.mark.parametrize("size", [2, 7])
def test_a_size_that_cannot_be_ends_the_walk(size: int) -> None:
    assert list(mp4.outer_boxes(io.BytesIO(box(b"ftyp", bytes(20), size)))) == []


@pytest.mark.parametrize(
    ("marks", "frames"),
    [
        (" 00000000 00000840 000001CA 00000000003F31F6 00000000", 0x3F31F6),
        (" 00000000 00000840 000001CA 0000000000000000", None),
        ("", None),
        ("gapless, certainly", None),
    ],
)
def test_gapless_marks(marks: str, frames: int | None) -> None:
    assert mp4.gapless_frames(marks) == frames
