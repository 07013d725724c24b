"""What the answers so far say about a listener's metric, and how sure of it one may be.

A Gaussian process over metrics: the squared distance of a pair is a quadratic form of the
difference of its two places, the form is unknown, and near the model's own beforehand. Its
covariance lets single axes count more or less, and axes mix. An answer is two comparisons
(the chosen pair is closer than either other), each with a logistic likelihood; Laplace's method
makes the posterior Gaussian. All of it is a few hundred rows of linear algebra.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mecomp_desktop.domain.judgment import Pair

Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ONE = np.array([pair.members[0] for pair in Pair])
_OTHER = np.array([pair.members[1] for pair in Pair])
_RIVALS = np.array([[1, 2], [0, 2], [0, 1]])

# Measured on simulated listeners: how much axes may mix, single axes gain, and all distances
# scale, beside the sharpness of choices expected beforehand.
_MIXING, _GAIN, _SCALE, _SHARPNESS = 0.5, 1.5, 1.0, 2.0
_STEPS = 12
_SHORTEST = 0.01
_SETTLED = 1e-3


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Comparisons, and what they pull at: ``[2 answers, 2, axes]`` and what Laplace leaves."""

    comparisons: Doubles
    pull: Doubles
    weight: Doubles
    inverse: Doubles


class Taste:
    """The posterior over a listener's metric.

    Args:
        trios: ``[answers, 3, axes]``, where the three songs of each answered question lie.
        chosen: ``[answers]``, the pair that was chosen.
    """

    def __init__(self, trios: Doubles, chosen: Ints) -> None:
        self._evidence = _weigh(trios, chosen) if len(chosen) else None

    def utilities(self, trios: Doubles) -> Doubles:
        """Return how close each pair of each trio is thought to be, ``[n, 3]``, up to a shift."""
        sides = differences(trios)
        result = np.zeros((len(trios), 3))
        for pair in (1, 2):
            result[:, pair] = self.mean(np.stack([sides[:, pair], sides[:, 0]], axis=1))
        return result

    def leading(self, trios: Doubles) -> tuple[Doubles, Doubles]:
        """Return the comparison of the two closest pairs ``[n, 2, axes]``, and by how much."""
        utilities = self.utilities(trios)
        order = np.argsort(-utilities, axis=1)
        rows = np.arange(len(trios))
        sides = differences(trios)
        comparison = np.stack([sides[rows, order[:, 0]], sides[rows, order[:, 1]]], axis=1)
        ranked = np.take_along_axis(utilities, order, axis=1)
        return comparison, ranked[:, 0] - ranked[:, 1]

    def mean(self, comparisons: Doubles) -> Doubles:
        """Return by how much the first pair of each is thought to be closer, ``[n]``."""
        prior = _prior_mean(comparisons)
        if self._evidence is None:
            return prior
        told = self._evidence
        learned: Doubles = prior + _covariance(comparisons, told.comparisons) @ told.pull
        return learned

    def covariance(self, some: Doubles, others: Doubles) -> Doubles:
        """Return the posterior covariance of comparisons, ``[n, m]``."""
        result = _covariance(some, others)
        if self._evidence is not None:
            left, right = self._projected(some), self._projected(others)
            result = result - left @ self._evidence.inverse @ right.T
        return result

    def variance(self, comparisons: Doubles) -> Doubles:
        """Return the posterior variance of comparisons, ``[n]``."""
        result = _own_covariance(comparisons)
        if self._evidence is not None:
            left = self._projected(comparisons)
            result = result - ((left @ self._evidence.inverse) * left).sum(axis=1)
        return np.maximum(result, 1e-9)

    def _projected(self, comparisons: Doubles) -> Doubles:
        assert self._evidence is not None
        told = self._evidence
        projected: Doubles = _covariance(comparisons, told.comparisons) * told.weight
        return projected


def differences(trios: Doubles) -> Doubles:
    """Return the difference of each pair's two places, ``[n, 3, axes]``, ordered as ``Pair``."""
    result: Doubles = trios[:, _ONE] - trios[:, _OTHER]
    return result


def _weigh(trios: Doubles, chosen: Ints) -> _Evidence:
    """Find the posterior's mode by Newton's method with a line search (Laplace)."""
    sides = differences(trios)
    rows = np.arange(len(chosen))
    comparisons = np.concatenate(
        [
            np.stack([sides[rows, chosen], sides[rows, _RIVALS[chosen, rival]]], axis=1)
            for rival in (0, 1)
        ]
    )
    prior, covariance = _prior_mean(comparisons), _covariance(comparisons, comparisons)
    pull: Doubles = np.zeros(len(prior))
    for _ in range(_STEPS):
        margin = prior + covariance @ pull
        weight, inverse = _curvature(margin, covariance)
        target = weight**2 * (margin - prior) + _logistic(-margin)
        step = target - weight * (inverse @ (weight * (covariance @ target))) - pull
        length, start = 1.0, _fit(prior, covariance, pull)
        while length > _SHORTEST and _fit(prior, covariance, pull + length * step) < start:
            length /= 2
        pull += length * step
        if np.abs(length * step).max() < _SETTLED:
            break
    weight, inverse = _curvature(prior + covariance @ pull, covariance)
    return _Evidence(comparisons, pull, weight, inverse)


def _curvature(margin: Doubles, covariance: Doubles) -> tuple[Doubles, Doubles]:
    right = _logistic(margin)
    weight: Doubles = np.sqrt(np.maximum(right * (1 - right), 1e-4))
    system = np.eye(len(margin)) + weight[:, None] * covariance * weight[None]
    inverse: Doubles = np.linalg.inv(system).astype(np.float64)
    return weight, inverse


def _fit(prior: Doubles, covariance: Doubles, pull: Doubles) -> float:
    moved = covariance @ pull
    return float(-np.logaddexp(0.0, -(prior + moved)).sum() - 0.5 * pull @ moved)


def _prior_mean(comparisons: Doubles) -> Doubles:
    squares: Doubles = (comparisons**2).sum(axis=2)
    mean: Doubles = _SHARPNESS * (squares[:, 1] - squares[:, 0])
    return mean


def _covariance(some: Doubles, others: Doubles) -> Doubles:
    return (
        _pairs(some[:, 0], others[:, 0])
        - _pairs(some[:, 0], others[:, 1])
        - _pairs(some[:, 1], others[:, 0])
        + _pairs(some[:, 1], others[:, 1])
    )


def _own_covariance(comparisons: Doubles) -> Doubles:
    first, second = comparisons[:, 0], comparisons[:, 1]
    return _same(first, first) - 2 * _same(first, second) + _same(second, second)


def _pairs(some: Doubles, others: Doubles) -> Doubles:
    """Covariance of the squared lengths of differences, ``[n, axes]`` and ``[m, axes]``."""
    squares, other_squares = some**2, others**2
    mixing = _MIXING**2 * (some @ others.T) ** 2
    gain = _GAIN**2 * (squares @ other_squares.T)
    scale = _SCALE**2 * np.outer(squares.sum(axis=1), other_squares.sum(axis=1))
    total: Doubles = mixing + gain + scale
    return total


def _same(some: Doubles, others: Doubles) -> Doubles:
    """The diagonal of ``_pairs`` for as many of both."""
    squares, other_squares = some**2, others**2
    mixing = _MIXING**2 * (some * others).sum(axis=1) ** 2
    gain = _GAIN**2 * (squares * other_squares).sum(axis=1)
    scale = _SCALE**2 * squares.sum(axis=1) * other_squares.sum(axis=1)
    total: Doubles = mixing + gain + scale
    return total


def _logistic(value: Doubles) -> Doubles:
    result: Doubles = np.exp(-np.logaddexp(0.0, -value))
    return result
