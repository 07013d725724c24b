"""The posterior over a listener's metric, beside the same mathematics written out as loops."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import minimize

from mecomp_desktop.quiz.preference_model import _GAIN, _MIXING, _SCALE, _SHARPNESS, MetricPosterior

Doubles = npt.NDArray[np.float64]

AXES = 4
MEMBERS = ((0, 1), (0, 2), (1, 2))


def trios(count: int, seed: int) -> Doubles:
    return np.random.default_rng(seed).normal(size=(count, 3, AXES)) * 0.5


def side(trio: Doubles, pair: int) -> Doubles:
    first, second = MEMBERS[pair]
    difference: Doubles = trio[first] - trio[second]
    return difference


def features(trio: Doubles, first: int, second: int) -> Doubles:
    """By how much ``first`` is closer, as a product of these with the unknown metric.

    Mixing of every two axes, a gain for each, and a scale, times the deviation that is expected
    of each; what is expected beforehand stands at the end.
    """
    near, far = side(trio, first), side(trio, second)
    mixing = [
        _MIXING * (far[row] * far[column] - near[row] * near[column])
        for row, column in itertools.product(range(AXES), repeat=2)
    ]
    gains = [_GAIN * (far[axis] ** 2 - near[axis] ** 2) for axis in range(AXES)]
    scale = sum(far**2) - sum(near**2)
    return np.array([*mixing, *gains, _SCALE * scale, _SHARPNESS * scale])


def naive_mode(judged: Doubles) -> tuple[Doubles, Doubles]:
    """The likeliest weights of the features and their covariance by Laplace."""

    def cost(weights: Doubles) -> float:
        margins = judged[:, :-1] @ weights + judged[:, -1]
        return float(np.logaddexp(0, -margins).sum() + weights @ weights / 2)

    width = judged.shape[1] - 1
    mode = minimize(cost, np.zeros(width), method="BFGS", options={"gtol": 1e-7}).x
    right = 1 / (1 + np.exp(-(judged[:, :-1] @ mode + judged[:, -1])))
    precision = np.eye(width)
    for row, share in zip(judged[:, :-1], right, strict=True):
        precision += share * (1 - share) * np.outer(row, row)
    return mode, np.linalg.inv(precision)


@pytest.mark.parametrize("answers", [0, 1, 25])
def test_lead_variance_and_covariance_are_the_naive_ones(answers: int) -> None:
    asked, chosen = trios(answers, 1), np.random.default_rng(2).integers(0, 3, answers)
    judged = [
        features(trio, pair, rival)
        for trio, pair in zip(asked, chosen, strict=True)
        for rival in range(3)
        if rival != pair
    ]
    mode, covariance = naive_mode(np.array(judged).reshape(len(judged), AXES * AXES + AXES + 2))
    queries, references = trios(6, 3), trios(5, 4)
    posterior = MetricPosterior(asked, chosen)
    prediction, reference = posterior.predict(queries), posterior.predict(references)

    expected = [leading(trio, mode) for trio in queries]
    np.testing.assert_allclose(prediction.lead, [lead for lead, _ in expected], atol=2e-4)
    rows = np.array([row for _, row in expected])
    reference_rows = np.array([leading(trio, mode)[1] for trio in references])
    np.testing.assert_allclose(prediction.variance, np.diag(rows @ covariance @ rows.T), atol=2e-4)
    np.testing.assert_allclose(
        prediction.covariance(reference), rows @ covariance @ reference_rows.T, atol=2e-4
    )


def leading(trio: Doubles, mode: Doubles) -> tuple[float, Doubles]:
    """How far the closest pair leads the next, and that comparison's features."""
    closest, following = sorted(range(3), key=lambda pair: -closeness(trio, pair, mode))[:2]
    row = features(trio, closest, following)
    return float(row[:-1] @ mode + row[-1]), row[:-1]


def closeness(trio: Doubles, pair: int, mode: Doubles) -> float:
    return sum(
        float(row[:-1] @ mode + row[-1])
        for row in (features(trio, pair, rival) for rival in range(3))
    )


@pytest.mark.parametrize("pair", [0, 1, 2])
def test_the_chosen_pair_leads_after_it_was_chosen_often(pair: int) -> None:
    trio, often = trios(1, 5), 9
    prediction = MetricPosterior(np.repeat(trio, often, axis=0), np.full(often, pair)).predict(trio)
    np.testing.assert_allclose(prediction.comparisons[0, 0], side(trio[0], pair))
    assert (
        prediction.variance
        < MetricPosterior(trio[:0], np.zeros(0, np.int64)).predict(trio).variance
    )
