"""Learning a listener's metric from which pair of three was chosen.

The likelihood is a choice model: each of the three pairs is chosen with a probability that
falls with its distance, apart from slips. Two long distances have to differ by more than two
short ones to be told apart (Weber's law; van der Maaten and Weinberger 2012 give their
embedding of triplets such tails too). So a pair is chosen in proportion to
``(1 + d^2) ** -sharpness``, where ``d`` is 1 for two songs at random: nearly a softmax of squared
distances among close songs, a ratio among far ones. A few odd songs then cannot outvote all
others. Measured on simulated listeners, this agrees with them 1 % more often after 200 answers.

The prior is the space as it is: a gain for each axis around 1, and a mixing matrix around 0,
both held by squares. With few answers little moves; the strength was chosen on simulated
listeners and is the same from 60 answers to 200. Several fits (one a fold) run as one batch.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mecomp_desktop.arrays import Floats
from trainer.personal.questions import Questions
from trainer.training.loop import StepResult, TrainingLoop

_FIRST_OF_PAIR, _SECOND_OF_PAIR = (0, 0, 1), (1, 2, 2)
_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class LearnerConfig:
    """How a metric is learned.

    Attributes:
        prior: How strongly gains and mixing are held to the space as it is.
        slip: How often a listener is thought to press the wrong key, as a share.
        sharpness: How decided a listener is expected to be, before anything is known of them.
        steps: Steps of Adam over all answers.
        learning_rate: Its first step's length; falls to 0 along a cosine.
    """

    prior: float = 2.0
    slip: float = 0.1
    sharpness: float = 1.0
    steps: int = 120
    learning_rate: float = 0.03


def learn_metrics(
    places: Floats, questions: Questions, weights: Floats, config: LearnerConfig
) -> Floats:
    """Learns one metric for each row of weights.

    Args:
        places: ``[n, axes]``, coordinates of the library.
        questions: The answers.
        weights: ``[fits, questions]``; 0 leaves an answer out of a fit.
        config: How.

    Returns:
        Linear maps ``[fits, axes, axes]``; Euclidean distance after the map is the metric.
    """
    fits = _MetricFits(places, questions, weights, config)
    # One round, and every answer in every step: there are at most some hundred.
    TrainingLoop(
        name="the listener's metric",
        batches=lambda _: range(config.steps),
        compute=fits.compute,
        optimise=_Adam(fits.parameters, config).step,
        after_round=lambda _, __: False,
    ).run(0, 1)
    return fits.maps()


class _MetricFits:
    """The metrics, fitted at once: gain and mixing of the axes, and sharpness of the answers."""

    def __init__(
        self, places: Floats, questions: Questions, weights: Floats, config: LearnerConfig
    ) -> None:
        # Only songs that were asked about: the library may have a hundred thousand.
        rows, inverse = np.unique(questions.trios, return_inverse=True)
        self._trios = torch.from_numpy(inverse.reshape(questions.trios.shape))
        self._points = torch.from_numpy(np.ascontiguousarray(places[rows], np.float32))
        self._chosen = torch.from_numpy(questions.chosen)
        self._weights = torch.from_numpy(weights.astype(np.float32))
        self._config = config
        fits, axes = len(weights), places.shape[1]
        self._mixing = torch.zeros(fits, axes, axes, requires_grad=True)
        self._gain = torch.zeros(fits, axes, requires_grad=True)
        self._sharpness = torch.zeros(fits, requires_grad=True)
        self.parameters = [self._mixing, self._gain, self._sharpness]

    def compute(self, step: int) -> StepResult:
        """The loss of all fits together; every step has all answers."""
        # The gain as an exponential: it cannot become negative, and halving costs the prior as much
        # as doubling.
        moved = self._points * self._gain.exp()[:, None] + self._points @ self._mixing
        squares = _squared_distances(moved, self._trios)
        surprise = _surprise(squares, self._sharpness, self._chosen, self._config) * self._weights
        held = self._mixing.square().sum((1, 2)) + self._gain.square().sum(1)
        # Summed, not averaged: more answers outweigh the prior, as they should.
        loss = surprise.sum(1) + self._config.prior * held + 0.5 * self._sharpness.square()
        # The fits share no weight, so the gradient of the sum is each fit's own.
        return StepResult(loss.sum(), f"step {step}")

    def maps(self) -> Floats:
        """Linear maps ``[fits, axes, axes]``."""
        maps: Floats = (torch.diag_embed(self._gain.exp()) + self._mixing).detach().numpy()
        return maps


class _Adam:
    """Adam (Kingma and Ba 2015) with its usual constants.

    torch's own loads a compiler first, which takes as long as all of the learning, and the listener
    waits for it.
    """

    def __init__(self, weights: list[Tensor], config: LearnerConfig) -> None:
        self._weights = weights
        self._config = config
        self._mean = [torch.zeros_like(weight) for weight in weights]
        self._square = [torch.zeros_like(weight) for weight in weights]
        self._count = 0

    def step(self, loss: Tensor) -> None:
        """Goes one step down, of about the learning rate in every weight."""
        falling = 0.5 * (1 + math.cos(math.pi * self._count / self._config.steps))
        length = self._config.learning_rate * falling
        self._count += 1
        slopes = torch.autograd.grad(loss, self._weights)
        grown = length / (1 - _BETA_1**self._count)
        scale = (1 - _BETA_2**self._count) ** 0.5
        with torch.no_grad():
            for place, slope in enumerate(slopes):
                mean, square = self._mean[place], self._square[place]
                mean.lerp_(slope, 1 - _BETA_1)
                square.lerp_(slope.square(), 1 - _BETA_2)
                self._weights[place].sub_(grown * mean / (square.sqrt() / scale + _EPSILON))


def _squared_distances(points: Tensor, trios: Tensor) -> Tensor:
    """Of points ``[fits, n, axes]``: ``[fits, questions, 3]``, ordered as ``Pair``."""
    corners = points[:, trios]
    return (corners[:, :, _FIRST_OF_PAIR] - corners[:, :, _SECOND_OF_PAIR]).square().sum(-1)


def _surprise(squares: Tensor, sharpness: Tensor, chosen: Tensor, config: LearnerConfig) -> Tensor:
    """Returns minus the log-likelihood of each answer, ``[fits, questions]``."""
    scale = config.sharpness * sharpness.exp()
    odds = torch.softmax(-squares.log1p() * scale[:, None, None], dim=2)
    index = chosen[None, :, None].expand(len(odds), -1, 1)
    right = odds.gather(2, index)[..., 0]
    # A slip chooses any of the three: even the least likely answer keeps half a slip, so one wrong
    # key costs a bounded surprise and not an infinite one.
    return -((1 - 1.5 * config.slip) * right + config.slip / 2).log()
