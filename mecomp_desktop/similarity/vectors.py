"""Distances between embeddings, and what they mean to a listener."""

import numpy as np

from mecomp_desktop.arrays import Floats

_NOTHING = 1e-6
_SAMPLE_PAIRS = 2048
UNRELATED = float(np.sqrt(2.0))
"""The distance of two vectors that have nothing in common, before the library is known."""


def middle(vectors: Floats) -> Floats:
    """Return the direction between several songs, float32 ``[dimension]``, of length 1.

    Args:
        vectors: float32 ``[n, dimension]``, n ≥ 1, each of length 1.
    """
    mean = vectors.mean(axis=0)
    length = float(np.linalg.norm(mean))
    if length < _NOTHING:  # they cancel out: the first is as good as any
        return np.asarray(vectors[0], np.float32)
    return np.asarray(mean / length, np.float32)


def drifted(seed: Floats, recent: Floats, adventure: float) -> Floats:
    """Return where a radio looks next: from its seed towards what it played last.

    Args:
        seed: float32 ``[dimension]``.
        recent: float32 ``[n, dimension]``, the last songs; may be empty.
        adventure: 0 stays at the seed, 1 goes half of the way.
    """
    if not len(recent) or adventure <= 0:
        return seed
    share = 0.5 * min(adventure, 1.0)
    return middle(np.stack([2 * (1 - share) * seed, 2 * share * middle(recent)]))


def distances(origin: Floats, vectors: Floats) -> Floats:
    """Return Euclidean distances, float32 ``[n]``."""
    return np.asarray(np.linalg.norm(vectors - origin, axis=1), np.float32)


def typical_distance(vectors: Floats, seed: int = 0) -> float:
    """Return how far two songs of this library are apart that were picked at random.

    Args:
        vectors: float32 ``[n, dimension]``.
        seed: Which pairs are looked at.
    """
    if len(vectors) < 2:
        return UNRELATED
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, len(vectors), (2, _SAMPLE_PAIRS))
    apart = first != second
    median = float(
        np.median(np.linalg.norm(vectors[first[apart]] - vectors[second[apart]], axis=1))
    )
    return median if median > _NOTHING else UNRELATED


def closeness(distance: float, typical: float = UNRELATED) -> float:
    """Return 1 for the same sound, 0 for songs as far apart as any two of the library.

    Between them it falls with the square of the distance: where two songs at random have nothing
    in common, it is the cosine of their vectors.
    """
    return min(1.0, max(0.0, 1.0 - (distance / typical) ** 2))
