"""Where things lie in files made of chunks (WAV, AIFF, MP4 …), without decoding anything."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MAX_CHUNKS = 10_000
_UNKNOWN_SIZE = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Span:
    """A range of bytes in a file."""

    start: int
    length: int

    @property
    def end(self) -> int:
        """The first byte after it."""
        return self.start + self.length


def file_size(file: BinaryIO) -> int:
    """Return the size of an open file in bytes."""
    return os.fstat(file.fileno()).st_size


def read_at(file: BinaryIO, start: int, length: int) -> bytes:
    """Return up to ``length`` bytes from ``start``; fewer at the end of the file."""
    file.seek(start)
    return file.read(length)


def iff_chunks(file: BinaryIO, *, little_endian: bool) -> Iterator[tuple[bytes, Span]]:
    """Walk the chunks of a RIFF (little-endian) or FORM (big-endian) file.

    A chunk that claims more than the file has is cut to what is there.
    """
    size, at = file_size(file), 12
    layout = "<4sI" if little_endian else ">4sI"
    for _ in range(_MAX_CHUNKS):
        header = read_at(file, at, 8)
        if len(header) < 8:
            return
        name, length = struct.unpack(layout, header)
        # A streaming writer, or one past 4 GiB, leaves the length open.
        length = size - at - 8 if length == _UNKNOWN_SIZE else length
        yield name, Span(at + 8, min(length, size - at - 8))
        at += 8 + length + length % 2


def mp4_boxes(file: BinaryIO) -> Iterator[tuple[bytes, Span]]:
    """Walk the outermost boxes of an MP4 file."""
    size, at = file_size(file), 0
    for _ in range(_MAX_CHUNKS):
        header = read_at(file, at, 16)
        if len(header) < 8:
            return
        length, name = struct.unpack(">I4s", header[:8])
        inside = 8
        if length == 1 and len(header) == 16:
            length, inside = struct.unpack(">Q", header[8:])[0], 16
        elif length == 0:
            length = size - at
        if length < inside:
            return
        yield name, Span(at + inside, min(length, size - at) - inside)
        at += length
