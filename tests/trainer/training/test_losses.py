import math

import pytest
import torch

from trainer.training.losses import distance, triplet_distances, triplet_loss


def naive(embeddings: torch.Tensor, triplets: torch.Tensor, margin: float) -> float:
    total = 0.0
    for anchor, positive, negative in triplets.tolist():
        near = math.dist(embeddings[anchor].tolist(), embeddings[positive].tolist())
        far = math.dist(embeddings[anchor].tolist(), embeddings[negative].tolist())
        total += max(0.0, near - far + margin)
    return total / len(triplets)


@pytest.mark.parametrize("seed", range(5))
def test_loss_equals_a_naive_loop(seed: int) -> None:
    rng = torch.Generator().manual_seed(seed)
    embeddings = torch.nn.functional.normalize(torch.randn(20, 32, generator=rng), dim=1)
    triplets = torch.randint(20, (50, 3), generator=rng)
    loss = triplet_loss(*triplet_distances(embeddings, triplets), margin=0.2)
    assert float(loss) == pytest.approx(naive(embeddings, triplets, 0.2), abs=1e-5)


def test_equal_embeddings_have_a_finite_gradient() -> None:
    point = torch.ones(3, requires_grad=True)
    distance(point, torch.ones(3)).backward()
    assert point.grad is not None
    assert torch.isfinite(point.grad).all()
