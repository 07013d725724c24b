"""The text of a playlist file, whose encoding nothing tells for sure."""

import codecs
import re

from mecomp_desktop.library.legacy_text import legacy_encoding
from mecomp_desktop.playlists.files.content import NoPlaylist

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # Before UTF-16: its mark begins with the one of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"^#EXTENC\s*:\s*([\w.:-]+)", re.MULTILINE | re.IGNORECASE)
_SAMPLE_BYTES = 4096
# Text of Latin letters has a zero for every other byte in UTF-16; names of files are enough.
_MIN_ZEROS_SHARE = 0.3
_LINE_ENDS = re.compile("\r\n|\r|\n")
# What no text has: the file is a picture, or music with the wrong ending.
_BINARY = re.compile("[\0-\x08\x0e-\x1f]")


def decode(raw: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises:
        NoPlaylist: It is no text.
    """
    encoding, start = _encoding(raw)
    text = raw[start:].decode(encoding, "replace")
    if _BINARY.search(text):
        raise NoPlaylist("it is no playlist but something else under that name")
    return text, encoding


def lines(text: str) -> list[str]:
    """Return the lines; only by what ends lines in files, for names may hold other separators."""
    return _LINE_ENDS.split(text)


def _encoding(raw: bytes) -> tuple[str, int]:
    """Return the encoding, and how many bytes to leave out before the text."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return encoding, len(mark)
    declared = _DECLARED.search(raw)
    if declared is not None:
        try:
            return codecs.lookup(declared[1].decode("ascii")).name, 0
        except (LookupError, UnicodeDecodeError):
            pass  # a name that nobody knows: judged by the bytes, as if it had told nothing
    sample = raw[:_SAMPLE_BYTES]
    if sample[1::2].count(0) > _MIN_ZEROS_SHARE * len(sample) / 2 and not sample[::2].count(0):
        return "utf-16-le", 0
    if sample[::2].count(0) > _MIN_ZEROS_SHARE * len(sample) / 2 and not sample[1::2].count(0):
        return "utf-16-be", 0
    return legacy_encoding((raw,)), 0
