"""What the answers so far say about a listener's metric, and how sure of it one may be.

A Gaussian process over metrics: the squared distance of a pair is a quadratic form of the
difference of its two places, the form is unknown, and near the model's own beforehand. Its
covariance lets single axes count more or less, and axes mix. An answer is two comparisons
(the chosen pair is closer than either other), each with a logistic likelihood; Laplace's method
makes the posterior Gaussian. All of it is a few hundred rows of linear algebra.
"""

from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Doubles, Rows
from mecomp_desktop.domain.judgment import Pair

_FIRST = np.array([pair.members[0] for pair in Pair])
_SECOND = np.array([pair.members[1] for pair in Pair])
_RIVALS = np.array([[1, 2], [0, 2], [0, 1]])

# How much axes may mix, single axes gain, and all distances scale, beside the sharpness of choices
# expected beforehand. Measured on simulated listeners: expecting few qualities to count, rather
# than any direction between them, finds the telling questions earlier.
_MIXING, _GAIN, _SCALE, _SHARPNESS = 0.15, 2.5, 1.0, 2.0
# The bounds only end a search that contradictory answers keep from settling: where they agree,
# Newton's method is there long before.
_STEPS = 12
_SHORTEST = 0.01
_SETTLED = 1e-3


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Comparisons, and what they pull at: ``[2 answers, 2, axes]`` and what Laplace leaves."""

    comparisons: Doubles
    # The mode in its dual form (Rasmussen & Williams, algorithm 3.1): covariance times this is how
    # far the mode is from the prior. A number an answer, where the metric has one a pair of axes.
    representer: Doubles
    weight: Doubles
    inverse: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What is predicted of the answers to questions: by ``MetricPosterior.predict``.

    Attributes:
        comparisons: ``[n, 2, axes]``, the pair that seems closest beside the next.
        lead: ``[n]``, by how much it seems closer.
        variance: ``[n]``, how unsure that is.
        cross_covariance: ``[n, evidence]``, what the answers say about each, by Laplace.
        solved: The same times the inverse of what they say about each other.
    """

    comparisons: Doubles
    lead: Doubles
    variance: Doubles
    cross_covariance: Doubles
    solved: Doubles

    def covariance(self, reference: "Prediction") -> Doubles:
        """Return the posterior covariance of these leads with others, ``[n, m]``."""
        result: Doubles = _covariance(self.comparisons, reference.comparisons)
        result -= self.solved @ reference.cross_covariance.T
        return result


class MetricPosterior:
    """The posterior over a listener's metric.

    Args:
        trios: ``[answers, 3, axes]``, where the three songs of each answered question lie.
        chosen: ``[answers]``, the pair that was chosen.
    """

    def __init__(self, trios: Doubles, chosen: Rows) -> None:
        self._evidence = _weigh(trios, chosen)

    def predict(self, trios: Doubles) -> Prediction:
        """Return which pair of each of ``[n, 3, axes]`` seems closest, and how surely."""
        evidence, rows = self._evidence, np.arange(len(trios))
        sides = differences(trios)
        pairs = np.stack([_with_pairs(sides[:, pair], evidence.comparisons) for pair in range(3)])
        closeness = pairs @ evidence.representer - _SHARPNESS * (sides**2).sum(axis=2).T
        first, second = np.argsort(-closeness, axis=0)[:2]
        comparisons = np.stack([sides[rows, first], sides[rows, second]], axis=1)
        cross_covariance = (pairs[first, rows] - pairs[second, rows]) * evidence.weight
        solved = cross_covariance @ evidence.inverse
        variance = _own_covariance(comparisons) - (solved * cross_covariance).sum(axis=1)
        lead = closeness[first, rows] - closeness[second, rows]
        return Prediction(comparisons, lead, np.maximum(variance, 1e-9), cross_covariance, solved)


def differences(trios: Doubles) -> Doubles:
    """Return the difference of each pair's two places, ``[n, 3, axes]``, ordered as ``Pair``."""
    result: Doubles = trios[:, _FIRST] - trios[:, _SECOND]
    return result


def _weigh(trios: Doubles, chosen: Rows) -> _Evidence:
    """Find the posterior's mode by Newton's method with a line search (Laplace)."""
    # Each answer is two comparisons, for both rivals lost: one alone would leave open whether the
    # third song is far from the pair, or only farther than the pair's own distance.
    sides = differences(trios)
    rows = np.arange(len(chosen))
    comparisons = np.concatenate(
        [
            np.stack([sides[rows, chosen], sides[rows, _RIVALS[chosen, rival]]], axis=1)
            for rival in (0, 1)
        ]
    )
    prior, covariance = _prior_mean(comparisons), _covariance(comparisons, comparisons)
    representer: Doubles = np.zeros(len(prior))
    for _ in range(_STEPS):
        # The system is the identity plus a positive semi-definite matrix: it can be solved however
        # alike two answers are, where the covariance's own inverse could not.
        margin = prior + covariance @ representer
        weight, system = _curvature(margin, covariance)
        target = weight**2 * (margin - prior) + _logistic(-margin)
        excess = np.linalg.solve(system, weight * (covariance @ target)).astype(np.float64)
        step = target - weight * excess - representer
        length, start = 1.0, _fit(prior, covariance, representer)
        # A full step overshoots where an answer contradicts what is nearly certain, and the next
        # steps would swing for ever: it is halved until the fit no longer falls.
        while length > _SHORTEST and _fit(prior, covariance, representer + length * step) < start:
            length /= 2
        representer += length * step
        if np.abs(length * step).max(initial=0.0) < _SETTLED:
            break
    weight, system = _curvature(prior + covariance @ representer, covariance)
    return _Evidence(comparisons, representer, weight, np.linalg.inv(system).astype(np.float64))


def _curvature(margin: Doubles, covariance: Doubles) -> tuple[Doubles, Doubles]:
    right = _logistic(margin)
    # An answer that was certain has no curvature left; at exactly 0 its row of the system would be
    # the identity's, and the evidence of it would be lost from every later covariance.
    weight: Doubles = np.sqrt(np.maximum(right * (1 - right), 1e-4))
    system: Doubles = np.eye(len(margin)) + weight[:, None] * covariance * weight[None]
    return weight, system


def _fit(prior: Doubles, covariance: Doubles, representer: Doubles) -> float:
    moved = covariance @ representer
    return float(-np.logaddexp(0.0, -(prior + moved)).sum() - 0.5 * representer @ moved)


def _prior_mean(comparisons: Doubles) -> Doubles:
    squares: Doubles = (comparisons**2).sum(axis=2)
    mean: Doubles = _SHARPNESS * (squares[:, 1] - squares[:, 0])
    return mean


def _covariance(pairs: Doubles, rivals: Doubles) -> Doubles:
    return _with_pairs(pairs[:, 0], rivals) - _with_pairs(pairs[:, 1], rivals)


def _with_pairs(pairs: Doubles, comparisons: Doubles) -> Doubles:
    """Covariance of the closeness of pairs, ``[n, axes]``, with comparisons, ``[n, m]``."""
    return _pairs(pairs, comparisons[:, 0]) - _pairs(pairs, comparisons[:, 1])


def _own_covariance(comparisons: Doubles) -> Doubles:
    first, second = comparisons[:, 0], comparisons[:, 1]
    return _same(first, first) - 2 * _same(first, second) + _same(second, second)


def _pairs(pairs: Doubles, rivals: Doubles) -> Doubles:
    """Covariance of the squared lengths of differences, ``[n, axes]`` and ``[m, axes]``."""
    # Squared, for these are squared lengths: the covariance of two quadratic forms is the square of
    # what their differences have in common.
    total: Doubles = (_MIXING * pairs) @ rivals.T
    total *= total
    total += _gained(pairs) @ _gained(rivals).T
    return total


def _gained(pairs: Doubles) -> Doubles:
    """What single axes and the scale do to squared lengths, as one product's factors."""
    squares = pairs**2
    return np.hstack([_GAIN * squares, _SCALE * squares.sum(axis=1, keepdims=True)])


def _same(pairs: Doubles, rivals: Doubles) -> Doubles:
    """The diagonal of ``_pairs`` for as many of both."""
    squares, rival_squares = pairs**2, rivals**2
    mixing = _MIXING**2 * (pairs * rivals).sum(axis=1) ** 2
    gain = _GAIN**2 * (squares * rival_squares).sum(axis=1)
    scale = _SCALE**2 * squares.sum(axis=1) * rival_squares.sum(axis=1)
    total: Doubles = mixing + gain + scale
    return total


def _logistic(value: Doubles) -> Doubles:
    result: Doubles = np.exp(-np.logaddexp(0.0, -value))
    return result
