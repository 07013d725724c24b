"""The audio of an Ogg file, so that rewriting its comments does not change what is read.

A tagger that makes the comments longer or shorter moves every later page and gives it a new
sequence number and checksum; how the audio is laid out in pages stays. So the file is measured
from its first audio page, and of a page only the layout and the content count.
"""

from collections.abc import Iterator
from typing import BinaryIO

from mecomp_desktop.formats.chunks import file_size, read_at

CAPTURE = b"OggS"
_HEADER_BYTES = 27
_MAX_PAGE_BYTES = _HEADER_BYTES + 255 + 255 * 255
_NO_PACKET_ENDS = 0xFFFF_FFFF_FFFF_FFFF


def first_audio_page(file: BinaryIO) -> int:
    """Return where the headers end; the size of the file if there is nothing after them."""
    at = 0
    while len(header := read_at(file, at, _HEADER_BYTES + 255)) >= _HEADER_BYTES:
        if header[:4] != CAPTURE:
            break
        if int.from_bytes(header[6:14], "little") not in (0, _NO_PACKET_ENDS):
            return at
        at += _page_bytes(header)
    return file_size(file)


def page_contents(window: bytes) -> Iterator[bytes]:
    """Give layout and content of every page that lies wholly in a piece of a file."""
    at = window.find(CAPTURE)
    while at >= 0:
        header = window[at : at + _HEADER_BYTES + 255]
        length = _page_bytes(header) if len(header) >= _HEADER_BYTES else _MAX_PAGE_BYTES
        if at + length > len(window):
            return
        yield window[at + _HEADER_BYTES - 1 : at + length]
        # Pages follow each other; only in a damaged file the next one has to be looked for.
        at = window.find(CAPTURE, at + length)


def _page_bytes(header: bytes) -> int:
    segments = header[_HEADER_BYTES - 1]
    return _HEADER_BYTES + segments + sum(header[_HEADER_BYTES : _HEADER_BYTES + segments])
