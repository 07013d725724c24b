"""Chunks of IFF files: what WAV (little-endian) and AIFF (big-endian) have in common."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange, clipped, file_size, read_at

HEADER_BYTES = 8
_FIRST_CHUNK = 12
_MAX_CHUNKS = 10_000
# Lengths from here on are what writers put down who cannot go back to fill in the real one.
_OPEN_FROM = 0x7FFF_0000
_SAMPLES = (b"data", b"SSND")


def iff_chunks(file: BinaryIO, *, little_endian: bool) -> Iterator[tuple[bytes, ByteRange]]:
    """Walk the chunks of a RIFF (little-endian) or FORM (big-endian) file.

    A chunk that claims more than the file has is cut to what is there; one of samples whose
    length was left open by a stream reaches to the end of the file.

    Yields:
        The name of a chunk and where its content lies.
    """
    size, at = file_size(file), _FIRST_CHUNK
    for _ in range(_MAX_CHUNKS):
        header = read_at(file, at, HEADER_BYTES)
        # A name is four printable letters. Anything else is no chunk: zeros of a download that is
        # not finished would otherwise be walked through eight bytes at a time.
        if len(header) < HEADER_BYTES or not _is_name(header[:4]):
            return
        name, length = struct.unpack("<4sI" if little_endian else ">4sI", header)
        if is_open(file, at, name, length):
            length = size - at - HEADER_BYTES
        yield name, clipped(file, at + HEADER_BYTES, length)
        at += HEADER_BYTES + length + length % 2


def is_open(file: BinaryIO, at: int, name: bytes, length: int) -> bool:
    """Return whether the chunk at ``at`` has no real length, as streams leave it.

    Args:
        file: The file.
        at: Where the chunk's header begins.
        name: Its name.
        length: The length in its header.
    """
    if length >= _OPEN_FROM:
        return True
    if length or name not in _SAMPLES:
        return False
    # Length 0: either there are no samples, and a chunk or nothing follows, or a stream was not
    # told its length, and samples follow.
    following = read_at(file, at + HEADER_BYTES, HEADER_BYTES)
    return len(following) == HEADER_BYTES and not _is_name(following[:4])


def _is_name(name: bytes) -> bool:
    return all(0x20 <= byte < 0x7F for byte in name)
