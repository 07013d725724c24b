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
        if not self.training or dist.get_world_size() == 1:
            alone: Tensor = super().forward(input)
            return alone
        count = input.numel() / input.shape[1] * dist.get_world_size()
        sums = torch.stack([input.sum((0, 2, 3)), input.square().sum((0, 2, 3))])
        total = dist_functional.all_reduce(sums)  # type: ignore[no-untyped-call]  # torch has none
        mean = total[0] / count
        variance = total[1] / count - mean.square()
        self._remember(mean.detach(), variance.detach() * count / (count - 1))
        scale = self.weight * torch.rsqrt(variance + self.eps)
        shift = self.bias - mean * scale
        normalised: Tensor = input * scale[:, None, None] + shift[:, None, None]
        return normalised

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        assert self.momentum is not None
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)
        self.num_batches_tracked.add_(1)


def synchronise_norms(model: nn.Module) -> None:
    """Replaces every batch normalisation in ``model`` by a synced one with the same state."""
    for name, child in model.named_children():
        if isinstance(child, nn.BatchNorm2d):
            synced = SyncedBatchNorm2d(child.num_features, child.eps)
            synced.load_state_dict(child.state_dict())
            setattr(model, name, synced)
        else:
            synchronise_norms(child)
