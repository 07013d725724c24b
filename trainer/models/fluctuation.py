"""Fluctuation patterns: how strongly each range of the spectrum wavers, and at which tempo.

After Pampalk, Rauber & Merkl, *Content-based organization and visualization of music archives*
(2002), on a log-mel spectrogram.
"""

import numpy as np
import torch
from torch import Tensor, nn

from mecomp_desktop.arrays import Doubles
from trainer.config import SpectralConfig

_POWER_FLOOR = 1e-4
_FLOOR = 0.1


class FluctuationPatterns(nn.Module):
    """Log-mel ``[batch, frames, bands]`` and its mask to ``[batch, tempos · groups]``, in logs.

    The mean over windows that overlap by half. A window counts that lies within the recording;
    the first one always does, filled up with silence that does not waver.
    """

    groups: Tensor
    time: Tensor
    tempo: Tensor
    tempo_bands: Tensor

    def __init__(self, config: SpectralConfig) -> None:
        super().__init__()
        self.window = config.fluctuation_window
        tempo_bands = tempo_filters(self.window, config.fluctuation_tempos)
        self.width = config.fluctuation_groups * tempo_bands.shape[1]
        tables = {
            "groups": _averages(config.bands, config.fluctuation_groups),
            "time": np.arange(self.window)[None],
            "tempo": np.arange(1, self.window // 2 + 1)[:, None],
            "tempo_bands": tempo_bands.T[:, :, None, None],
        }
        for name, table in tables.items():
            self.register_buffer(name, torch.from_numpy(table).float())

    def forward(self, log_mel: Tensor, mask: Tensor) -> Tensor:
        """The patterns."""
        count = mask.sum(dim=1, keepdim=True)
        level = log_mel @ self.groups
        mean = mask[:, None] @ level / count[:, :, None]
        # Without the mean: the window's spectrum would leak it into the slowest tempos.
        wavering = ((level - mean) * mask[:, :, None]).transpose(1, 2)
        image = nn.functional.pad(wavering, (0, self.window - 1))[:, None]
        # The windows as a convolution, one row a group: [batch, tempos, groups, windows].
        stride = (1, self.window // 2)
        cosine, sine = (
            nn.functional.conv2d(image, kernel, None, stride) for kernel in self._kernels()
        )
        power = cosine * cosine + sine * sine
        # The floor lies under the root, whose slope at 0 is infinite.
        strength = nn.functional.conv2d((power + _POWER_FLOOR).sqrt(), self.tempo_bands)
        weight = self._inside(count, strength.shape[3])
        total = (strength * weight[:, None, None]).sum(dim=3)
        return (total / weight.sum(dim=1)[:, None, None] + _FLOOR).log().flatten(1)

    def _inside(self, count: Tensor, windows: int) -> Tensor:
        """Which windows lie within recordings of ``count [batch, 1]`` frames: ones and zeros."""
        starts = torch.arange(windows, device=count.device).to(count.dtype) * (self.window // 2)
        return (starts <= (count - self.window).clamp(min=0.0)).to(count.dtype)

    def _kernels(self) -> tuple[Tensor, Tensor]:
        """Two of ``[tempos, 1, 1, window]``: Fourier transform of what differs from the mean."""
        turn = 2 * torch.pi / self.window
        taper = 0.5 - 0.5 * torch.cos(self.time * turn)
        turns = torch.fmod(self.tempo @ self.time, float(self.window)) * turn
        cosine, sine = (
            # Tapered waves no longer sum to exactly 0: what is left would answer to level, not to
            # change.
            table - table.mean(dim=1, keepdim=True)
            for table in (taper * torch.cos(turns), taper * torch.sin(turns))
        )
        return cosine[:, None, None], sine[:, None, None]


def tempo_filters(window: int, tempos: int) -> Doubles:
    """Averages over neighbouring frequencies, wider towards the high ones.

    Their edges are in geometric progression, rounded to whole frequencies; where two fall together
    there is one band less.

    Returns:
        ``[window / 2, at most tempos]``; the frequency that does not waver is not among them.
    """
    last = window // 2 + 1
    edges = np.unique(np.round(np.geomspace(1, last, tempos + 1)).astype(int))
    number = np.arange(1, last)[:, None]
    inside = (number >= edges[:-1]) & (number < edges[1:])
    filters: Doubles = inside / inside.sum(axis=0)
    return filters


def _averages(bands: int, groups: int) -> Doubles:
    """Means of neighbouring bands, ``[bands, groups]``."""
    member = np.arange(bands)[:, None] * groups // bands == np.arange(groups)
    averages: Doubles = member / member.sum(axis=0)
    return averages
