"""What the teachers see: mel spectrograms of 16 kHz mono audio, 96 bands, a frame every 16 ms."""

import numpy as np
import torch
from torch import Tensor, nn

RATE_HZ = 16_000
BANDS = 96
WINDOW = 512
HOP = 256
_FLOOR = 1e-10
_TOP_HZ = RATE_HZ / 2


def htk_edges_hz(count: int) -> Tensor:
    """``count`` frequencies from 0 to 8 kHz at equal steps on the HTK mel scale."""
    top_mel = 2595.0 * np.log10(1.0 + _TOP_HZ / 700.0)
    mels = torch.linspace(0.0, float(top_mel), count, dtype=torch.float64)
    return 700.0 * (10.0 ** (mels / 2595.0) - 1.0)


def slaney_edges_hz(count: int) -> Tensor:
    """``count`` frequencies from 0 to 8 kHz at equal steps on Slaney's mel scale.

    It is linear up to 1 kHz (200/3 Hz a mel) and logarithmic above (27 steps for a factor of 6.4).
    """
    hz_per_mel, knee_hz = 200.0 / 3.0, 1_000.0
    knee_mel, step = knee_hz / hz_per_mel, np.log(6.4) / 27.0
    top_mel = knee_mel + np.log(_TOP_HZ / knee_hz) / step
    mels = torch.linspace(0.0, float(top_mel), count, dtype=torch.float64)
    above = knee_hz * torch.exp(step * (mels - knee_mel))
    return torch.where(mels < knee_mel, hz_per_mel * mels, above)


def triangles(edges_hz: Tensor) -> Tensor:
    """Triangular filters between neighbouring edges, peak 1; float64 ``[edges - 2, 257]``."""
    bins_hz = torch.linspace(0.0, _TOP_HZ, WINDOW // 2 + 1, dtype=torch.float64)
    low, mid, high = edges_hz[:-2, None], edges_hz[1:-1, None], edges_hz[2:, None]
    rising, falling = (bins_hz - low) / (mid - low), (high - bins_hz) / (high - mid)
    return torch.minimum(rising, falling).clamp(min=0.0)


class FrontEnd(nn.Module):
    """Power spectrogram (periodic Hann window, 512/256) to mel bands.

    Args:
        filters: ``[96, 257]``.
        padding: How the half window before the first sample is filled: "reflect" or "constant".
    """

    window: Tensor
    filters: Tensor

    def __init__(self, filters: Tensor, padding: str) -> None:
        super().__init__()
        self.padding = padding
        self.register_buffer("window", torch.hann_window(WINDOW), persistent=False)
        self.register_buffer("filters", filters.float(), persistent=False)

    def mel_power(self, audio: Tensor) -> Tensor:
        """``[batch, samples]`` at 16 kHz to ``[batch, 96, frames]``."""
        spectrum = torch.stft(
            audio,
            WINDOW,
            HOP,
            window=self.window,
            center=True,
            pad_mode=self.padding,
            return_complex=True,
        )
        return self.filters @ spectrum.abs().square()


class DecibelMel(FrontEnd):
    """Decibels of HTK bands, floor 1e-10, no ceiling: what all but ``musicnn_msd`` see."""

    def __init__(self) -> None:
        super().__init__(triangles(htk_edges_hz(BANDS + 2)), "reflect")

    def forward(self, audio: Tensor) -> Tensor:
        """``[batch, samples]`` to ``[batch, 96, frames]``."""
        return 10.0 * self.mel_power(audio).clamp(min=_FLOOR).log10()


class CompressedMel(FrontEnd):
    """log10(1 + 10,000 m) of Slaney's bands, each of area one: what ``musicnn_msd`` sees."""

    def __init__(self) -> None:
        edges_hz = slaney_edges_hz(BANDS + 2)
        area = 2.0 / (edges_hz[2:] - edges_hz[:-2])
        super().__init__(triangles(edges_hz) * area[:, None], "constant")

    def forward(self, audio: Tensor) -> Tensor:
        """``[batch, samples]`` to ``[batch, 96, frames]``."""
        return (1.0 + 10_000.0 * self.mel_power(audio)).log10()
