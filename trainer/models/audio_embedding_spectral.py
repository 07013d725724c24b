"""AudioEmbeddingSpectral: statistics of a log-mel spectrogram beside a small 2-D CNN."""

import torch
from torch import Tensor, nn

from trainer.config import ModelConfig
from trainer.models.embedder import Embedder
from trainer.models.mel_convolutions import MelConvolutions
from trainer.models.mel_power import MelPower, log_power, recording_mask
from trainer.models.mel_statistics import MelStatistics
from trainer.models.parts import ResidualHead


class AudioEmbeddingSpectral(Embedder):
    """Audio → log-mel → statistics and CNN side by side → head.

    ``pooled`` is the CNN's summary, then the statistics, projected, and at last a placement of
    the recording by the statistics alone, which the head corrects.
    """

    stores_compactly = True

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        spectral = config.spectral
        self.log_floor = spectral.log_floor
        self.dimension = config.dimension
        edges_hz = spectral.low_hz, spectral.high_hz
        self.mel = MelPower(config.sample_rate_hz, spectral.hop, spectral.bands, *edges_hz)
        self.statistics = MelStatistics(spectral)
        self.statistics_dropout = nn.Dropout(spectral.statistics_dropout)
        self.sphering = spectral.sphering
        self.statistics_projection = nn.Linear(self.statistics.width, spectral.statistics_width)
        self.statistics_skip = nn.Linear(self.statistics.width, config.dimension, bias=False)
        self.convolutions = MelConvolutions(spectral)
        summary = self.convolutions.width + spectral.statistics_width
        self.pooled_width = summary + config.dimension
        self.head = ResidualHead(summary, spectral.head_width, config.dimension, config.dropout)

    def pool(self, audio: Tensor) -> Tensor:
        """See :meth:`Embedder.pool`."""
        return self.pool_mel(*self.front_end(audio))

    def front_end(self, audio: Tensor) -> tuple[Tensor, Tensor]:
        """Audio to its mel power ``[batch, frames, bands]`` and mask ``[batch, frames]``."""
        with torch.autocast(audio.device.type, enabled=False):  # quiet bands need full precision
            power = self.mel(audio.float())
        return power, recording_mask(power)

    def pool_mel(self, power: Tensor, mask: Tensor) -> Tensor:
        """Sums up what the front-end made, ``[batch, pooled_width]``.

        Args:
            power: ``[batch, frames, bands]``.
            mask: ``[batch, frames]``, whether a frame belongs to the recording; the others follow.
        """
        mask = mask.to(power.dtype)
        with torch.autocast(power.device.type, enabled=False):  # covariances need full precision
            log_mel = log_power(power, mask, self.log_floor)
            statistics = self.statistics(log_mel, mask)
            placement = self.statistics_skip(self.statistics_dropout(statistics))
        parts = [
            self.convolutions(log_mel, mask),
            self.statistics_projection(self.statistics_dropout(statistics)),
            placement,
        ]
        return torch.cat(parts, dim=1)

    def standardise_to(self, audio: Tensor) -> None:
        """See :meth:`Embedder.standardise_to`."""
        with torch.no_grad():
            self.standardise(*self.front_end(audio))

    @torch.no_grad()
    def standardise(self, power: Tensor, mask: Tensor) -> None:
        """Takes the scale of what both branches see from training data; see :meth:`pool_mel`.

        The placement becomes that along the principal axes of the statistics.
        """
        mask = mask.to(power.dtype)
        log_mel = log_power(power, mask, self.log_floor)
        self.convolutions.standardise(log_mel, mask)
        self.statistics.standardise(log_mel, mask)
        statistics = self.statistics.scaled(log_mel, mask)
        axes = principal_axes(statistics, self.dimension, self.sphering)
        # Fewer recordings than dimensions give fewer axes; the rest stays at 0.
        self.statistics_skip.weight.zero_()
        self.statistics_skip.weight[: len(axes)] = axes


def principal_axes(values: Tensor, count: int, sphering: float) -> Tensor:
    """The strongest principal axes of ``[n, width]``, ``[at most count, width]``.

    Args:
        values: Centred.
        count: How many.
        sphering: 0 leaves the spread along the axes as it is, 1 makes it even. The mean length
            of the rows along all of them becomes one.
    """
    _, spread, axes = torch.linalg.svd(values, full_matrices=False)
    # Relative to the strongest axis, and not below a millionth of it: the last axes of few
    # recordings are rounding noise, and dividing by their spread would make it count.
    even = (spread / spread[0]).clamp(min=1e-6)[:count, None] ** sphering
    tempered: Tensor = axes[:count] / even
    length: Tensor = (values @ tempered.T).norm(dim=1).mean()
    return tempered / length
