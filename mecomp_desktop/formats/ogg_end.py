"""Whether an Ogg file ends where a page ends: its header promises no length to compare with."""

import struct
from pathlib import Path

_MARK = b"OggS"
# Magic, version, flags, granule position, serial, sequence, checksum, number of segments.
_HEADER = struct.Struct("<4sBBqIIIB")
_LONGEST_PAGE = _HEADER.size + 255 + 255 * 255


def ogg_cut_off(path: Path) -> bool:
    """Return whether this is an Ogg file whose last page is incomplete."""
    with path.open("rb") as file:
        if file.read(4) != _MARK:
            return False
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_PAGE))
        return _last_page_incomplete(file.read())


def _last_page_incomplete(end: bytes) -> bool:
    at = len(end)
    while (at := end.rfind(_MARK, 0, at)) >= 0:
        if len(end) - at < _HEADER.size:
            return True
        _, version, *_, segments = _HEADER.unpack_from(end, at)
        if version == 0:  # else these four letters are music
            sizes = end[at + _HEADER.size :][:segments]
            page = _HEADER.size + segments + sum(sizes)
            return bool(len(sizes) < segments or at + page > len(end))
    return False
