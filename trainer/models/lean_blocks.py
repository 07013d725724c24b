"""The two separable blocks of Tiny in training, in a fifth of the memory.

The same numbers as the blocks one after the other, by two observations. A pointwise convolution
followed by batch normalisation is affine in its input, and the batch's mean and variance behind
it follow from those before it: so it becomes one convolution whose weights already normalise,
and no tensor of its channels has to be kept for the statistics. What then lies between two
normalisations treats every clip by itself, and is computed again in the backward pass, clip by
clip, instead of being stored.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from trainer.models.synced_norm import mean_of_all, process_count, remember


def lean_features(cnn: nn.Sequential, frames: Tensor) -> Tensor:
    """What ``cnn`` and the average over each frame give in training.

    Args:
        cnn: Two separable blocks, in training mode.
        frames: ``[batch, 1, frames, samples]``.

    Returns:
        ``[batch, channels, frames]``.
    """
    first, second = (tuple(block.children()) for block in cnn)
    wave = torch.relu(first[1](first[0](frames)))
    spread, offset = _normalised_pointwise(first[3], first[4], wave)
    depthwise = second[0]

    def widen(clip: Tensor) -> Tensor:
        each = torch.relu_(torch.addcmul(offset.view(1, -1, 1, 1), clip, spread.view(1, -1, 1, 1)))
        wide: Tensor = depthwise(each)
        return wide

    narrow = torch.relu_(second[1](_clip_by_clip(widen, wave)))
    weight, bias = _normalised_pointwise(second[3], second[4], narrow)

    def sum_up(clip: Tensor) -> Tensor:
        mixed = nn.functional.conv2d(clip, weight[:, :, None, None], bias)
        return torch.relu_(mixed).mean(dim=3)

    return _clip_by_clip(sum_up, narrow)


def _clip_by_clip(step: Callable[[Tensor], Tensor], batch: Tensor) -> Tensor:
    """Applies ``step`` to each clip and forgets what lies inside until the backward pass."""
    parts = [
        checkpoint(step, clip, use_reentrant=False, preserve_rng_state=False)
        for clip in torch.split(batch, 1)
    ]
    return torch.cat(parts)


def _normalised_pointwise(
    pointwise: nn.Module, norm: nn.Module, before: Tensor
) -> tuple[Tensor, Tensor]:
    """Weight ``[out, in]`` and bias ``[out]`` of a pointwise convolution with its normalisation.

    Args:
        pointwise: A 1 × 1 convolution without bias.
        norm: What follows it; its running statistics move, as they do in training.
        before: The convolution's input.
    """
    assert isinstance(pointwise, nn.Conv2d)
    assert isinstance(norm, nn.BatchNorm2d)
    weight = pointwise.weight.flatten(1)
    mean_before, covariance = _moments(before)
    mean = weight @ mean_before
    variance = ((weight @ covariance) * weight).sum(dim=1)
    count = before.numel() / before.shape[1] * process_count()
    remember(norm, mean, variance, count)
    scale = norm.weight * torch.rsqrt(variance + norm.eps)
    return weight * scale[:, None], norm.bias - mean * scale


def _moments(values: Tensor) -> tuple[Tensor, Tensor]:
    """Mean ``[channels]`` and covariance ``[channels, channels]`` over all else."""
    channels = values.shape[1]
    count = values.numel() / channels
    flat = [clip.reshape(channels, -1) for clip in values]
    product = torch.stack([clip @ clip.T for clip in flat]).sum(0) / count
    mean, product = _split(mean_of_all(torch.cat([values.sum((0, 2, 3))[None] / count, product])))
    return mean, product - torch.outer(mean, mean)


def _split(stacked: Tensor) -> tuple[Tensor, Tensor]:
    return stacked[0], stacked[1:]
