"""ASF (WMA): the data object, and whether the header was written before the length was known."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange, clipped, file_size, read_at

MAGIC = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_OBJECT_HEADER_BYTES = 24
_HEADER_OBJECT_BYTES = 30
# The file's id, a packet count and a reserved word: rewritten by taggers.
_DATA_PREFIX_BYTES = 26
_FLAGS_AT, _BROADCAST = 88, 0x1
_MAX_OBJECTS = 1_000


def payload(file: BinaryIO) -> list[ByteRange]:
    """Return where the packets lie; up to the end of the file where a stream left that open."""
    for kind, at, length in _objects(file, 0, file_size(file)):
        if kind == _DATA:
            start = at + _OBJECT_HEADER_BYTES + _DATA_PREFIX_BYTES
            # What was written to a pipe has a data object of no length, or of its header alone.
            inside = length - (start - at)
            return [clipped(file, start, inside if inside > 0 else file_size(file) - start)]
    return []


def has_known_length(file: BinaryIO) -> bool:
    """Return whether the header was completed: a broadcast's was written before the sound."""
    end = min(file_size(file), int.from_bytes(read_at(file, 16, 8), "little"))
    for kind, at, length in _objects(file, _HEADER_OBJECT_BYTES, end):
        if kind == _FILE_PROPERTIES and length >= _FLAGS_AT + 4:
            flags = int.from_bytes(read_at(file, at + _FLAGS_AT, 4), "little")
            return not flags & _BROADCAST
    return False


def _objects(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for _ in range(_MAX_OBJECTS):
        header = read_at(file, at, _OBJECT_HEADER_BYTES)
        if len(header) < _OBJECT_HEADER_BYTES or at >= end:
            return
        (length,) = struct.unpack("<Q", header[16:])
        yield header[:16], at, length
        if length < _OBJECT_HEADER_BYTES:
            return
        at += length
