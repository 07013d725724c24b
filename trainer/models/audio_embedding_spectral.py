"""AudioEmbeddingSpectral: a log-mel spectrogram, heard by statistics and by a small 2-D CNN."""

import torch
from torch import Tensor, nn

from trainer.config import ModelConfig
from trainer.models.embedder import Embedder
from trainer.models.mel_convolutions import MelConvolutions
from trainer.models.mel_power import MelPower, heard, log_power
from trainer.models.mel_statistics import MelStatistics
from trainer.models.parts import SkipHead


class AudioEmbeddingSpectral(Embedder):
    """Audio → log-mel → statistics and CNN side by side → head.

    ``pooled`` is the CNN's summary and beside it the statistics, projected.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        spectral = config.spectral
        self.log_floor = spectral.log_floor
        self.dimension = config.dimension
        self.mel = MelPower(config.sample_rate_hz, spectral.hop, spectral.bands, spectral.low_hz)
        self.statistics = MelStatistics(spectral)
        self.statistics_dropout = nn.Dropout(spectral.statistics_dropout)
        self.project_statistics = nn.Linear(self.statistics.width, spectral.statistics_width)
        self.convolutions = MelConvolutions(spectral)
        self.pooled_width = self.convolutions.width + spectral.statistics_width
        self.head = SkipHead(
            self.pooled_width, spectral.head_width, config.dimension, config.dropout
        )

    def pool(self, audio: Tensor) -> Tensor:
        """See :meth:`Embedder.pool`."""
        return self.pool_mel(*self.front_end(audio))

    def front_end(self, audio: Tensor) -> tuple[Tensor, Tensor]:
        """Audio to its mel power ``[batch, frames, bands]`` and mask ``[batch, frames]``."""
        with torch.autocast(audio.device.type, enabled=False):  # quiet bands need full precision
            power = self.mel(audio.float())
        return power, heard(power)

    def pool_mel(self, power: Tensor, mask: Tensor) -> Tensor:
        """Sums up what the front-end made, ``[batch, pooled_width]``.

        Args:
            power: ``[batch, frames, bands]``.
            mask: ``[batch, frames]``, whether a frame belongs to the recording; the others follow.
        """
        mask = mask.to(power.dtype)
        log_mel = log_power(power, mask, self.log_floor)
        statistics = self.statistics_dropout(self.statistics(log_mel, mask))
        parts = [self.convolutions(log_mel, mask), self.project_statistics(statistics)]
        return torch.cat(parts, dim=1)

    def standardise_to(self, audio: Tensor) -> None:
        """See :meth:`Embedder.standardise_to`."""
        with torch.no_grad():
            self.standardise(*self.front_end(audio))

    @torch.no_grad()
    def standardise(self, power: Tensor, mask: Tensor) -> None:
        """Takes the scale of what both branches see from training data; see :meth:`pool_mel`."""
        mask = mask.to(power.dtype)
        log_mel = log_power(power, mask, self.log_floor)
        self.statistics.standardise(log_mel, mask)
        self.convolutions.standardise(log_mel, mask)
