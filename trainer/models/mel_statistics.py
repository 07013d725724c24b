"""What classic music similarity measures of a log-mel spectrogram, in a form a graph can hold.

Of the cepstrum over time the mean, the deviation, the deviation of the change and the correlations
(Mandel & Ellis 2005); of the bands the fluctuation patterns, how strongly each wavers at which
tempo (Pampalk, Rauber & Merkl 2002). Nothing here is learned but the scale.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from trainer.config import SpectralConfig
from trainer.models.parts import split_frames

_VARIANCE_FLOOR = 1e-4
_FLUCTUATION_FLOOR = 0.1

Table = npt.NDArray[np.float64]


class MelStatistics(nn.Module):
    """Log-mel ``[batch, frames, bands]`` and its mask to statistics ``[batch, width]``.

    In this order: mean, log deviation and log deviation of the change of each cepstral
    coefficient; the correlation of each pair; the log fluctuation of each group of bands, by tempo.
    Padding counts nowhere.

    Attributes:
        mean: Of each statistic over the training data; see :meth:`standardise`.
        deviation: Likewise.
    """

    cosine: Tensor
    groups: Tensor
    time: Tensor
    tempo: Tensor
    tempo_bands: Tensor
    mean: Tensor
    deviation: Tensor

    def __init__(self, config: SpectralConfig) -> None:
        super().__init__()
        self.limit = config.statistics_limit
        self.window = config.fluctuation_window
        self.coefficients = config.coefficients
        tempo_bands = tempo_filters(self.window, config.fluctuation_tempos)
        pairs = self.coefficients * (self.coefficients - 1) // 2
        fluctuations = config.fluctuation_groups * tempo_bands.shape[1]
        self.width = 3 * self.coefficients + pairs + fluctuations
        tables = {
            "cosine": _cosine_transform(config.bands, self.coefficients),
            "groups": _averages(config.bands, config.fluctuation_groups),
            "time": np.arange(self.window)[:, None],
            "tempo": np.arange(1, self.window // 2 + 1)[None],
            "tempo_bands": tempo_bands,
            "mean": np.zeros(self.width),
            "deviation": np.ones(self.width),
        }
        for name, table in tables.items():
            self.register_buffer(name, torch.from_numpy(table).float())

    def forward(self, log_mel: Tensor, mask: Tensor) -> Tensor:
        """The statistics in units of the training data's deviation, within the limit."""
        scaled = (self.raw(log_mel, mask) - self.mean) / self.deviation
        return scaled.clamp(-self.limit, self.limit)

    def raw(self, log_mel: Tensor, mask: Tensor) -> Tensor:
        """The statistics as they are."""
        parts = [*self._timbre(log_mel, mask), self._fluctuation(log_mel, mask)]
        return torch.cat(parts, dim=1)

    def standardise(self, log_mel: Tensor, mask: Tensor) -> None:
        """Takes the scale from some recordings of the training data."""
        raw = self.raw(log_mel, mask)
        self.mean.copy_(raw.mean(0))
        self.deviation.copy_(raw.std(0) + 1e-3)

    def _timbre(self, log_mel: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Mean, log deviation, log deviation of the change, correlations."""
        each, count = mask[:, :, None], mask.sum(dim=1, keepdim=True)
        cepstrum = log_mel @ self.cosine
        mean = (cepstrum * each).sum(dim=1) / count
        centred = (cepstrum - mean[:, None]) * each
        covariance = (centred.transpose(1, 2) @ centred).flatten(1) / count
        first, second = np.triu_indices(self.coefficients, 1)
        diagonal = np.arange(self.coefficients) * (self.coefficients + 1)
        deviation = (_pick(covariance, diagonal) + _VARIANCE_FLOOR).sqrt()
        product = _pick(deviation, first) * _pick(deviation, second)
        correlation = _pick(covariance, first * self.coefficients + second) / product
        change = (cepstrum[:, 1:] - cepstrum[:, :-1]) * each[:, 1:]
        spread = (change * change).sum(dim=1) / (count - 1).clamp(min=1.0) + _VARIANCE_FLOOR
        return mean, deviation.log(), 0.5 * spread.log(), correlation

    def _fluctuation(self, log_mel: Tensor, mask: Tensor) -> Tensor:
        """``[batch, groups · tempos]``: the mean over windows that half overlap.

        A window counts that lies within the recording; the first one always does.
        """
        each, count = mask[:, :, None], mask.sum(dim=1, keepdim=True)
        level = log_mel @ self.groups
        mean = (level * each).sum(dim=1) / count
        wavering = ((level - mean[:, None]) * each).transpose(1, 2)
        batch, groups, frames = wavering.shape
        windows = split_frames(wavering.reshape(-1, frames), self.window, 2)
        cosine, sine = self._tempo_transform()
        strength = (
            (windows @ cosine).square() + (windows @ sine).square() + _VARIANCE_FLOOR
        ).sqrt()
        by_tempo = (strength @ self.tempo_bands).reshape(
            batch, groups, -1, self.tempo_bands.shape[1]
        )
        ends = (
            torch.arange(by_tempo.shape[2], device=mask.device) * (self.window // 2) + self.window
        )
        inside = ends.to(mask.dtype).clamp(min=float(self.window)) <= count.clamp(
            min=float(self.window)
        )
        weight = inside.to(mask.dtype)
        weighted = (by_tempo * weight[:, None, :, None]).sum(dim=2) / weight.sum(dim=1)[
            :, None, None
        ]
        return (weighted + _FLUCTUATION_FLOOR).log().flatten(1)

    def _tempo_transform(self) -> tuple[Tensor, Tensor]:
        """Two of ``[window, tempos]``: Fourier transform of what differs from a window's mean."""
        taper = 0.5 - 0.5 * torch.cos(self.time * (2 * torch.pi / self.window))
        turns = torch.fmod(self.time @ self.tempo, float(self.window)) * (
            2 * torch.pi / self.window
        )
        cosine, sine = taper * torch.cos(turns), taper * torch.sin(turns)
        return cosine - cosine.mean(dim=0), sine - sine.mean(dim=0)


def tempo_filters(window: int, tempos: int) -> Table:
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
    filters: Table = inside / inside.sum(axis=0)
    return filters


def _cosine_transform(bands: int, coefficients: int) -> Table:
    """DCT-II, ``[bands, coefficients]``; all are scaled as the orthonormal ones but the first."""
    middle, order = np.arange(bands)[:, None] + 0.5, np.arange(coefficients)
    table: Table = np.cos(np.pi / bands * middle * order) * np.sqrt(2 / bands)
    return table


def _averages(bands: int, groups: int) -> Table:
    """Means of neighbouring bands, ``[bands, groups]``."""
    member = np.arange(bands)[:, None] * groups // bands == np.arange(groups)
    averages: Table = member / member.sum(axis=0)
    return averages


def _pick(values: Tensor, places: npt.NDArray[np.intp]) -> Tensor:
    return values[:, torch.from_numpy(places).to(values.device)]
