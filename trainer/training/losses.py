"""What training makes small."""

import torch
from torch import Tensor

# At a distance of exactly 0 the square root's slope is infinite: one pair of equal embeddings (a
# clip that is in a batch twice) would make every gradient of the step NaN.
_EPSILON = 1e-12  # under the root: two equal embeddings have a distance whose slope is finite


def distance(left: Tensor, right: Tensor) -> Tensor:
    """Euclidean distance along the last dimension."""
    return ((left - right).square().sum(dim=-1) + _EPSILON).sqrt()


def triplet_distances(embeddings: Tensor, triplets: Tensor) -> tuple[Tensor, Tensor]:
    """Distances anchor–positive and anchor–negative, each ``[n]``.

    Args:
        embeddings: ``[clips, dimension]``.
        triplets: ``[n, 3]``, rows of ``embeddings``: anchor, positive, negative.
    """
    anchor, positive, negative = embeddings[triplets].unbind(dim=1)
    return distance(anchor, positive), distance(anchor, negative)


def triplet_loss(to_positive: Tensor, to_negative: Tensor, margin: float) -> Tensor:
    """Equation 2 of 001, averaged: ``max(0, d(A, P) − d(A, N) + m)``."""
    # The mean over all triplets, as in the paper, not over those that still have a loss: towards
    # the end most have none, and dividing by the few others would raise the effective learning rate
    # just then.
    return torch.relu(to_positive - to_negative + margin).mean()
