"""Whether bytes are a picture that can be shown, told from their structure without decoding.

A tag may hold half of a picture, a web page, or a link; a file named cover.jpg may be empty. A
cover is looked for in the next place then, so the check must fail where a decoder would. It
reads the parts without which nothing can be drawn, and needs neither Qt nor a window.
"""

import struct
import zlib
from collections.abc import Callable
from enum import IntEnum

MAX_PICTURE_BYTES = 32 * 1024 * 1024
"""Larger ones are no covers; reading and decoding them would take memory and time."""

MAX_COVER_PX = 1_000
"""The shorter side of the largest cover that is shown."""

_PNG = b"\x89PNG\r\n\x1a\n"
_GIF_HEADER_BYTES = 13
_BMP_HEADER_BYTES = 26
_AVIF_BRANDS = (b"avif", b"avis")
# Markers of JPEG: start of frame in all its kinds (0xC4, 0xC8 and 0xCC are others), and of scan.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_SCAN, _JPEG_TABLES, _JPEG_END = 0xDA, 0xDB, 0xD9
_MIN_TABLES_BYTES = 2 + 65


class Condition(IntEnum):
    """How much of a picture is there."""

    BROKEN = 0
    CUT_OFF = 1
    WHOLE = 2


def condition(data: bytes) -> Condition:
    """Return whether bytes are a picture (JPEG, PNG, GIF, WebP, BMP, AVIF), and a whole one."""
    if not 0 < len(data) <= MAX_PICTURE_BYTES:
        return Condition.BROKEN
    check = next((check for matches, check in _KINDS if matches(data)), None)
    try:
        return check(data) if check is not None else Condition.BROKEN
    except (struct.error, IndexError):  # it ends within a header
        return Condition.BROKEN


def _is_avif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in _AVIF_BRANDS


def _jpeg(data: bytes) -> Condition:
    """Walk the segments: their lengths, tables and a size must be there before the first scan."""
    at, tables, sized = 2, False, False
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2 or at + 2 + length > len(data):
            return Condition.BROKEN
        if marker == _JPEG_TABLES:
            if length < _MIN_TABLES_BYTES:
                return Condition.BROKEN
            tables = True
        elif marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            sized = width > 0 and height > 0
        at += 2 + length
        if marker == _JPEG_SCAN:
            if not (tables and sized):
                return Condition.BROKEN
            ended = data.find(bytes((0xFF, _JPEG_END)), at) > 0
            return Condition.WHOLE if ended else Condition.CUT_OFF
    return Condition.BROKEN


def _png(data: bytes) -> Condition:
    """Walk the chunks; each ends with a sum of its bytes."""
    at, drawn = len(_PNG), False
    if data[at + 4 : at + 8] != b"IHDR" or 0 in struct.unpack_from(">II", data, at + 8):
        return Condition.BROKEN
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            return Condition.CUT_OFF if drawn or name == b"IDAT" else Condition.BROKEN
        if zlib.crc32(data[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            return Condition.CUT_OFF if drawn else Condition.BROKEN
        if name == b"IEND":
            return Condition.WHOLE if drawn else Condition.BROKEN
        drawn = drawn or name == b"IDAT"
        at = end
    return Condition.CUT_OFF if drawn else Condition.BROKEN


def _gif(data: bytes) -> Condition:
    if len(data) <= _GIF_HEADER_BYTES or 0 in struct.unpack_from("<HH", data, 6):
        return Condition.BROKEN
    return Condition.WHOLE if data.rstrip(b"\0").endswith(b";") else Condition.CUT_OFF


def _webp(data: bytes) -> Condition:
    (length,) = struct.unpack_from("<I", data, 4)
    if data[12:16] not in (b"VP8 ", b"VP8L", b"VP8X") or len(data) < 30:
        return Condition.BROKEN
    return Condition.WHOLE if length + 8 <= len(data) else Condition.CUT_OFF


def _bmp(data: bytes) -> Condition:
    (length,), (width, height) = (
        struct.unpack_from("<I", data, 2),
        struct.unpack_from("<ii", data, 18),
    )
    if len(data) <= _BMP_HEADER_BYTES or 0 in (width, height):
        return Condition.BROKEN
    return Condition.WHOLE if length <= len(data) else Condition.CUT_OFF


def _avif(data: bytes) -> Condition:
    """Walk the outer boxes: what is described in ``meta`` lies in ``mdat``."""
    at, names = 0, set()
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        length = len(data) - at if length == 0 else length
        if length < 8:
            return Condition.BROKEN
        if at + length > len(data):
            return Condition.BROKEN
        names.add(name)
        at += length
    return Condition.WHOLE if {b"meta", b"mdat"} <= names else Condition.BROKEN


_KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Condition]], ...] = (
    (lambda data: data.startswith(b"\xff\xd8\xff"), _jpeg),
    (lambda data: data.startswith(_PNG), _png),
    (lambda data: data[:6] in (b"GIF87a", b"GIF89a"), _gif),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", _webp),
    (lambda data: data.startswith(b"BM"), _bmp),
    (_is_avif, _avif),
)
