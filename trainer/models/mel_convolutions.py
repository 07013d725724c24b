"""The part of AudioEmbeddingSpectral that learns what to look for in a log-mel spectrogram."""

import torch
from torch import Tensor, nn

from trainer.config import SpectralConfig

_VARIANCE_FLOOR = 1e-4
_MASKED_SCORE = 1e9


class SeparableBlock2d(nn.Sequential):
    """A depthwise 3 × 3 and a pointwise convolution, each with BatchNorm, then max pooling."""

    def __init__(self, channels_in: int, channels_out: int, pool: tuple[int, int]) -> None:
        super().__init__(
            nn.Conv2d(channels_in, channels_in, 3, padding=1, groups=channels_in, bias=False),
            nn.BatchNorm2d(channels_in),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels_in, channels_out, 1, bias=False),
            nn.BatchNorm2d(channels_out),
            nn.ReLU(inplace=True),
            *([nn.MaxPool2d(pool)] if max(pool) > 1 else []),
        )


class MelConvolutions(nn.Module):
    """Log-mel ``[batch, frames, bands]`` and its mask to a summary ``[batch, width]``.

    Every recording is followed by silence as long as the network sees ahead, at least: so the
    frames of a recording see the same whether there is padding after it or not.

    Attributes:
        mean: Of each band over the training data; see :meth:`standardise`.
        deviation: Likewise.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, config: SpectralConfig) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(config.bands))
        self.register_buffer("deviation", torch.ones(config.bands))
        stem, *channels = config.channels
        self.stem = nn.Sequential(
            nn.Conv2d(
                1, stem, config.stem_kernel, config.stem_stride, config.stem_kernel // 2, bias=False
            ),
            nn.BatchNorm2d(stem),
            nn.ReLU(inplace=True),
        )
        before = (stem, *channels[:-1])
        self.blocks = nn.Sequential(
            *(SeparableBlock2d(*each) for each in zip(before, channels, config.pools, strict=True))
        )
        self.ahead, self.stride = _ahead(config)
        bands = -(-config.bands // config.stem_stride[0])
        for pool, _ in config.pools:
            bands //= pool
        self.merge = nn.AvgPool2d((bands // config.bands_kept, 1))
        self.mix = nn.Sequential(
            nn.Linear(config.channels[-1] * config.bands_kept, config.mixed), nn.ReLU()
        )
        self.pooling = MaskedPooling(config.mixed, config.attention)
        self.width = 2 * config.mixed
        # Over an image of one pixel: the kind that several processes can share.
        self.norm = nn.BatchNorm2d(self.width)

    def forward(self, log_mel: Tensor, mask: Tensor) -> Tensor:
        """The summary."""
        # Padding becomes the mean of every band, which says least.
        image = (log_mel - self.mean) / self.deviation * mask[:, :, None]
        # Otherwise the last frames would see the border of the convolution in one batch and padding
        # in another, and a recording's vector would depend on what it was batched with.
        image = nn.functional.pad(image, (0, 0, 0, self.ahead))
        seen = self.merge(self.blocks(self.stem(image.transpose(1, 2)[:, None])))
        states = self.mix(seen.flatten(1, 2).transpose(1, 2))
        step_mask = mask[:, :: self.stride]
        summed_up = self.pooling(states[:, : step_mask.shape[1]], step_mask)
        summary: Tensor = self.norm(summed_up[:, :, None, None]).flatten(1)
        return summary

    def standardise(self, log_mel: Tensor, mask: Tensor) -> None:
        """Takes the scale of the bands from some recordings of the training data."""
        frames = log_mel[mask > 0]
        self.mean.copy_(frames.mean(0))
        self.deviation.copy_(frames.std(0) + 1e-3)


class MaskedPooling(nn.Module):
    """States ``[batch, steps, width]`` to ``[batch, 2 · width]``: attention, and the deviation."""

    def __init__(self, width: int, attention: int) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(width, attention), nn.Tanh(), nn.Linear(attention, 1))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Sums up what the mask ``[batch, steps]`` lets through."""
        with torch.autocast(states.device.type, enabled=False):  # sums need full precision
            return self._pooled(states.float(), mask)

    def _pooled(self, states: Tensor, mask: Tensor) -> Tensor:
        each, rows = mask[:, :, None], mask[:, None]
        count = rows.sum(dim=2, keepdim=True)
        # Minus a billion rather than minus infinity: a row of infinities, should there ever be one,
        # would be NaN.
        weights = torch.softmax(self.score(states) + (each - 1.0) * _MASKED_SCORE, dim=1)
        # Matrix products with the mask in place of masked sums: fewer operators in the file.
        centred = (states - rows @ states / count) * each
        variance = rows @ (centred * centred) / count
        attended = weights.transpose(1, 2) @ states
        return torch.cat([attended, (variance + _VARIANCE_FLOOR).sqrt()], dim=2).flatten(1)


def _ahead(config: SpectralConfig) -> tuple[int, int]:
    """How many frames ahead the network sees, up to a whole step; and the frames in a step."""
    stride = config.stem_stride[1]
    ahead = config.stem_kernel // 2
    for _, pool in config.pools:
        ahead += stride  # the 3 × 3 convolution
        ahead += (pool - 1) * stride
        stride *= pool
    return -(-ahead // stride) * stride, stride
