"""Matroska and WebM (EBML): whether elements before the sound claim more than the file has."""

from typing import BinaryIO

from mecomp_desktop.formats.byte_range import file_size, read_at

MAGIC = b"\x1a\x45\xdf\xa3"
_SEGMENT, _CLUSTER, _VOID = 0x18538067, 0x1F43B675, 0xEC
_TRACKS, _TRACK, _ENCODINGS, _ENCODING, _COMPRESSION = 0x1654AE6B, 0xAE, 0x6D80, 0x6240, 0x5034
_MASTERS = (_SEGMENT, _TRACKS, _TRACK, _ENCODINGS, _ENCODING, _COMPRESSION)
_MAX_ELEMENTS = 2_000


def claims_too_much(file: BinaryIO) -> bool:
    """Return whether an element before the first cluster is longer than what there is.

    A demuxer makes room for an element before it reads it; a hundred bytes that claim a
    gigabyte cost one.
    """
    at, size = 0, file_size(file)
    for _ in range(_MAX_ELEMENTS):
        element, element_bytes = _number(read_at(file, at, 4), keep_marker=True)
        if not element_bytes or element == _CLUSTER:
            return False
        length, length_bytes = _number(read_at(file, at + element_bytes, 8), keep_marker=False)
        if not length_bytes:
            return False
        content = at + element_bytes + length_bytes
        is_open = length == (1 << 7 * length_bytes) - 1
        # What holds others may be open or cut off; what holds bytes has to be there.
        if element in _MASTERS:
            at = content
            continue
        if is_open or content + length > size:
            return True
        at = content + length
        if at >= size:
            return False
    return False


def _number(data: bytes, *, keep_marker: bool) -> tuple[int, int]:
    """Return a number of variable length and its bytes; 0 bytes if it is none."""
    if not data or data[0] == 0:
        return 0, 0
    width = 9 - data[0].bit_length()
    if len(data) < width:
        return 0, 0
    number = int.from_bytes(data[:width], "big")
    return (number if keep_marker else number & ((1 << 7 * width) - 1)), width
