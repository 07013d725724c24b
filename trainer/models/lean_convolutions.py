"""AudioEmbeddingGRU's two convolutions in training, in a third of the memory.

As in ``lean_blocks``: the first convolution has one channel in, so it and its normalisation are a
pointwise convolution of each sample with its four neighbours, whose moments are cheap; what it
makes is computed again in the backward pass, clip by clip. Only what the second convolution makes
is kept.
"""

from functools import partial

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from trainer.models.lean_blocks import normalisation, normalised_pointwise

_KERNEL, _STRIDE, _PADDING = 5, 2, 2


def lean_convolutions(cnn: nn.Sequential, frames: Tensor) -> Tensor:
    """What ``cnn`` and the average over each frame give in training.

    Args:
        cnn: Two convolution blocks, in training mode.
        frames: ``[batch, 1, frames, samples]``.

    Returns:
        ``[batch, channels, frames]``.
    """
    first, second = (tuple(block.children()) for block in cnn)
    # Five neighbours as five channels: the convolution becomes a pointwise one, whose output
    # moments follow from those of the neighbours.
    padded = nn.functional.pad(frames[:, 0], (_PADDING, _PADDING))
    neighbours = padded.unfold(2, _KERNEL, _STRIDE).permute(0, 3, 1, 2).contiguous()
    weight, bias = normalised_pointwise(
        first[0], first[1], _moments(neighbours), _count(neighbours)
    )

    def convolve(clip: Tensor) -> tuple[Tensor, Tensor]:
        wide = torch.relu_(nn.functional.conv2d(clip, weight[:, :, None, None], bias))
        seen: Tensor = second[0](wide)
        return seen, torch.stack([seen.sum((0, 2, 3)), seen.square().sum((0, 2, 3))])

    # Clip by clip: the wide activations of 15 s are some 20 MB, and those of a whole batch are
    # never there at once.
    clips = [_forgetful(convolve, clip) for clip in torch.split(neighbours, 1)]
    count = sum(_count(seen) for seen, _ in clips)
    sums = torch.stack([each for _, each in clips]).sum(0)
    scale, shift = normalisation(second[1], sums / count, count)

    def average(seen: Tensor) -> Tensor:
        scaled = torch.addcmul(shift[:, None, None], seen, scale[:, None, None])
        return torch.relu_(scaled).mean(dim=3)

    return torch.cat([_forgetful(average, seen) for seen, _ in clips])


# Computes its argument again in the backward pass instead of keeping what lies between. Nothing in
# here is random, so there is no random state to restore, which would cost more than the first
# convolution.
_forgetful = partial(checkpoint, use_reentrant=False, preserve_rng_state=False)


def _count(values: Tensor) -> int:
    return values.numel() // values.shape[1]


def _moments(values: Tensor) -> Tensor:
    """Mean, and mean of all products, of the channels: ``[1 + channels, channels]``."""
    flat = values.transpose(0, 1).flatten(1)
    return torch.cat([flat.sum(1)[None], flat @ flat.T]) / flat.shape[1]
