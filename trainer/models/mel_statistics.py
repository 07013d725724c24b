"""What classic music similarity measures of a log-mel spectrogram, in a form a graph can hold."""

import torch
from torch import Tensor, nn

from trainer.config import SpectralConfig
from trainer.models.fluctuation import FluctuationPatterns
from trainer.models.timbre import Timbre


class MelStatistics(nn.Module):
    """Log-mel ``[batch, frames, bands]`` and its mask to statistics ``[batch, width]``.

    Timbre, then fluctuation patterns. Nothing here is learned but the scale; padding counts
    nowhere.

    Attributes:
        mean: Of each statistic over the training data; see :meth:`standardise`.
        scale: What it is multiplied by.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, config: SpectralConfig) -> None:
        super().__init__()
        self.limit = config.statistics_limit
        self.weights = config.statistics_weights
        self.timbre = Timbre(config)
        self.fluctuation = FluctuationPatterns(config)
        self.width = self.timbre.width + self.fluctuation.width
        self.register_buffer("mean", torch.zeros(self.width))
        self.register_buffer("scale", torch.ones(self.width))

    def forward(self, log_mel: Tensor, mask: Tensor) -> Tensor:
        """The statistics, scaled and within the limit."""
        # Odd sounds (a single tone, clipping) lie far outside of what music has; without the limit
        # they would drown whatever the CNN says.
        return self.scaled(log_mel, mask).clamp(-self.limit, self.limit)

    def scaled(self, log_mel: Tensor, mask: Tensor) -> Tensor:
        """The same without the limit."""
        return (self.raw(log_mel, mask) - self.mean) * self.scale

    def raw(self, log_mel: Tensor, mask: Tensor) -> Tensor:
        """The statistics as they are."""
        return torch.cat([self.timbre(log_mel, mask), self.fluctuation(log_mel, mask)], dim=1)

    @torch.no_grad()
    def standardise(self, log_mel: Tensor, mask: Tensor) -> None:
        """Takes the scale from some recordings of the training data.

        Over all statistics together the deviation becomes one; between them, distances in the
        Cayley transform and in the whitened mean stay what they are, but for the weights.
        """
        self.timbre.standardise(log_mel, mask)
        raw = self.raw(log_mel, mask)
        self.mean.copy_(raw.mean(0))
        scale = self._weight_of_each(raw)
        self.scale.copy_(scale / ((raw - self.mean) * scale).std())

    def _weight_of_each(self, raw: Tensor) -> Tensor:
        covariance, change, mean, fluctuation = self.weights
        size = self.timbre.size
        row, column = torch.triu_indices(size, size)
        # Off the diagonal every value stands for two. Four: see the Cayley transform.
        twice = torch.where(row == column, 1.0, 2.0**0.5) * -4.0
        spread = raw[:, -self.fluctuation.width :].std(0).mean()
        return torch.cat(
            [
                covariance * twice,
                change * twice,
                torch.full((size,), mean),
                (fluctuation / spread).expand(self.fluctuation.width),
            ]
        ).to(raw.device)
