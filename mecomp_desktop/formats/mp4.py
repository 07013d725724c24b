"""MP4 (M4A): boxes."""

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange, clipped, file_size, read_at

_MAX_BOXES = 10_000
_HEADER_BYTES = 8
_LONG_HEADER_BYTES = 16
_GAPLESS = re.compile(r"\s*[0-9A-Fa-f]{1,8} ([0-9A-Fa-f]{8}) ([0-9A-Fa-f]{8}) ([0-9A-Fa-f]{16})")


def outer_boxes(file: BinaryIO) -> Iterator[tuple[bytes, ByteRange, int]]:
    """Walk the outermost boxes.

    Yields:
        The name of a box, where its content lies in the file, and the length that its header
        claims for the content, which may be more.
    """
    size, at = file_size(file), 0
    for _ in range(_MAX_BOXES):
        header = read_at(file, at, _LONG_HEADER_BYTES)
        if len(header) < _HEADER_BYTES:
            return
        length, name = struct.unpack(">I4s", header[:_HEADER_BYTES])
        inside = _HEADER_BYTES
        if length == 1 and len(header) == _LONG_HEADER_BYTES:
            (length,) = struct.unpack(">Q", header[_HEADER_BYTES:])
            inside = _LONG_HEADER_BYTES
        elif length == 0:
            length = size - at
        if length < inside:
            return
        yield name, clipped(file, at + inside, length - inside), length - inside
        at += length


def payload(file: BinaryIO) -> list[ByteRange]:
    """Return where the samples lie."""
    return [content for name, content, _ in outer_boxes(file) if name == b"mdat" and content.length]


def has_movie_header(file: BinaryIO) -> bool:
    """Return whether there is a ``moov`` box, without which no sample can be found."""
    return any(name == b"moov" for name, _, _ in outer_boxes(file))


def is_cut_off(file: BinaryIO) -> bool:
    """Return whether a box of samples claims more than the file has."""
    return any(
        name == b"mdat" and claimed > content.length for name, content, claimed in outer_boxes(file)
    )


def gapless_frames(marks: str) -> int | None:
    """Return the frames of music that iTunes' gapless marks (``iTunSMPB``) tell.

    Args:
        marks: Hexadecimal numbers: a zero, frames of delay, frames of padding, frames of music.

    Returns:
        The frames between delay and padding; ``None`` where the marks make no sense.
    """
    found = _GAPLESS.match(marks)
    frames = int(found[3], 16) if found else 0
    return frames or None
