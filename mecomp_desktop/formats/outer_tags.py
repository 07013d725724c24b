"""Tags around any audio: ID3v2 before it, and ID3v1, Lyrics3, APE and ID3v2.4 behind it."""

import struct
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import file_size, read_at

_ID3_HEADER_BYTES = 10
_ID3_HAS_FOOTER = 0x10
_ID3V1_BYTES = 128
_APE_FOOTER_BYTES = 32
_APE_HAS_HEADER = 0x8000_0000
_LYRICS_END_BYTES = 15
_MAX_TAGS = 100
_MAX_APPENDED_BYTES = 1024 * 1024
_ZEROS_BYTES = 4096
_MAX_ZEROS_BYTES = 16 * 1024 * 1024


def after_id3(file: BinaryIO, start: int = 0) -> int:
    """Return where the file goes on after the ID3v2 tags at ``start``; at most its size."""
    at, size = start, file_size(file)
    for _ in range(_MAX_TAGS):
        header = read_at(file, at, _ID3_HEADER_BYTES)
        if header[:3] != b"ID3" or len(header) < _ID3_HEADER_BYTES:
            break
        footer = _ID3_HEADER_BYTES if header[5] & _ID3_HAS_FOOTER else 0
        at = min(size, at + _ID3_HEADER_BYTES + _syncsafe(header[6:10]) + footer)
    return at


def after_leading_tags(file: BinaryIO, start: int = 0) -> int:
    """Return where the audio begins: after ID3v2, an APE tag, and the zeros some taggers leave."""
    start = after_id3(file, start)
    header = read_at(file, start, _APE_FOOTER_BYTES)
    if header.startswith(b"APETAGEX") and len(header) == _APE_FOOTER_BYTES:
        start += _APE_FOOTER_BYTES + _ape_size(header)
    last = start + _MAX_ZEROS_BYTES
    block = read_at(file, start, _ZEROS_BYTES)
    while block and not block.strip(b"\0") and start < last:
        start += len(block)
        block = read_at(file, start, _ZEROS_BYTES)
    return min(file_size(file), start + len(block) - len(block.lstrip(b"\0")))


def end_of_audio(file: BinaryIO) -> int:
    """Return where the tags at the end of the file begin, in whatever order they stand."""
    end = file_size(file)
    for _ in range(_MAX_TAGS):
        before = _before_last_tag(file, end)
        if before >= end:
            break
        end = before
    return end


def _before_last_tag(file: BinaryIO, end: int) -> int:
    if end >= _ID3V1_BYTES and read_at(file, end - _ID3V1_BYTES, 3) == b"TAG":
        return end - _ID3V1_BYTES
    if end < _APE_FOOTER_BYTES:
        return end
    footer = read_at(file, end - _APE_FOOTER_BYTES, _APE_FOOTER_BYTES)
    if footer.startswith(b"APETAGEX"):
        (flags,) = struct.unpack("<I", footer[20:24])
        header = _APE_FOOTER_BYTES if flags & _APE_HAS_HEADER else 0
        return max(end - _ape_size(footer) - header, 0)
    lyrics_bytes = footer[-_LYRICS_END_BYTES:-9]
    if footer.endswith(b"LYRICS200") and lyrics_bytes.isdigit():
        return max(end - _LYRICS_END_BYTES - int(lyrics_bytes), 0)
    if footer[-_ID3_HEADER_BYTES:].startswith(b"3DI"):  # ID3v2.4, appended
        return max(end - 2 * _ID3_HEADER_BYTES - _syncsafe(footer[-4:]), 0)
    return end - id3_without_footer(file, end)


def id3_without_footer(file: BinaryIO, end: int) -> int:
    """Return the length of an ID3v2 tag that ends here and does not say so; 0 if there is none.

    The standard wants a footer on what is appended, and some taggers write none. Looked for where
    sound of MPEG begins the file: with a tag in front, nobody appends another.

    Args:
        file: The file.
        end: Where the tag would end.
    """
    sync = read_at(file, 0, 2)
    if len(sync) < 2 or sync[0] != 0xFF or sync[1] & 0xE0 != 0xE0:
        return 0
    start = max(0, end - _MAX_APPENDED_BYTES)
    tail = read_at(file, start, end - start)
    at = len(tail)
    while (at := tail.rfind(b"ID3", 0, at)) >= 0:
        header = tail[at : at + _ID3_HEADER_BYTES]
        if len(header) < _ID3_HEADER_BYTES or not 2 <= header[3] <= 4 or max(header[6:]) > 0x7F:
            continue
        if at + _ID3_HEADER_BYTES + _syncsafe(header[6:]) == len(tail):
            return len(tail) - at
    return 0


def _ape_size(header: bytes) -> int:
    size: int = struct.unpack("<I", header[12:16])[0]
    return size


def _syncsafe(size: bytes) -> int:
    """Return a number of seven bits a byte."""
    number = 0
    for byte in size:
        number = number << 7 | byte & 0x7F
    return number
