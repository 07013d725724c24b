"""The shape of a whole file, small enough to be drawn as a seek bar."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from mecomp_desktop.arrays import Bytes
from mecomp_desktop.audio.decode import open_audio
from mecomp_desktop.audio.decoder import Decoder, Samples
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile

_BLOCK_S = 2.0
_MAX_BLOCK_SAMPLES = 1 << 20
# Peaks are first gathered over stretches this short, since the length is only sure at the end.
_STRETCH_S = 0.05


class Shape(NamedTuple):
    """The shape of a file, and what decoding it to its end has told.

    Attributes:
        levels: The loudest sample of each stretch, uint8 [buckets]; 255 is full scale.
        duration_s: How long the sound is.
        ends_early: Whether it ends clearly before the end that the header promises.
    """

    levels: Bytes
    duration_s: float
    ends_early: bool


def shape(path: Path, buckets: int = 400, part: Part | None = None) -> Shape:
    """Return the loudest sample of each of ``buckets`` equal stretches.

    The whole file, or the whole part of it, is decoded, in bounded blocks: for worker processes. A
    file that is cut off gives the shape of what is there.

    Raises:
        UnreadableFile: It cannot be decoded, or there is no sound in it.
        ValueError: There is not at least one bucket.
    """
    if buckets < 1:
        raise ValueError(f"{buckets} buckets")
    with open_audio(path, part) as decoder:
        fine = _stretches(decoder)
        ended_at, ends_early = decoder.ended_at or 0, decoder.cut_off
        duration_s = ended_at / decoder.info.sample_rate_hz
    if fine.size == 0:
        raise UnreadableFile(path, Reason.NO_AUDIO, "not one frame")
    fine = np.nan_to_num(fine, nan=0.0, posinf=1.0)
    scaled: Bytes = np.rint(np.clip(_gather(fine, buckets), 0, 1) * 255).astype(np.uint8)
    return Shape(scaled, duration_s, ends_early)


def _stretches(decoder: Decoder) -> Samples:
    """Return the loudest sample of every 50 ms, over all channels: float32 [n]."""
    width = max(1, round(_STRETCH_S * decoder.info.sample_rate_hz))
    stretches = min(_BLOCK_S / _STRETCH_S, _MAX_BLOCK_SAMPLES / width / decoder.info.channels)
    size = width * max(1, round(stretches))
    parts: list[Samples] = []
    while len(block := decoder.read(size)):
        # The larger of maximum and minus minimum needs no copy of the block, as abs would.
        starts = np.arange(0, len(block), width)
        high = np.maximum.reduceat(block.max(axis=1), starts)
        low = np.minimum.reduceat(block.min(axis=1), starts)
        parts.append(np.maximum(high, -low))
    return np.concatenate(parts) if parts else np.empty(0, np.float32)


def _gather(fine: Samples, buckets: int) -> Samples:
    """Return float32 [buckets]: the maximum of each share, a share being at least one stretch."""
    edges = np.linspace(0, len(fine), buckets + 1)
    starts = np.minimum(edges[:-1].astype(np.int64), len(fine) - 1)
    ends = np.maximum(np.ceil(edges[1:]).astype(np.int64), starts + 1)
    return np.array(
        [fine[start:end].max() for start, end in zip(starts, ends, strict=True)], np.float32
    )
