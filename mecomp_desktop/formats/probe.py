"""A first look at a file's bytes: what kind it is, and what its header promises."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mecomp_desktop.errors import Reason, UnreadableFile

_HEAD_BYTES = 16
# An offset and a block size, which the sound chunk of an AIFF counts with its samples.
_SSND_HEAD_BYTES = 8
_MPEG_SEARCH_BYTES = 8_192
_MAGICS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"RIFF", "riff"),
    (0, b"RF64", "riff"),
    (0, b"FORM", "aiff"),
    (0, b"ID3", "mpeg"),
    (4, b"ftyp", "mp4"),
    (0, b"wvpk", "wavpack"),
    (0, b"MAC ", "ape"),
    (0, b"caff", "caf"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
)


@dataclass(frozen=True, slots=True)
class FormatProbe:
    """What the first bytes tell.

    Attributes:
        kind: A known container, or ``""``.
        indexed: For MPEG audio: whether its first frame counts the frames (Xing, Info, VBRI).
        data_bytes: For WAV and AIFF: the promised bytes of samples; ``None`` if open-ended.
        complete: Whether the parts without which nothing can be decoded are there.
    """

    kind: str
    indexed: bool = False
    data_bytes: int | None = None
    complete: bool = True


def probe_format(path: Path) -> FormatProbe:
    """Open a file and recognise it.

    Raises:
        UnreadableFile: It is missing, forbidden, empty, or not a file.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            if not head:
                raise UnreadableFile(path, Reason.EMPTY)
            return _recognise(file, head)
    except FileNotFoundError as error:
        raise UnreadableFile(path, Reason.MISSING, str(error)) from error
    except PermissionError as error:
        raise UnreadableFile(path, Reason.NO_PERMISSION, str(error)) from error
    except IsADirectoryError as error:
        raise UnreadableFile(path, Reason.NOT_AUDIO, str(error)) from error
    except OSError as error:
        raise UnreadableFile(path, Reason.DAMAGED, str(error)) from error


def _recognise(file: BinaryIO, head: bytes) -> FormatProbe:
    kind = next((name for at, magic, name in _MAGICS if head[at:].startswith(magic)), "")
    if not kind and len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        kind = "mpeg"
    if kind == "mpeg":
        return FormatProbe(kind, indexed=_has_frame_count(file, head))
    if kind == "riff":
        return FormatProbe(kind, data_bytes=_chunk_bytes(file, b"data", "<I"))
    if kind == "aiff":
        size = _chunk_bytes(file, b"SSND", ">I")
        return FormatProbe(
            kind, data_bytes=None if size is None else max(0, size - _SSND_HEAD_BYTES)
        )
    if kind == "mp4":
        return FormatProbe(kind, complete=_has_movie_header(file))
    return FormatProbe(kind)


def _has_frame_count(file: BinaryIO, head: bytes) -> bool:
    start = 0
    if head.startswith(b"ID3"):
        size = head[6:10]
        start = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    file.seek(start)
    first = file.read(_MPEG_SEARCH_BYTES)
    return any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))


def _chunk_bytes(file: BinaryIO, name: bytes, size_format: str) -> int | None:
    """Return the promised size of an IFF chunk; ``None`` if absent or left open by a stream."""
    file.seek(12)
    while len(header := file.read(8)) == 8:
        (size,) = struct.unpack(size_format, header[4:])
        if header[:4] == name:
            return int(size) if size < 0x7FFF_0000 else None
        file.seek(size + size % 2, 1)
    return None


def _has_movie_header(file: BinaryIO) -> bool:
    """Return whether an MP4 file has its ``moov`` box, without which nothing can be found."""
    at = 0
    while True:
        file.seek(at)
        header = file.read(16)
        if len(header) < 8:
            return False
        size, name = struct.unpack(">I4s", header[:8])
        if name == b"moov":
            return True
        if size == 1 and len(header) == 16:
            (size,) = struct.unpack(">Q", header[8:])
        if size < 8:
            return False
        at += size
