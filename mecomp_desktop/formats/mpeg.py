"""MPEG audio (MP1, MP2, MP3): frame headers, and the index that an encoder leaves in the first.

The index counts frames and bytes. A file that was cut, joined or re-encoded afterwards keeps it,
so it is believed only where it agrees with the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import file_size, read_at
from mecomp_desktop.formats.outer_tags import after_leading_tags, end_of_audio

_SEARCH_BYTES = 128 * 1024
_FRAMES_IN_A_ROW = 3
_MAX_FRAME_BYTES = 2_881
_INDEX_BYTES = 256
_SAMPLED_PLACES = 6
_SAMPLED_FRAMES = 12
_BYTES_SLACK, _BYTES_SLACK_SHARE = 4_096, 0.02
_MEAN_SLACK_SHARE = 0.1
# Behind an index of all four parts: the encoder's name, and its delay and padding, 12 bits each.
_ENCODER_AT, _NOTED_AT = 120, 141
_DECODER_DELAY_FRAMES = 529

_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_KBPS = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_LAYER_1 = 3


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """The four bytes that begin every frame.

    Attributes:
        sample_rate_hz: Frames per second.
        samples: How many of them are in it (sound frames, of all channels).
        length: Its bytes.
        index_at: Where in it an index would stand.
    """

    sample_rate_hz: int
    samples: int
    length: int
    index_at: int


@dataclass(frozen=True, slots=True)
class MpegClaim:
    """What the index in the first frame says.

    Attributes:
        duration_s: The claimed length; 0 without an index.
        agrees: Whether the file is what the index describes.
        cut_off: Whether the file has clearly fewer bytes than it describes.
        after_index: Where the first frame of sound begins in the file; 0 without an index.
        delay_frames: Frames that encoder and decoder put before the sound, as the index tells.
    """

    duration_s: float = 0.0
    agrees: bool = False
    cut_off: bool = False
    after_index: int = 0
    delay_frames: int = 0


def parse_header(header: bytes) -> FrameHeader | None:
    """Return what a frame's header says; ``None`` if these bytes are not one."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer == 0 or rate == 3 or not 0 < bitrate < 15:
        return None
    table = _KBPS[(3, layer) if version == 3 else (2, 3 if layer == _LAYER_1 else 2)]
    rate_hz, bits = _RATES_HZ[version][rate], table[bitrate - 1] * 1_000
    padding = header[2] >> 1 & 1
    if layer == _LAYER_1:
        return FrameHeader(rate_hz, 384, (12 * bits // rate_hz + padding) * 4, 0)
    samples = 576 if layer == 1 and version != 3 else 1152
    mono = header[3] >> 6 == 3
    side = {True: 17, False: 32}[mono] if version == 3 else {True: 9, False: 17}[mono]
    return FrameHeader(rate_hz, samples, samples * bits // 8 // rate_hz + padding, 4 + side)


def find_first_frame(file: BinaryIO) -> int | None:
    """Return where the first of several frames in a row begins, after tags and junk."""
    start = after_leading_tags(file)
    window = read_at(file, start, _SEARCH_BYTES)
    at = -1
    while (at := window.find(b"\xff", at + 1)) >= 0:
        if _is_row(file, start + at, window[at : at + 4]):
            return start + at
    return None


def read_claim(file: BinaryIO) -> MpegClaim:
    """Return what the index says, and whether the file agrees."""
    start = find_first_frame(file)
    head = parse_header(read_at(file, start, 4)) if start is not None else None
    if start is None or head is None:
        return MpegClaim()
    first = read_at(file, start, _INDEX_BYTES)
    index = _xing(first[head.index_at :]) or _vbri(first[36:])
    if index is None:
        return MpegClaim()
    frames, claimed_bytes = index
    real_bytes = end_of_audio(file) - start
    music = start + head.length  # the frame with the index is as large as the index needs
    slack = max(_BYTES_SLACK, claimed_bytes * _BYTES_SLACK_SHARE)
    differs = abs(claimed_bytes - real_bytes) > slack
    return MpegClaim(
        duration_s=frames * head.samples / head.sample_rate_hz,
        agrees=not differs and _mean_is_plausible(file, music, real_bytes, frames),
        cut_off=differs and 0 < real_bytes < claimed_bytes,
        after_index=music,
        delay_frames=_delay(first[head.index_at :]),
    )


def _delay(index: bytes) -> int:
    """Return the frames before the sound by what an encoder noted behind its index."""
    noted = index[_NOTED_AT : _NOTED_AT + 3]
    encoder = int.from_bytes(noted, "big") >> 12
    has_note = index[_ENCODER_AT : _ENCODER_AT + 4] in (b"LAME", b"Lavf", b"Lavc")
    return encoder + _DECODER_DELAY_FRAMES if has_note else 0


def _xing(data: bytes) -> tuple[int, int] | None:
    """Return frames and bytes of a Xing or Info index that has both."""
    if data[:4] not in (b"Xing", b"Info") or len(data) < 16 or data[7] & 3 != 3:
        return None
    frames = int.from_bytes(data[8:12], "big")
    return (frames, int.from_bytes(data[12:16], "big")) if frames else None


def _vbri(data: bytes) -> tuple[int, int] | None:
    """Return frames and bytes of a VBRI index."""
    if data[:4] != b"VBRI" or len(data) < 18:
        return None
    frames = int.from_bytes(data[14:18], "big")
    return (frames, int.from_bytes(data[10:14], "big")) if frames else None


def _mean_is_plausible(file: BinaryIO, start: int, length: int, frames: int) -> bool:
    """Return whether bytes per frame by the index are what frames here and there really have.

    Where it errs on the side of doubt, the frames are counted, which costs little.
    """
    means = []
    for place in range(_SAMPLED_PLACES):
        sizes = list(_frame_sizes(file, start + length * place // _SAMPLED_PLACES))
        if sizes:
            means.append(fmean(sizes))
    if not means:
        return False
    mean = fmean(means)
    spread = 3 * stdev(means) / len(means) ** 0.5 if len(means) > 1 else 0.0
    return abs(length / frames - mean) <= _MEAN_SLACK_SHARE * mean + spread


def _frame_sizes(file: BinaryIO, start: int) -> Iterator[int]:
    window = read_at(file, start, 2 * _MAX_FRAME_BYTES)
    at = -1
    while (at := window.find(b"\xff", at + 1)) >= 0:
        if _is_row(file, start + at, window[at : at + 4]):
            break
    else:
        return
    place = start + at
    for _ in range(_SAMPLED_FRAMES):
        header = parse_header(read_at(file, place, 4))
        if header is None:
            return
        yield header.length
        place += header.length


def _is_row(file: BinaryIO, at: int, header: bytes) -> bool:
    """Return whether frames of one rate follow each other here, up to the end of a short file."""
    first = parse_header(header)
    if first is None:
        return False
    for _ in range(_FRAMES_IN_A_ROW - 1):
        parsed = parse_header(header)
        if parsed is None or parsed.sample_rate_hz != first.sample_rate_hz:
            return False
        at += parsed.length
        header = read_at(file, at, 4)
        if len(header) < 4:
            return at <= file_size(file)
    return parse_header(header) is not None
