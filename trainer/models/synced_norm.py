"""Batch normalisation over the clips of all processes, on any device.

PyTorch's own runs on GPUs alone. Without it every process would normalise by its share of the
batch, and two processes would not learn what one learns.
"""

import torch
import torch.distributed as dist
import torch.distributed.nn.functional as dist_functional
from torch import Tensor, nn


class SyncedBatchNorm2d(nn.BatchNorm2d):
    """``nn.BatchNorm2d`` whose batch is the one of all processes together."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  # the name the base class gives it
        """Normalises ``[batch, channels, height, width]``."""
        # Alone it is PyTorch's own, bit by bit: a run on one process does not depend on this class.
        if not self.training or process_count() == 1:
            alone: Tensor = super().forward(input)
            return alone
        each = input.numel() / input.shape[1]
        mean, square = mean_of_all(
            # Mean and mean square in one exchange. The shares are of one size (see training.step),
            # so the mean of the processes' means is the mean of the batch.
            torch.stack([input.sum((0, 2, 3)), input.square().sum((0, 2, 3))]) / each
        )
        # Of a layer's activations, which are of the size of one: the two terms do not cancel. For
        # values far from 0 this would lose all digits.
        variance = square - mean.square()
        remember(self, mean, variance, each * process_count())
        scale = self.weight * torch.rsqrt(variance + self.eps)
        shift = self.bias - mean * scale
        normalised: Tensor = input * scale[:, None, None] + shift[:, None, None]
        return normalised


def process_count() -> int:
    """How many processes train together."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def mean_of_all(values: Tensor) -> Tensor:
    """The mean of a tensor over all processes, with gradients."""
    if process_count() == 1:
        return values
    # The functional form: the plain all_reduce has no gradient, and each process would learn as if
    # the others' clips were constants.
    total: Tensor = dist_functional.all_reduce(values)  # type: ignore[no-untyped-call]  # torch
    return total / process_count()


@torch.no_grad()
def remember(norm: nn.BatchNorm2d, mean: Tensor, variance: Tensor, count: float) -> None:
    """Moves a normalisation's running mean and variance, as it does itself in training."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    assert norm.num_batches_tracked is not None
    assert norm.momentum is not None
    norm.running_mean.lerp_(mean, norm.momentum)
    # Unbiased, as PyTorch's own: normalising uses the batch's variance, remembering uses the
    # estimate.
    norm.running_var.lerp_(variance * (count / (count - 1)), norm.momentum)
    norm.num_batches_tracked.add_(1)


def synchronise_norms(model: nn.Module) -> None:
    """Replaces every batch normalisation in ``model`` by a synced one with the same state."""
    for name, child in model.named_children():
        if isinstance(child, nn.BatchNorm2d):
            synced = SyncedBatchNorm2d(child.num_features, child.eps)
            synced.load_state_dict(child.state_dict())
            setattr(model, name, synced)
        else:
            synchronise_norms(child)
