"""Every strategy against the definition, written as a loop over all triplets."""

from collections.abc import Iterator

import pytest
import torch
from torch import Generator, Tensor

from trainer.training.mining import MINERS, mine_custom, mine_hard, mine_random, mine_semi_hard

MARGIN = 0.5
Three = tuple[int, int, int]


@pytest.fixture(params=range(6))
def batch(request: pytest.FixtureRequest) -> tuple[Tensor, Tensor]:
    rng = Generator().manual_seed(request.param)
    embeddings = torch.nn.functional.normalize(torch.randn(14, 8, generator=rng), dim=1)
    return embeddings, torch.randint(4, (14,), generator=rng)


def valid(labels: list[int]) -> Iterator[Three]:
    for a, label in enumerate(labels):
        for p, same in enumerate(labels):
            for n, negative_label in enumerate(labels):
                if p != a and same == label and negative_label != label:
                    yield a, p, n


def squared(embeddings: Tensor, a: int, b: int) -> float:
    return sum(
        (x - y) ** 2 for x, y in zip(embeddings[a].tolist(), embeddings[b].tolist(), strict=True)
    )


def rows(triplets: Tensor) -> list[Three]:
    return [(a, p, n) for a, p, n in triplets.tolist()]


def test_random_gives_every_anchor_one_valid_triplet(batch: tuple[Tensor, Tensor]) -> None:
    embeddings, labels = batch
    mined = rows(mine_random(embeddings, labels, MARGIN, Generator().manual_seed(0)))
    every = set(valid(labels.tolist()))
    assert set(mined) <= every
    assert [a for a, _, _ in mined] == sorted({a for a, _, _ in every})


def test_random_reaches_every_triplet() -> None:
    labels = torch.tensor([0, 0, 0, 1, 1])
    rng = Generator().manual_seed(0)
    seen = {
        each for _ in range(200) for each in rows(mine_random(torch.zeros(5, 2), labels, 0, rng))
    }
    assert seen == set(valid(labels.tolist()))


def test_semi_hard_equals_the_definition(batch: tuple[Tensor, Tensor]) -> None:
    embeddings, labels = batch
    fits: dict[tuple[int, int], set[int]] = {}
    for a, p, n in valid(labels.tolist()):
        near, far = squared(embeddings, a, p), squared(embeddings, a, n)
        if near < far < near + MARGIN:
            fits.setdefault((a, p), set()).add(n)
    mined = rows(mine_semi_hard(embeddings, labels, MARGIN, Generator().manual_seed(0)))
    assert sorted((a, p) for a, p, _ in mined) == sorted(fits)
    assert all(n in fits[a, p] for a, p, n in mined)


def test_custom_pairs_every_positive_with_the_hardest_negative(
    batch: tuple[Tensor, Tensor],
) -> None:
    embeddings, labels = batch
    hardest: dict[tuple[int, int], tuple[float, int]] = {}
    for a, p, n in valid(labels.tolist()):
        found = (squared(embeddings, a, n), n)
        hardest[a, p] = min(hardest.get((a, p), found), found)
    mined = rows(mine_custom(embeddings, labels, MARGIN, Generator()))
    assert sorted(mined) == sorted((a, p, n) for (a, p), (_, n) in hardest.items())


def test_hard_takes_farthest_positive_and_closest_negative(batch: tuple[Tensor, Tensor]) -> None:
    embeddings, labels = batch
    farthest: dict[int, tuple[float, int]] = {}
    closest: dict[int, tuple[float, int]] = {}
    for a, p, n in valid(labels.tolist()):
        farthest[a] = max(farthest.get(a, (-1.0, 0)), (squared(embeddings, a, p), p))
        here = (squared(embeddings, a, n), n)
        closest[a] = min(closest.get(a, here), here)
    mined = rows(mine_hard(embeddings, labels, MARGIN, Generator()))
    assert sorted(mined) == sorted((a, farthest[a][1], closest[a][1]) for a in farthest)


@pytest.mark.parametrize("name", list(MINERS))
def test_one_class_alone_gives_nothing(name: str) -> None:
    labels = torch.zeros(5, dtype=torch.long)
    mined = MINERS[name](torch.randn(5, 4), labels, MARGIN, Generator())
    assert mined.shape == (0, 3)
