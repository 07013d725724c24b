"""WAV: RIFF and RF64."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange, read_at
from mecomp_desktop.formats.iff import HEADER_BYTES, iff_chunks, is_open

_BYTES_SLACK, _BYTES_SLACK_SHARE = 4_096, 0.02
_PCM, _FLOAT, _EXTENSIBLE = 0x0001, 0x0003, 0xFFFE


@dataclass(frozen=True, slots=True)
class WavClaim:
    """What the header of a WAV says.

    Attributes:
        data_bytes: The length of the samples; ``None`` where it was left open, or there are none.
        has_samples: Whether there is a chunk of samples.
        cut_off: Whether clearly fewer samples are there than it says.
        plain: Whether the samples are plain numbers, whose count follows from their bytes.
    """

    data_bytes: int | None
    has_samples: bool
    plain: bool
    cut_off: bool = False


def payload(file: BinaryIO) -> list[ByteRange]:
    """Return where format and samples lie; nothing where there are no samples."""
    chunks = [
        (name, content)
        for name, content in iff_chunks(file, little_endian=True)
        if name in (b"fmt ", b"data") and content.length
    ]
    has_samples = any(name == b"data" for name, _ in chunks)
    return [content for _, content in chunks] if has_samples else []


def wav_claim(file: BinaryIO) -> WavClaim:
    """Return what the header says of the samples."""
    plain = False
    for name, content in iff_chunks(file, little_endian=True):
        if name == b"fmt ":
            tag = int.from_bytes(read_at(file, content.start, 2), "little")
            plain = tag in (_PCM, _FLOAT, _EXTENSIBLE)
        elif name == b"data":
            claimed = claimed_bytes(file, content, "<I")
            cut_off = claimed is not None and falls_short(content.length, claimed)
            return WavClaim(claimed, True, plain, cut_off)
    return WavClaim(None, False, plain)


def falls_short(there: int, claimed: int) -> bool:
    """Return whether clearly fewer bytes of samples are there than claimed."""
    return claimed - there > max(_BYTES_SLACK, _BYTES_SLACK_SHARE * claimed)


def claimed_bytes(file: BinaryIO, content: ByteRange, layout: str) -> int | None:
    """Return the length in a chunk's header, which may be more than the file has.

    Args:
        file: The file.
        content: Where the chunk's content lies.
        layout: How the length is written, for ``struct``.

    Returns:
        The length in bytes; ``None`` if a stream left it open.
    """
    at = content.start - HEADER_BYTES
    header = read_at(file, at, HEADER_BYTES)
    (length,) = struct.unpack(layout, header[4:])
    return None if is_open(file, at, header[:4], length) else int(length)
