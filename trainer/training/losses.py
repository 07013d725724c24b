"""What training makes small."""

import torch
from torch import Tensor

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
    return torch.relu(to_positive - to_negative + margin).mean()
