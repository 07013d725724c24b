"""AIFF and AIFC."""

from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange
from mecomp_desktop.formats.iff import iff_chunks
from mecomp_desktop.formats.riff import claimed_bytes, falls_short

# An offset and a block size, which the sound chunk counts with its samples.
_SSND_HEAD_BYTES = 8


def payload(file: BinaryIO) -> list[ByteRange]:
    """Return where format and samples lie; nothing where there are no samples."""
    chunks = [
        (name, content)
        for name, content in iff_chunks(file, little_endian=False)
        if name in (b"COMM", b"SSND") and content.length
    ]
    has_samples = any(name == b"SSND" for name, _ in chunks)
    return [content for _, content in chunks] if has_samples else []


def is_cut_off(file: BinaryIO) -> bool:
    """Return whether clearly fewer samples are there than the header says."""
    for name, content in iff_chunks(file, little_endian=False):
        if name == b"SSND":
            claimed = claimed_bytes(file, content, ">I")
            return claimed is not None and falls_short(content.length, claimed)
    return False


def aiff_data_bytes(file: BinaryIO) -> int | None:
    """Return the claimed length of the samples; ``None`` if open, or if there are none."""
    for name, content in iff_chunks(file, little_endian=False):
        if name == b"SSND":
            claimed = claimed_bytes(file, content, ">I")
            return None if claimed is None else max(0, claimed - _SSND_HEAD_BYTES)
    return None
