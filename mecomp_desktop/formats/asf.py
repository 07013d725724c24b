"""ASF (WMA): the data object, and what the header says of length and size."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange, clipped, file_size, read_at

MAGIC = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_OBJECT_HEADER_BYTES = 24
_HEADER_OBJECT_BYTES = 30
# The file's id, a packet count and a reserved word: rewritten by taggers.
_DATA_PREFIX_BYTES = 26
# Of the file properties: size of the file, play time in ticks, preroll in milliseconds, flags.
_PROPERTIES = struct.Struct("<40xQ16xQ8xQI")
_TICKS_PER_S = 10_000_000
_BROADCAST = 0x1
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


@dataclass(frozen=True, slots=True)
class AsfClaim:
    """What the header says.

    Attributes:
        duration_s: The length; 0 where it was written before the length was known.
        file_bytes: The size that the file had when it was written.
    """

    duration_s: float = 0.0
    file_bytes: int = 0


def read_claim(file: BinaryIO) -> AsfClaim:
    """Return what the header says of the file; a broadcast's says nothing."""
    end = min(file_size(file), int.from_bytes(read_at(file, 16, 8), "little"))
    for kind, at, length in _objects(file, _HEADER_OBJECT_BYTES, end):
        if kind != _FILE_PROPERTIES or length < _PROPERTIES.size:
            continue
        data = read_at(file, at, _PROPERTIES.size)
        if len(data) < _PROPERTIES.size:
            break
        file_bytes, play_time, preroll_ms, flags = _PROPERTIES.unpack(data)
        if not flags & _BROADCAST:
            duration_s = play_time / _TICKS_PER_S - preroll_ms / 1_000
            return AsfClaim(max(0.0, duration_s), file_bytes)
    return AsfClaim()


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
