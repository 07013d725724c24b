"""FLAC: metadata blocks, and the frame numbers that tell where a stream really ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange, clipped, read_at
from mecomp_desktop.formats.outer_tags import end_of_audio

MAGIC = b"fLaC"
_LAST_BLOCK = 0x80
_STREAMINFO_BYTES = 34
_MAX_BLOCKS = 1_000
# The last frame begins within this; frames of 8 channels at 24 bits may have 100 KiB.
_SEARCH_BYTES = 256 * 1024
_MAX_HEADER_BYTES = 16
_BLOCK_SIZES = {1: 192, 2: 576, 3: 1152, 4: 2304, 5: 4608, **{n: 1 << n for n in range(8, 16)}}


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """What the header says.

    Attributes:
        sample_rate_hz: Frames per second.
        channels: Samples per frame.
        bits: Bits per sample.
        frames: The length; 0 where a stream left it open.
        block_size: Frames in a block, where all blocks have the same; else 0.
        audio: Where the blocks lie.
    """

    sample_rate_hz: int
    channels: int
    bits: int
    frames: int
    block_size: int
    audio: ByteRange

    @property
    def plausible(self) -> bool:
        """Whether so many frames and so many bytes go together: FLAC never grows what it packs."""
        plain_bytes = self.frames * self.channels * self.bits // 8
        return self.frames > 0 and self.audio.length <= plain_bytes * 1.1 + _SEARCH_BYTES


def payload(file: BinaryIO, start: int) -> list[ByteRange]:
    """Return where STREAMINFO and the blocks lie; the file's FLAC mark stands at ``start``."""
    ranges, at = [], start + len(MAGIC)
    for kind, content in _blocks(file, start):
        if kind == 0:  # STREAMINFO: format, length and MD5 of the sound
            ranges.append(content)
        at = content.end
    return [*ranges, clipped(file, at, end_of_audio(file) - at)]


def stream_info(file: BinaryIO, start: int) -> StreamInfo | None:
    """Return what the header says; ``None`` if it is not complete."""
    ranges = payload(file, start)
    header = read_at(file, ranges[0].start, _STREAMINFO_BYTES) if len(ranges) > 1 else b""
    if len(header) < _STREAMINFO_BYTES:
        return None
    smallest, largest = int.from_bytes(header[:2], "big"), int.from_bytes(header[2:4], "big")
    packed = int.from_bytes(header[10:18], "big")
    return StreamInfo(
        sample_rate_hz=packed >> 44,
        channels=(packed >> 41 & 0x7) + 1,
        bits=(packed >> 36 & 0x1F) + 1,
        frames=packed & 0xF_FFFF_FFFF,
        block_size=largest if smallest == largest else 0,
        audio=ranges[-1],
    )


def frames_by_last_block(file: BinaryIO, info: StreamInfo) -> int | None:
    """Return the length that the last block's own number tells; ``None`` if none is found.

    Every block carries its number, or that of its first frame, in a header with a checksum: one
    look at the end tells the length of a file of any size, and also where a cut-off one ends.
    """
    start = max(info.audio.start, info.audio.end - _SEARCH_BYTES)
    tail = read_at(file, start, info.audio.end - start)
    at = len(tail)
    while (at := tail.rfind(b"\xff", 0, at)) >= 0:
        end = _end_of_block(tail[at : at + _MAX_HEADER_BYTES], info)
        if end is not None:
            return end
    return None


def _blocks(file: BinaryIO, start: int) -> Iterator[tuple[int, ByteRange]]:
    at = start + len(MAGIC)
    for _ in range(_MAX_BLOCKS):
        header = read_at(file, at, 4)
        if len(header) < 4:
            return
        content = clipped(file, at + 4, int.from_bytes(header[1:], "big"))
        yield header[0] & 0x7F, content
        at = content.end
        if header[0] & _LAST_BLOCK:
            return


def _end_of_block(header: bytes, info: StreamInfo) -> int | None:
    """Return the frame after a block, if these bytes are the header of one."""
    if len(header) < 6 or header[1] & 0xFE != 0xF8 or header[3] & 1:
        return None
    variable, size_code, rate_code = header[1] & 1, header[2] >> 4, header[2] & 0xF
    decoded = _coded_number(header[4:])
    if decoded is None or rate_code == 15 or size_code == 0:
        return None
    number, used = decoded
    at = 4 + used
    if size_code in (6, 7):
        width = size_code - 5
        size = int.from_bytes(header[at : at + width], "big") + 1
        at += width
    else:
        size = _BLOCK_SIZES[size_code]
    at += {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if at >= len(header) or _crc8(header[:at]) != header[at]:
        return None
    if variable:
        return number + size
    return number * info.block_size + size if info.block_size else None


def _coded_number(data: bytes) -> tuple[int, int] | None:
    """Return a number written in the manner of UTF-8, and how many bytes it takes."""
    first = data[0]
    if first < 0x80:
        return first, 1
    length = 8 - (first ^ 0xFF).bit_length()
    if not 2 <= length <= 7 or len(data) < length:
        return None
    number = first & (0x7F >> length)
    for byte in data[1:length]:
        if byte & 0xC0 != 0x80:
            return None
        number = number << 6 | byte & 0x3F
    return number, length


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc
