"""The relations of a batch, each against a loop over anchors and candidates."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.trainer.recipes.bundled.made_up import labels_of
from trainer.recipes.bundled.labels import Labels
from trainer.recipes.bundled.recipe import RelationRecipe
from trainer.recipes.bundled.relations import (
    LabelHeads,
    Relations,
    batch_labels,
    relation_loss,
    relation_losses,
)

PAIRS = [("A", "Rock"), ("A", "Rock"), ("B", "Rock"), ("C", "Pop"), ("C", "Pop"), ("D", "Rock")]
PAIRS += [("E", "Pop"), ("F", ""), ("F", ""), ("G", "")]
ROWS = np.array([*range(10), *range(10)])
TEMPERATURE = 0.2
WIDTH = 1.5

Ask = Callable[[Labels, int, int], float | None]
"""The share that a candidate (row) should have for an anchor (row); None where it is none."""


def naive(embedding: Tensor, labels: Labels, ask: Ask) -> float:
    values = embedding.double().numpy()
    losses = []
    for i in range(len(ROWS)):
        wanted, logits = [], []
        for j in range(len(ROWS)):
            share = ask(labels, i, j)
            if share is not None:
                wanted.append(share)
                logits.append(float(values[i] @ values[j]) / TEMPERATURE)
        if sum(wanted) == 0:
            continue
        bottom = math.log(sum(math.exp(each) for each in logits))
        pairs = zip(wanted, logits, strict=True)
        losses.append(sum(-w / sum(wanted) * (each - bottom) for w, each in pairs))
    return float(np.mean(losses))


def track(labels: Labels, i: int, j: int) -> float | None:
    a, b = ROWS[i], ROWS[j]
    if i == j or (a != b and labels.artist[a] == labels.artist[b]):
        return None
    return float(a == b)


def artist(labels: Labels, i: int, j: int) -> float | None:
    a, b = ROWS[i], ROWS[j]
    if a == b or labels.genre[a] != labels.genre[b]:
        return None
    return float(labels.artist[a] == labels.artist[b])


def genre(labels: Labels, i: int, j: int) -> float | None:
    a, b = ROWS[i], ROWS[j]
    if labels.artist[a] == labels.artist[b] or labels.genre[a] < 0 or labels.genre[b] < 0:
        return None
    return float(labels.genre[a] == labels.genre[b])


def mood(labels: Labels, i: int, j: int) -> float | None:
    a, b = ROWS[i], ROWS[j]
    if not labels.genre[a] == labels.genre[b] >= 0 or labels.artist[a] == labels.artist[b]:
        return None
    if not (labels.rated[a] and labels.rated[b]):
        return None
    square = float(((labels.emotions[a] - labels.emotions[b]) ** 2).sum())
    return math.exp(-square / (2 * WIDTH**2))


POINTS = np.random.default_rng(3).standard_normal((len(ROWS), 4))
POINTS /= np.linalg.norm(POINTS, axis=1, keepdims=True)


def timbre(labels: Labels, i: int, j: int) -> float | None:
    a, b = ROWS[i], ROWS[j]
    if a == b or labels.genre[a] != labels.genre[b]:
        return None
    return math.exp(float(POINTS[i] @ POINTS[j]) / 0.3)


@pytest.fixture
def labels() -> Labels:
    rng = np.random.default_rng(1)
    felt = {str(row): tuple(rng.random(3)) for row in range(7) if row != 5}
    return labels_of(PAIRS, felt)


@pytest.fixture
def embedding() -> Tensor:
    values = np.random.default_rng(0).standard_normal((len(ROWS), 5))
    return torch.nn.functional.normalize(torch.from_numpy(values), dim=1)


@pytest.mark.parametrize("ask", [track, artist, genre, mood, timbre], ids=lambda ask: ask.__name__)
def test_relation_is_what_a_loop_gives(ask: Ask, labels: Labels, embedding: Tensor) -> None:
    relations = Relations(batch_labels(labels, ROWS))
    relation = {
        track: relations.track,
        artist: relations.artist,
        genre: relations.genre,
        mood: lambda: relations.mood(WIDTH),
        timbre: lambda: relations.timbre(torch.from_numpy(POINTS), 0.3),
    }[ask]()
    loss = relation_loss(embedding @ embedding.T, relation, TEMPERATURE)
    assert float(loss) == pytest.approx(naive(embedding, labels, ask), rel=1e-5)


def test_a_batch_that_asks_nothing_has_no_loss_and_a_slope(embedding: Tensor) -> None:
    labels = labels_of([(str(n), "Rock" if n % 2 else "Pop") for n in range(10)])
    leaf = embedding.clone().requires_grad_()
    relation = Relations(batch_labels(labels, ROWS[:10])).artist()
    loss = relation_loss(leaf[:10] @ leaf[:10].T, relation, 0.1)
    loss.backward()
    assert float(loss.detach()) == 0.0
    assert leaf.grad is not None
    assert not leaf.grad.any()


def test_weights_multiply_and_zero_leaves_out(labels: Labels, embedding: Tensor) -> None:
    batch = batch_labels(labels, ROWS)
    once = relation_losses(embedding, batch, RelationRecipe(artist_weight=1.0))
    twice = relation_losses(embedding, batch, RelationRecipe(artist_weight=2.0, mood_weight=0.0))
    assert float(twice["artist"]) == pytest.approx(2 * float(once["artist"]))
    assert set(once) - set(twice) == {"mood"}


def test_label_heads_read_what_is_known_alone(labels: Labels, embedding: Tensor) -> None:
    torch.manual_seed(0)
    heads = LabelHeads(5, 2, 3, (4.0, 2.0)).double()
    batch = batch_labels(labels, ROWS)
    with torch.no_grad():
        genre_loss, mood_loss = heads(embedding, batch, 0.0)
    rows = [row for row in range(len(ROWS)) if labels.genre[ROWS[row]] >= 0]
    scores = heads.genre(4.0 * embedding[rows]).detach()
    chosen = [
        -torch.log_softmax(score, 0)[labels.genre[ROWS[row]]]
        for row, score in zip(rows, scores, strict=True)
    ]
    assert float(genre_loss) == pytest.approx(float(torch.stack(chosen).mean()))
    rated = [row for row in range(len(ROWS)) if labels.rated[ROWS[row]]]
    felt = heads.mood(2.0 * embedding[rated]).detach().numpy()
    assert float(mood_loss) == pytest.approx(
        float(((felt - labels.emotions[ROWS[rated]]) ** 2).mean()), rel=1e-5
    )
