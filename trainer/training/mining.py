"""Which triplets of a batch are trained on (002, section 2.4).

Each strategy takes embeddings ``[n, dimension]``, labels ``[n]``, the margin and a generator, and
returns triplets ``[m, 3]`` of rows: anchor, positive, negative. Distances are squared, as there.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Generator, Tensor

Miner = Callable[[Tensor, Tensor, float, Generator], Tensor]


def mine_random(embeddings: Tensor, labels: Tensor, margin: float, rng: Generator) -> Tensor:
    """Every anchor with one random positive and one random negative."""
    same, different = _masks(labels)
    anchors = torch.nonzero(same.any(1) & different.any(1)).squeeze(1)
    return torch.stack([anchors, _draw(same[anchors], rng), _draw(different[anchors], rng)], dim=1)


def mine_semi_hard(embeddings: Tensor, labels: Tensor, margin: float, rng: Generator) -> Tensor:
    """Every pair with a random negative that is farther than it, by less than the margin.

    Pairs that have no such negative are left out.
    """
    same, different = _masks(labels)
    squared = squared_distances(embeddings)
    anchors, positives = torch.nonzero(same, as_tuple=True)
    # Semi-hard: harder negatives than the positive itself are left out. Chosen from the start they
    # are mostly noise, and pull all embeddings onto one point, where the loss stays at the margin.
    near = squared[anchors, positives].unsqueeze(1)
    fits = different[anchors] & (squared[anchors] > near) & (squared[anchors] < near + margin)
    kept = fits.any(1)
    return torch.stack([anchors[kept], positives[kept], _draw(fits[kept], rng)], dim=1)


def mine_custom(embeddings: Tensor, labels: Tensor, margin: float, rng: Generator) -> Tensor:
    """Every anchor with every positive, each pair with the hardest (closest) negative."""
    same, different = _masks(labels)
    # Anchors without a negative are left out here: the closest of none would be row 0, which may be
    # of the anchor's own genre.
    anchors, positives = torch.nonzero(same & different.any(1, keepdim=True), as_tuple=True)
    return torch.stack([anchors, positives, _closest(embeddings, different)[anchors]], dim=1)


def mine_hard(embeddings: Tensor, labels: Tensor, margin: float, rng: Generator) -> Tensor:
    """Every anchor with its farthest positive and its closest negative."""
    same, different = _masks(labels)
    farthest = squared_distances(embeddings).masked_fill(~same, -torch.inf).argmax(1)
    anchors = torch.nonzero(same.any(1) & different.any(1)).squeeze(1)
    return torch.stack(
        [anchors, farthest[anchors], _closest(embeddings, different)[anchors]], dim=1
    )


MINERS: Mapping[str, Miner] = {
    "random": mine_random,
    "semi-hard": mine_semi_hard,
    "custom": mine_custom,
    "hard": mine_hard,
}


@torch.no_grad()
def squared_distances(embeddings: Tensor) -> Tensor:
    """Squared Euclidean distances between all rows, ``[n, n]``."""
    # By differences rather than by |a|² + |b|² − 2ab: that one loses digits where two embeddings
    # nearly agree, and may come out below 0.
    return (embeddings.unsqueeze(0) - embeddings.unsqueeze(1)).square().sum(-1)


def _masks(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Who is whose positive, and who is whose negative; ``[n, n]`` each."""
    equal = labels.unsqueeze(0) == labels.unsqueeze(1)
    return equal & ~torch.eye(len(labels), dtype=torch.bool, device=labels.device), ~equal


def _closest(embeddings: Tensor, allowed: Tensor) -> Tensor:
    return squared_distances(embeddings).masked_fill(~allowed, torch.inf).argmin(1)


def _draw(allowed: Tensor, rng: Generator) -> Tensor:
    """One allowed column of each row, at random."""
    # torch.multinomial refuses a matrix without rows.
    if len(allowed) == 0:
        return torch.zeros(0, dtype=torch.long, device=allowed.device)
    # On the CPU whatever the device, and by a generator of its own: then the same triplets are
    # drawn on a GPU, and drawing them does not move the random state that dropout uses.
    weights = allowed.float().cpu()
    return torch.multinomial(weights, 1, generator=rng).squeeze(1).to(allowed.device)
