"""One file on its way to the ring: decoded, brought to two channels and to the ring's rate."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import soxr

from mecomp_desktop.audio.decoder import AudioInfo, Samples
from mecomp_desktop.audio.engine import Playable
from mecomp_desktop.audio.resilient_reader import ResilientReader
from mecomp_desktop.audio.ring import CHANNELS
from mecomp_desktop.errors import Reason, UnreadableFile

_BLOCK_S = 0.1
_LOOK_AGAIN_S = 0.01
_HALF = 0.5**0.5
# Rows: left and right. Columns: channels in the order of WAV (FL FR FC LFE BL BR SL SR). Centre and
# surround go in at -3 dB, as ITU-R BS.775 has it; the bass channel is left out.
_DOWNMIX: dict[int, list[list[float]]] = {
    3: [[1, 0, _HALF], [0, 1, _HALF]],
    4: [[1, 0, _HALF, 0], [0, 1, 0, _HALF]],
    5: [[1, 0, _HALF, _HALF, 0], [0, 1, _HALF, 0, _HALF]],
    6: [[1, 0, _HALF, 0, _HALF, 0], [0, 1, _HALF, 0, 0, _HALF]],
    8: [[1, 0, _HALF, 0, _HALF, 0, _HALF, 0], [0, 1, _HALF, 0, 0, _HALF, 0, _HALF]],
}


def to_stereo(block: Samples) -> Samples:
    """Return float32 [n, 2] of any number of channels; never louder than full scale."""
    channels = block.shape[1]
    if channels == CHANNELS:
        return block
    if channels == 1:
        return np.repeat(block, CHANNELS, axis=1)
    matrix = _DOWNMIX.get(channels)
    if matrix is None:
        return np.repeat(block.mean(axis=1, keepdims=True), CHANNELS, axis=1)
    weights = np.array(matrix, np.float32)
    mixed: Samples = block @ (weights / weights.sum(axis=1, keepdims=True)).T
    return mixed


class Source:
    """Blocks of one file, about 0.1 s each.

    Args:
        item: What it is.
        reader: Its open file, at the place to begin; closed by ``close``.
        rate_hz: The ring's rate.
        before: A source of the same rate that this one continues without a seam, if any.
    """

    def __init__(
        self, item: Playable, reader: ResilientReader, rate_hz: int, before: "Source | None" = None
    ) -> None:
        self.item = item
        self.frames_in = 0
        self._reader = reader
        self._block = max(1, round(_BLOCK_S * reader.info.sample_rate_hz))
        self._first: Samples | None = None
        self._resampler: Any = None
        if before is not None and before.joins(reader.info):
            # Two resamplers would leave a seam: each begins and ends as if there were silence
            # around it. In one, the last frames of a file and the first of the next overlap as
            # they do within a file.
            self._resampler = before._resampler
        elif reader.info.sample_rate_hz != rate_hz:
            self._resampler = soxr.ResampleStream(
                reader.info.sample_rate_hz, rate_hz, CHANNELS, dtype="float32"
            )

    @property
    def info(self) -> AudioInfo:
        """What is known of the file before it is decoded."""
        return self._reader.info

    @property
    def reader(self) -> ResilientReader:
        """The open file, which tells how it ended."""
        return self._reader

    @property
    def resamples(self) -> bool:
        """Whether the file's rate is not the ring's."""
        return self._resampler is not None

    def joins(self, info: AudioInfo) -> bool:
        """Whether a file can go on in this one's resampler, as if both were one."""
        return self.resamples and info.sample_rate_hz == self.info.sample_rate_hz

    def has_sound(self) -> bool:
        """Decode the first block, and return whether there is anything in it."""
        if self._first is None:
            self._first = self._reader.read(self._block)
        while self._first is not None and not len(self._first):  # it is being rewritten just now
            time.sleep(_LOOK_AGAIN_S)
            self._first = self._reader.read(self._block)
        return self._first is not None

    def read(self) -> Samples | None:
        """Return the next float32 [n, 2] at the ring's rate; ``None`` at the end.

        n is 0 while the resampler fills, and while somebody rewrites the file.

        Raises:
            UnreadableFile: The file cannot be decoded further.
        """
        block, self._first = self._first, None
        if block is None:
            block = self._reader.read(self._block)
        if block is None:
            return None
        self.frames_in += len(block)
        block = to_stereo(block)
        if self.item.gain != 1.0:
            block = block * np.float32(self.item.gain)
        # Infinities of both signs, or numbers that add up to one, are what is asked for here: numpy
        # would warn of them on the standard error of whoever plays a damaged file.
        with np.errstate(invalid="ignore", over="ignore"):
            is_finite = bool(np.isfinite(block.sum()))
        if not is_finite:
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        if self._resampler is None:
            return block
        resampled: Samples = self._resampler.resample_chunk(np.ascontiguousarray(block))
        return resampled

    def rest(self) -> Samples:
        """Return what the resampler still holds when nothing follows: float32 [n, 2]."""
        empty = np.empty((0, CHANNELS), np.float32)
        if self._resampler is None:
            return empty
        tail: Samples = self._resampler.resample_chunk(empty, last=True)
        return tail

    def close(self) -> None:
        """Close the file."""
        self._reader.close()


def open_source(
    item: Playable,
    rate_for: Callable[[AudioInfo], int],
    position_s: float = 0.0,
    before: Source | None = None,
) -> Source:
    """Open a file at a place.

    Args:
        item: What to open.
        rate_for: Tells the ring's rate once the file's header is known.
        position_s: Where to begin.
        before: The source that this one follows in the same ring, if any.

    Raises:
        UnreadableFile: It cannot be opened, or there is nothing to hear in it.
    """
    passed_on = None if before is None else before.reader
    reader = ResilientReader(item.path, position_s, item.part, passed_on)
    try:
        source = Source(item, reader, rate_for(reader.info), before)
        if position_s <= 0 and not source.has_sound():
            reason = Reason.CUT_OFF if reader.cut_off else Reason.NO_AUDIO
            raise UnreadableFile(item.path, reason, "not one frame")
    except BaseException:
        reader.close()
        raise
    return source
