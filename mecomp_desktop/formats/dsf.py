"""DSF: samples of one bit."""

from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange, clipped, read_at

MAGIC = b"DSD "
_HEADER_BYTES = 28
_CHUNK_HEADER_BYTES = 12


def payload(file: BinaryIO) -> list[ByteRange]:
    """Return where format and samples lie."""
    format_bytes = _claimed(file, _HEADER_BYTES)
    data = _HEADER_BYTES + format_bytes
    samples = clipped(file, data, _claimed(file, data))
    if read_at(file, data, 4) != b"data" or not samples.length:
        return []
    return [clipped(file, _HEADER_BYTES, format_bytes), samples]


def _claimed(file: BinaryIO, chunk: int) -> int:
    return int.from_bytes(read_at(file, chunk + 4, _CHUNK_HEADER_BYTES - 4), "little")
