from itertools import combinations
from math import dist
from statistics import median

import numpy as np
import pytest

from trainer.evaluation.hubness import median_distance, popularity


def test_median_distance_equals_a_naive_loop() -> None:
    vectors = np.random.default_rng(0).standard_normal((30, 4))
    wanted = median(dist(a, b) for a, b in combinations(vectors, 2))
    assert median_distance(vectors) == pytest.approx(wanted)


def test_popularity_equals_a_naive_loop() -> None:
    rng = np.random.default_rng(1)
    vectors, recordings = rng.standard_normal((90, 3)), rng.integers(30, size=90)
    counts = [0] * 90
    for anchor in range(90):
        candidates = [i for i in range(90) if recordings[i] != recordings[anchor]]
        candidates.sort(key=lambda i: dist(vectors[anchor], vectors[i]))
        for neighbour in candidates[:20]:
            counts[neighbour] += 1
    found = popularity(vectors, recordings)
    assert found.tracks == 90
    assert found.most == pytest.approx(max(counts) / 90)
    assert found.evenly == pytest.approx(20 / 90)
    assert found.never == pytest.approx(counts.count(0) / 90)


def test_a_hub_is_found() -> None:
    rng = np.random.default_rng(2)
    ring = rng.standard_normal((400, 60))
    ring /= np.linalg.norm(ring, axis=1, keepdims=True)
    even = popularity(ring, np.arange(400))
    hub = popularity(np.concatenate([ring, np.zeros((1, 60))]), np.arange(401))
    assert hub.most > 0.99  # the centre is nearer to all than they are to each other
    assert even.most < 0.4
    assert hub.skewness > even.skewness


def test_a_few_tracks_share_short_lists() -> None:
    found = popularity(np.eye(3), np.array([0, 1, 2]))
    assert found.evenly == pytest.approx(2 / 3)
