"""FFmpeg's frames as arrays of one rate and layout, whatever the stream switches to."""

from typing import Any, NamedTuple

import av
import numpy as np

from mecomp_desktop.audio.decoder import Samples

# PyAV finds the planes of a frame by looking for a null pointer behind them, in a table that has
# room for eight: with eight channels side by side there is none, and the process crashes. Up to
# two are certain; everything else is packed into one plane by the resampler first.
_MAX_DIRECT_PLANES = 2


class Target(NamedTuple):
    """The rate and channels that a decoder is to give, whatever its file has.

    Attributes:
        sample_rate_hz: Frames per second.
        layout: The channels, as FFmpeg names them.
        channels: How many they are.
    """

    sample_rate_hz: int
    layout: str
    channels: int


class FrameConverter:
    """Turns frames into float32 [n, channels].

    Args:
        target: The rate and channels of the result.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._resampler: Any = None
        self._takes: tuple[str, int, str] | None = None

    def convert(self, frame: Any) -> Samples:  # noqa: ANN401  (PyAV's frame class is not typed)
        """Return a frame's samples; fewer than it has, while the resampler fills."""
        if self._is_direct(frame):
            return _scaled(self._plain(frame))
        kind = (str(frame.format.name), int(frame.sample_rate), str(frame.layout.name))
        parts: list[Samples] = []
        if kind != self._takes:
            # A resampler takes frames of one kind alone, and raises at any other; streams of
            # several kinds (three songs in one MP3) need a new one at each switch.
            parts.append(self.flush())
            self._resampler = av.AudioResampler(
                "flt", self.target.layout, self.target.sample_rate_hz
            )
            self._takes = kind
        frame.pts = None  # or gaps in the timestamps would be filled
        parts.extend(self._packed(part) for part in self._resampler.resample(frame))
        return np.concatenate(parts) if parts else self._empty()

    def flush(self) -> Samples:
        """Return what the resampler still holds of the frames before."""
        resampler, self._resampler, self._takes = self._resampler, None, None
        if resampler is None:
            return self._empty()
        parts = [self._packed(part) for part in resampler.resample(None) if part is not None]
        return np.concatenate(parts) if parts else self._empty()

    def _is_direct(self, frame: Any) -> bool:  # noqa: ANN401  (as above)
        if (
            frame.sample_rate != self.target.sample_rate_hz
            or frame.layout.name != self.target.layout
        ):
            return False
        return not frame.format.is_planar or frame.layout.nb_channels <= _MAX_DIRECT_PLANES

    def _plain(self, frame: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401  (as above)
        array: np.ndarray[Any, Any] = frame.to_ndarray()
        return array.T if frame.format.is_planar else array.reshape(-1, self.target.channels)

    def _packed(self, frame: Any) -> Samples:  # noqa: ANN401  (as above)
        array: Samples = frame.to_ndarray()
        return array.reshape(-1, self.target.channels)

    def _empty(self) -> Samples:
        return np.empty((0, self.target.channels), np.float32)


def _scaled(block: np.ndarray[Any, Any]) -> Samples:
    """Return any kind of number as float32, full scale −1…1."""
    if block.dtype == np.float32:
        return block
    if block.dtype == np.uint8:
        return (block.astype(np.float32) - 128) / np.float32(128)
    if block.dtype.kind == "i":  # a power of two: nothing is lost by dividing float32 at once
        return block.astype(np.float32) / np.float32(-float(np.iinfo(block.dtype).min))
    return block.astype(np.float32)
