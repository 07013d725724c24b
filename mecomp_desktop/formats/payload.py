"""Where the audio of a file lies, tags left out, for each kind of file."""

from collections.abc import Callable
from typing import BinaryIO

from mecomp_desktop.formats import aiff, asf, dsf, flac, mp4, riff
from mecomp_desktop.formats.byte_range import ByteRange, clipped, read_at
from mecomp_desktop.formats.outer_tags import after_id3, after_leading_tags, end_of_audio

_MP4_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide")
_Finder = Callable[[BinaryIO, int], list[ByteRange]]


def payload(file: BinaryIO) -> list[ByteRange]:
    """Return where the audio lies; what a tagger may rewrite is not in it.

    The kind is told from the content, for names lie. A file of no known kind, and one in which
    its kind finds no audio, is taken as one run of audio with tags before and behind it, which
    is what MP3 and most others are.
    """
    start = after_id3(file)
    finder = _finder(read_at(file, start, 16))
    found = finder(file, start) if finder is not None else []
    if found and found[-1].length:  # the last range is the sound; before it stands its format
        return found
    start = after_leading_tags(file)
    return [clipped(file, start, end_of_audio(file) - start)]


def _finder(magic: bytes) -> _Finder | None:
    if magic.startswith(flac.MAGIC):
        return flac.payload
    if magic[:4] in (b"RIFF", b"RF64") and magic[8:12] == b"WAVE":
        return lambda file, _start: riff.payload(file)
    if magic[:4] == b"FORM" and magic[8:12] in (b"AIFF", b"AIFC"):
        return lambda file, _start: aiff.payload(file)
    if magic[4:8] in _MP4_FIRST_BOXES:
        return lambda file, _start: mp4.payload(file)
    if magic == asf.MAGIC:
        return lambda file, _start: asf.payload(file)
    if magic.startswith(dsf.MAGIC):
        return lambda file, _start: dsf.payload(file)
    return None
