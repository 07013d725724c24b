"""Audio to the power in 64 mel bands, in the arithmetic that CPUs do fastest: matrix products.

A frame of 1,024 samples is looked at as 32 rows of 32, and its Fourier transform done in two
stages (Cooley & Tukey 1965): every column by a product that also holds the window and the twiddle
factors, then every row. The frequencies lie half a bin beside the usual ones, (k + ½) · rate /
1,024 (the odd-frequency transform): a real frame then has exactly 512 of them with no special case
at either end, and sixteen of the 32 rows determine the rest. Frequencies past the highest band are
left out of the second stage, as far as its columns hold nothing else.

The tables are computed from a few numbers whenever they are needed: a runtime does that once, when
it loads the graph, and the model file stays small.
"""

import numpy as np
import torch
from torch import Tensor, nn

from mecomp_desktop.arrays import Doubles

FRAME = 1_024
_RADIX = 32
_SLOTS = _RADIX // 2
_TINY = 1e-10


class MelPower(nn.Module):
    """Audio ``[batch, samples]`` to mean power a mel band, ``[batch, frames, bands]``.

    Frames of 1,024 samples under a Hann window, one every ``hop`` samples from the first on; past
    the end there is silence. A frame of digital silence has a power of exactly zero.

    Args:
        sample_rate_hz: Of the audio.
        hop: Samples between two frames, 512 or more; past 1,024 some are in no frame.
        bands: Triangles, evenly spaced on the mel scale.
        low_hz: Lower edge of the lowest.
        high_hz: Upper edge of the highest; 0 is half the rate.
    """

    samples: Tensor
    odd: Tensor
    order: Tensor
    turns: Tensor
    frequencies: Tensor
    rising: Tensor
    falling: Tensor

    def __init__(
        self,
        sample_rate_hz: int,
        hop: int = FRAME,
        bands: int = 64,
        low_hz: float = 30.0,
        high_hz: float = 0.0,
    ) -> None:
        super().__init__()
        assert hop >= FRAME // 2
        self.hop = hop
        self.bands = bands
        high_hz = high_hz or sample_rate_hz / 2
        turns = _turns_below(high_hz * FRAME / sample_rate_hz)
        numbers = _bin_numbers()[:, turns.astype(int)].ravel()
        frequencies_hz = (numbers + 0.5) * sample_rate_hz / FRAME
        lines = np.stack([frequencies_hz, np.ones_like(frequencies_hz)], axis=1)
        rising, falling = mel_slopes(sample_rate_hz, bands, low_hz, high_hz)
        row, column = np.divmod(np.arange(FRAME), _RADIX)
        tables = {
            "samples": (_RADIX * column + row)[:, None],  # by column of the frame, then by row
            "odd": (2 * np.arange(_SLOTS) + 1)[None],
            "order": np.arange(_RADIX)[:, None],
            "turns": turns[:, None],
            "frequencies": lines,
            "rising": rising,
            "falling": falling,
        }
        for name, table in tables.items():
            self.register_buffer(name, torch.from_numpy(table).float())

    def forward(self, audio: Tensor) -> Tensor:
        """Audio to mel power."""
        frames = self._frames(audio)
        # Two products of 32 × 32 matrices do the work of one with 1,024 × 1,024, with a tenth of
        # the multiplications, and are still matrix products, which runtimes do best.
        grid = frames.reshape(-1, _RADIX, _RADIX).permute(2, 0, 1)
        columns = grid @ self._first_stage()
        rows = columns.permute(1, 2, 0).reshape(-1, 2 * _RADIX)
        real, imaginary = (rows @ table for table in self._second_stage())
        # The square of the magnitude: the magnitude itself has no slope at 0, where silence lies.
        power = (real * real + imaginary * imaginary).reshape(-1, len(self.frequencies))
        mel = power @ self.filters()
        return mel.reshape(audio.shape[0], -1, self.bands)

    def filters(self) -> Tensor:
        """The weights of the bins in each band, ``[bins, bands]``; each band's sum is one.

        The bins are in the order in which the transform yields them.
        """
        return torch.relu(
            torch.minimum(self.frequencies @ self.rising, self.frequencies @ self.falling)
        )

    def _frames(self, audio: Tensor) -> Tensor:
        """``[batch, frames, 1,024]``."""
        count = (audio.shape[1] + self.hop - 1) // self.hop
        if self.hop >= FRAME:
            padded = nn.functional.pad(audio, (0, count * self.hop - audio.shape[1]))
            pieces = padded.reshape(audio.shape[0], -1, self.hop)
            return pieces if self.hop == FRAME else pieces[:, :, :FRAME]
        padded = nn.functional.pad(audio, (0, (count + 1) * self.hop - audio.shape[1]))
        pieces = padded.reshape(audio.shape[0], -1, self.hop)
        return torch.cat([pieces[:, :-1], pieces[:, 1:, : FRAME - self.hop]], dim=2)

    def _first_stage(self) -> Tensor:
        """``[columns, rows, (slot, real and imaginary)]``, window and twiddle factors included."""
        window = 0.5 - 0.5 * torch.cos(self.samples * (2 * torch.pi / FRAME))
        # Whole numbers, reduced exactly to one turn before the cosine: of larger angles some
        # runtimes' cosine is less exact.
        turns = torch.fmod(self.samples @ self.odd, 2.0 * FRAME) * (torch.pi / FRAME)
        table = torch.stack([window * torch.cos(turns), -window * torch.sin(turns)], dim=2)
        return table.reshape(_RADIX, _RADIX, _RADIX)

    def _second_stage(self) -> tuple[Tensor, Tensor]:
        """Two of ``[(real and imaginary, column), turns]``: to the real and the imaginary part."""
        turns = torch.fmod(self.order @ self.turns.T, float(_RADIX)) * (2 * torch.pi / _RADIX)
        cosine, sine = torch.cos(turns), torch.sin(turns)
        return torch.cat([cosine, sine]), torch.cat([-sine, cosine])


def _turns_below(limit: float) -> Doubles:
    """The columns of the second stage that hold a frequency below ``limit``, in bins."""
    return np.flatnonzero((_bin_numbers() < limit).any(axis=0)).astype(np.float64)


def _bin_numbers() -> Doubles:
    """Which of the 512 frequencies each output of the second stage is, ``[slots, turns]``."""
    slot, turn = np.arange(_SLOTS)[:, None], np.arange(_RADIX)[None]
    number = slot + _RADIX * turn
    return np.where(number < FRAME // 2, number, FRAME - 1 - number).astype(np.float64)


def mel_slopes(
    sample_rate_hz: int, bands: int, low_hz: float, high_hz: float
) -> tuple[Doubles, Doubles]:
    """The rising and the falling line of every triangle, ``[2, bands]`` each: slope and offset.

    A band's weights are the smaller of the two where that is positive. Triangles that would be
    narrower than two bins are widened to that, so that none is empty; the weights of a band add
    up to one.
    """
    edges_mel = np.linspace(_mel(low_hz), _mel(high_hz), bands + 2)
    edges_hz = 700.0 * (10.0 ** (edges_mel / 2595.0) - 1.0)
    middle, width_hz = edges_hz[1:-1], sample_rate_hz / FRAME
    # A triangle between two bins would hold none, and its band be silent in every recording.
    low = np.minimum(edges_hz[:-2], middle - width_hz)
    high = np.maximum(edges_hz[2:], middle + width_hz)
    rising = np.stack([1 / (middle - low), -low / (middle - low)])
    falling = np.stack([-1 / (high - middle), high / (high - middle)])
    frequencies_hz = (np.arange(FRAME // 2) + 0.5)[:, None] * width_hz
    weights = np.minimum(
        frequencies_hz * rising[0] + rising[1], frequencies_hz * falling[0] + falling[1]
    )
    total = np.maximum(weights, 0.0).sum(axis=0)
    return rising / total, falling / total


def _mel(frequency_hz: float) -> float:
    return float(2595.0 * np.log10(1.0 + frequency_hz / 700.0))


def recording_mask(power: Tensor) -> Tensor:
    """Which frames belong to each recording, ``[batch, frames]`` of truth values.

    A recording ends at its last frame that holds any sound; what follows is padding. One without
    any sound has one frame.
    """
    number = torch.arange(1, power.shape[1] + 1, device=power.device).to(power.dtype)
    # Exactly zero, not nearly: padding is written as zeros, while the quietest recording has some
    # noise. A threshold would cut fade-outs.
    sounding = (power.sum(dim=2) > 0).to(power.dtype)
    length = (sounding * number).amax(dim=1, keepdim=True).clamp(min=1.0)
    # A comparison of ranges, since the graph must have no loop and no shape that depends on values.
    return number <= length


def log_power(power: Tensor, mask: Tensor, floor: float = 1e-5) -> Tensor:
    """Mel power to its logarithm, the same at every loudness.

    Power is counted in units of the recording's mean over its frames and all bands.

    Args:
        power: ``[batch, frames, bands]``.
        mask: ``[batch, frames]``, one where a frame belongs to the recording, else zero.
        floor: What is added, in the same unit.

    Returns:
        ``[batch, frames, bands]``; padding has the logarithm of the floor if it is silent.
    """
    total = (power.sum(dim=2) * mask).sum(dim=1) / power.shape[2]
    mean = total / mask.sum(dim=1)
    # The mean over all bands: loudness goes, the balance between bands stays, which is timbre.
    return torch.log(power / (mean + _TINY)[:, None, None] + floor)
