"""Ranges of bytes in an open file, cut to what the file has."""

import os
from dataclasses import dataclass
from typing import BinaryIO

# What a file may be asked to seek to; sizes of 64 bits in a broken header lie beyond it.
_MAX_OFFSET = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A range of bytes in a file."""

    start: int
    length: int

    @property
    def end(self) -> int:
        """The first byte after it."""
        return self.start + self.length


def file_size(file: BinaryIO) -> int:
    """Return the size of an open file in bytes; its place is kept."""
    place = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(place)
    return size


def read_at(file: BinaryIO, start: int, length: int) -> bytes:
    """Return up to ``length`` bytes from ``start``; fewer at the end of the file, or none."""
    if length <= 0 or not 0 <= start <= _MAX_OFFSET:
        return b""
    file.seek(start)
    return file.read(length)


def clipped(file: BinaryIO, start: int, length: int) -> ByteRange:
    """Return the part of a claimed range that the file really has."""
    size = file_size(file)
    start = min(max(start, 0), size)
    return ByteRange(start, min(max(length, 0), size - start))
