"""The two separable blocks of Tiny in training: a fifth of the memory, and twice the speed.

The same numbers as the blocks one after the other, by two observations. A pointwise convolution
followed by batch normalisation is affine in its input, and the batch's mean and variance behind
it follow from those before it: so it becomes one convolution whose weights already normalise,
and no tensor of its channels has to be kept for the statistics. What then lies between two
normalisations treats every frame by itself, and is computed a few frames at a time, in the cache
(see ``lean_functions``).
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import Function

from trainer.models.lean_functions import MixAndAverage, Narrow, Widen
from trainer.models.synced_norm import mean_of_all, process_count, remember


def lean_blocks(cnn: nn.Sequential, frames: Tensor) -> Tensor:
    """What ``cnn`` and the average over each frame give in training.

    Args:
        cnn: Two separable blocks, in training mode.
        frames: ``[batch, 1, frames, samples]``, a multiple of four samples.

    Returns:
        ``[batch, channels, frames]``.
    """
    first, second = (tuple(block.children()) for block in cnn)
    # The first depthwise convolution has one channel: it costs little as it stands.
    wave = torch.relu(first[1](first[0](frames)))
    # 32 channels are made from one wave, so their statistics follow from two numbers of it.
    moments = torch.stack([wave.mean(), wave.square().mean()])[:, None]
    spread, offset = normalised_pointwise(first[3], first[4], moments, wave.numel())
    depthwise, width = second[0], wave.shape[3] // 2
    assert isinstance(depthwise, nn.Conv2d)
    # Even and odd samples apart: a convolution of stride 2 then reads neighbours, not every second
    # value, and vector instructions can load them.
    halves = wave.reshape(-1, width, 2).permute(2, 0, 1).contiguous()
    count = halves[0].numel()
    wide, sums = _applied(Widen, halves, spread[:, 0], offset, depthwise.weight.flatten(1))
    scale, shift = normalisation(second[1], sums / count, count)
    narrow, products = _applied(Narrow, wide, scale, shift, width)
    weight, bias = normalised_pointwise(second[3], second[4], products / count, count)
    features = _applied(MixAndAverage, narrow, weight, bias, width)
    by_clip: Tensor = features.unflatten(1, wave.shape[::2]).transpose(0, 1)
    return by_clip


def _applied(function: type[Function], *values: Tensor | int) -> Any:  # noqa: ANN401  # its own
    return function.apply(*values)  # type: ignore[no-untyped-call]  # torch has no types here


def normalisation(norm: nn.Module, moments: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Scale and shift ``[channels]`` of a normalisation.

    Args:
        norm: Its running statistics move, as they do in training.
        moments: ``[2, channels]``: its input's mean and mean square.
        count: Over how many places, in this process.
    """
    assert isinstance(norm, nn.BatchNorm2d)
    mean, square = mean_of_all(moments)
    variance = square - mean.square()
    # What the layer's own forward pass would have done: without it, evaluation would normalise by
    # the statistics of a network that was never trained.
    remember(norm, mean, variance, count * process_count())
    scale = norm.weight * torch.rsqrt(variance + norm.eps)
    return scale, norm.bias - mean * scale


def normalised_pointwise(
    pointwise: nn.Module, norm: nn.Module, moments: Tensor, count: int
) -> tuple[Tensor, Tensor]:
    """Weight ``[out, in]`` and bias ``[out]`` of a pointwise convolution with its normalisation.

    Args:
        pointwise: A convolution without bias whose output depends on its input at one place.
        norm: What follows it; its running statistics move, as they do in training.
        moments: ``[1 + in, in]``: the input's mean, and the mean of all its products.
        count: Over how many places, in this process.
    """
    assert isinstance(pointwise, nn.Conv2d)
    assert isinstance(norm, nn.BatchNorm2d)
    weight = pointwise.weight.flatten(1)
    moments = mean_of_all(moments)
    # Var(W x) = W Cov(x) Wᵀ, of which only the diagonal is needed.
    mean_before, covariance = moments[0], moments[1:] - torch.outer(moments[0], moments[0])
    mean = weight @ mean_before
    variance = ((weight @ covariance) * weight).sum(dim=1)
    remember(norm, mean, variance, count * process_count())
    scale = norm.weight * torch.rsqrt(variance + norm.eps)
    return weight * scale[:, None], norm.bias - mean * scale
