"""Where the audio of a file lies, tags left out, for each kind of file."""

import struct
from collections.abc import Callable
from typing import BinaryIO

from mecomp_desktop.formats.chunks import Span, file_size, iff_chunks, mp4_boxes, read_at

_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA_PREFIX = 26  # the file's id, a packet count and a reserved word: rewritten by taggers
_DSF_HEADER_BYTES = 28
_FLAC_LAST_BLOCK = 0x80
_ID3V1_BYTES = 128
_APE_FOOTER_BYTES = 32
_APE_HAS_HEADER = 0x8000_0000


def payload(file: BinaryIO) -> list[Span]:
    """Return where the audio lies; what a tagger may rewrite is not in it.

    The kind is told from the content, for names lie. A file of no known kind is taken as one
    run of audio with tags before and behind it, which is what MP3 and most others are.
    """
    start = after_id3(file)
    magic = read_at(file, start, 16)
    for matches, spans in _KINDS:
        if matches(magic) and (found := spans(file, start)):
            return found
    return _between_tags(file, start)


def after_id3(file: BinaryIO) -> int:
    """Return where the file goes on after the ID3v2 tags at its start."""
    at = 0
    while (header := read_at(file, at, 10))[:3] == b"ID3" and len(header) == 10:
        size = 0
        for byte in header[6:]:
            size = size << 7 | byte & 0x7F
        footer = 10 if header[5] & 0x10 else 0
        at += 10 + size + footer
    return at


def _flac(file: BinaryIO, start: int) -> list[Span]:
    spans, at = [], start + 4
    while len(header := read_at(file, at, 4)) == 4:
        length = int.from_bytes(header[1:], "big")
        if header[0] & 0x7F == 0:  # STREAMINFO: format, length and MD5 of the sound
            spans.append(Span(at + 4, length))
        at += 4 + length
        if header[0] & _FLAC_LAST_BLOCK:
            break
    return [*spans, Span(at, max(_end_of_audio(file) - at, 0))]


def _wav(file: BinaryIO, _start: int) -> list[Span]:
    return [
        span
        for name, span in iff_chunks(file, little_endian=True)
        if name in (b"fmt ", b"data") and span.length
    ]


def _aiff(file: BinaryIO, _start: int) -> list[Span]:
    return [
        span
        for name, span in iff_chunks(file, little_endian=False)
        if name in (b"COMM", b"SSND") and span.length
    ]


def _mp4(file: BinaryIO, _start: int) -> list[Span]:
    return [span for name, span in mp4_boxes(file) if name == b"mdat" and span.length]


def _asf(file: BinaryIO, _start: int) -> list[Span]:
    size, at = file_size(file), 0
    while len(header := read_at(file, at, 24)) == 24:
        length = struct.unpack("<Q", header[16:])[0]
        if header[:16] == _ASF_DATA:
            start = at + 24 + _ASF_DATA_PREFIX
            return [Span(start, max(min(at + length, size) - start, 0))]
        if length < 24:
            break
        at += length
    return []


def _dsf(file: BinaryIO, _start: int) -> list[Span]:
    format_bytes = struct.unpack("<Q", read_at(file, _DSF_HEADER_BYTES + 4, 8).ljust(8, b"\0"))[0]
    data = _DSF_HEADER_BYTES + format_bytes
    data_bytes = struct.unpack("<Q", read_at(file, data + 4, 8).ljust(8, b"\0"))[0]
    length = min(data_bytes, file_size(file) - data)
    if read_at(file, data, 4) != b"data" or length <= 0:
        return []
    return [Span(_DSF_HEADER_BYTES, format_bytes), Span(data, length)]


def _between_tags(file: BinaryIO, start: int) -> list[Span]:
    if read_at(file, start, 8) == b"APETAGEX":
        start += _APE_FOOTER_BYTES + _ape_size(read_at(file, start, _APE_FOOTER_BYTES))
    # Some taggers leave zeros after their tag; they are no more audio than the tag is.
    while (block := read_at(file, start, 4096)) and not block.strip(b"\0"):
        start += len(block)
    start += len(block) - len(block.lstrip(b"\0"))
    return [Span(start, max(_end_of_audio(file) - start, 0))]


def _end_of_audio(file: BinaryIO) -> int:
    """Return where the tags at the end of the file begin: ID3v1, Lyrics3 and APE, in any order."""
    end = file_size(file)
    while (before := _before_last_tag(file, end)) < end:
        end = before
    return end


def _before_last_tag(file: BinaryIO, end: int) -> int:
    if end >= _ID3V1_BYTES and read_at(file, end - _ID3V1_BYTES, 3) == b"TAG":
        return end - _ID3V1_BYTES
    if end < _APE_FOOTER_BYTES:
        return end
    footer = read_at(file, end - _APE_FOOTER_BYTES, _APE_FOOTER_BYTES)
    if footer.startswith(b"APETAGEX"):
        flags = struct.unpack("<I", footer[20:24])[0]
        header = _APE_FOOTER_BYTES if flags & _APE_HAS_HEADER else 0
        return max(end - _ape_size(footer) - header, 0)
    if footer.endswith(b"LYRICS200") and footer[-15:-9].isdigit():
        return max(end - 15 - int(footer[-15:-9]), 0)
    return end


def _ape_size(header: bytes) -> int:
    size: int = struct.unpack("<I", header[12:16])[0]
    return size


_KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, int], list[Span]]], ...] = (
    (lambda magic: magic[:4] == b"fLaC", _flac),
    (lambda magic: magic[:4] in (b"RIFF", b"RF64") and magic[8:12] == b"WAVE", _wav),
    (lambda magic: magic[:4] == b"FORM" and magic[8:12] in (b"AIFF", b"AIFC"), _aiff),
    (lambda magic: magic[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"), _mp4),
    (lambda magic: magic[:16] == _ASF_HEADER, _asf),
    (lambda magic: magic[:4] == b"DSD ", _dsf),
)
