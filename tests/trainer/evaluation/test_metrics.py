"""Every metric against its definition, written as a loop."""

import math

import numpy as np
import pytest

from trainer.evaluation.metrics import (
    confusion,
    cosine_distances,
    euclidean_distances,
    retrieval,
    triplet_score,
)


@pytest.fixture(params=range(4))
def case(request: pytest.FixtureRequest) -> tuple[np.ndarray, list[str], list[str]]:
    rng = np.random.default_rng(request.param)
    vectors = rng.standard_normal((25, 6))
    labels = [f"genre {i}" for i in rng.integers(4, size=25)]
    artists = [f"artist {i}" for i in rng.integers(9, size=25)]
    return vectors, labels, artists


def naive_ranks(
    vectors: np.ndarray, labels: list[str], artists: list[str] | None
) -> list[list[bool]]:
    found = []
    for query in range(len(labels)):
        candidates = [
            i
            for i in range(len(labels))
            if i != query and (artists is None or artists[i] != artists[query])
        ]

        def similarity(candidate: int, query: int = query) -> float:
            dot = sum(a * b for a, b in zip(vectors[query], vectors[candidate], strict=True))
            return dot / math.hypot(*vectors[query]) / math.hypot(*vectors[candidate])

        right = [
            labels[i] == labels[query] for i in sorted(candidates, key=similarity, reverse=True)
        ]
        if any(right):
            found.append(right)
    return found


@pytest.mark.parametrize("filtered", [True, False])
def test_retrieval_equals_a_naive_loop(
    case: tuple[np.ndarray, list[str], list[str]], filtered: bool
) -> None:
    vectors, labels, artists = case
    names = artists if filtered else None
    ours = retrieval(cosine_distances(vectors), labels, names).summary()
    ranks = naive_ranks(vectors, labels, names)
    mrr = sum(1 / (right.index(True) + 1) for right in ranks) / len(ranks)
    precisions = []
    for right in ranks:
        at = [sum(right[: k + 1]) / (k + 1) for k in range(len(right)) if right[k]]
        precisions.append(sum(at) / len(at))
    assert ours["MRR"] == pytest.approx(mrr)
    assert ours["MAP"] == pytest.approx(sum(precisions) / len(precisions))
    for k in (1, 5, 9):
        expected = sum(sum(right[:k]) / len(right[:k]) for right in ranks) / len(ranks)
        assert ours[f"P@{k}"] == pytest.approx(expected)


def test_classes_average_to_the_whole(case: tuple[np.ndarray, list[str], list[str]]) -> None:
    vectors, labels, artists = case
    found = retrieval(cosine_distances(vectors), labels, artists)
    classes = found.by_class().values()
    weighted = sum(each["MAP"] * each["queries"] for each in classes)
    assert weighted / sum(each["queries"] for each in classes) == pytest.approx(
        found.summary()["MAP"]
    )


def test_an_unknown_artist_is_nobodys() -> None:
    distances = euclidean_distances(np.array([[0.0], [1.0], [2.0]]))
    assert retrieval(distances, ["a", "a", "b"], ["", "", ""]).summary()["P@1"] == 1.0


def test_triplets_equal_a_naive_loop() -> None:
    rng = np.random.default_rng(1)
    vectors, triplets = rng.standard_normal((10, 3)), rng.integers(10, size=(40, 3))
    score = triplet_score(euclidean_distances(vectors), triplets, margin=0.2)
    near = [math.dist(vectors[a], vectors[p]) for a, p, _ in triplets]
    far = [math.dist(vectors[a], vectors[n]) for a, _, n in triplets]
    pairs = list(zip(near, far, strict=True))
    assert score.accuracy == pytest.approx(sum(p < n for p, n in pairs) / 40)
    assert score.loss == pytest.approx(sum(max(0, p - n + 0.2) for p, n in pairs) / 40)
    assert score.positive_distance == pytest.approx(sum(near) / 40)
    assert score.negative_distance == pytest.approx(sum(far) / 40)


def test_confusion_skips_the_artist_itself() -> None:
    distances = euclidean_distances(np.array([[0.0], [0.1], [1.0], [5.0], [6.0]]))
    labels, artists = ["a", "a", "b", "b", "b"], ["x", "x", "y", "y", "z"]
    classes, table = confusion(distances, labels, artists)
    assert classes == ["a", "b"]
    assert table.tolist() == [[0.0, 1.0], [1 / 3, 2 / 3]]
