"""The one training loop: every training in this package goes through :class:`TrainingLoop`.

A training is a number of rounds, a round a number of steps. What differs between trainings is
passed in: where the batches of a round come from, what a batch computes, how the weights are
moved, and what happens after a round (evaluation, schedule, checkpoint, report). Three trainings
use it: stages by epochs (``training.epochs``), the bundled model by steps
(``recipes.bundled.training``), and one listener's metric (``personal.metric_learner``).

Only torch is imported here: the listener waits for the third one, and must not wait for what the
other two need.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import torch
from torch import Tensor

from trainer.errors import TrainingError

Batch = TypeVar("Batch")

ProgressCallback = Callable[[int], None]
"""Called with a number of steps that have been done."""

Reporter = Callable[[str], None]
"""Called with a line for whoever watches the console."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one batch gives.

    Attributes:
        loss: A scalar with gradients.
        place: Where in the training it is, in words; for the message about a loss that is no
            number.
        figures: Scalars that are averaged over the round, by name.
        weight: How much the batch counts in these averages.
    """

    loss: Tensor
    place: str
    figures: Mapping[str, Tensor] = field(default_factory=dict)
    weight: float = 1.0


def ignore_progress(steps: int) -> None:
    """A :data:`ProgressCallback` that does nothing."""


@dataclass(frozen=True, slots=True)
class TrainingLoop(Generic[Batch]):
    """Steps in rounds; see the module.

    Attributes:
        name: Of the training, for error messages.
        batches: The batches of a round, by its number. They have to depend on that number and a
            seed alone, or a resumed training would not end at the same weights.
        compute: Forward pass and loss of a batch.
        optimise: Backward pass, and one step of the optimiser.
        after_round: Given the round's number and the mean of each figure; tells whether to go on.
        on_progress: Called after every step.
    """

    name: str
    batches: Callable[[int], Iterable[Batch]]
    compute: Callable[[Batch], StepResult]
    optimise: Callable[[Tensor], None]
    after_round: Callable[[int, dict[str, float]], bool]
    on_progress: ProgressCallback = ignore_progress

    def run(self, first_round: int, rounds: int) -> None:
        """Goes through the rounds from ``first_round`` up to, but without, ``rounds``.

        Raises:
            TrainingError: A loss is no number, or a round has nothing to learn from.
        """
        for number in range(first_round, rounds):
            if not self.after_round(number, self._round(number)):
                return

    def _round(self, number: int) -> dict[str, float]:
        means = _WeightedMeans()
        for batch in self.batches(number):
            result = self.compute(batch)
            # Before the weights move: after one step along a gradient that is no number all of
            # them are none, and the checkpoint that is written next would be lost as well.
            check_finite(self.name, result.loss, result.place)
            self.optimise(result.loss)
            means.add(result)
            self.on_progress(1)
        return means.result(self.name)


def check_finite(name: str, loss: Tensor, place: str) -> None:
    """Makes sure that a loss is a number.

    Raises:
        TrainingError: It is not.
    """
    if not torch.isfinite(loss):
        raise TrainingError(
            f"{name}: the loss is {loss.item()} in {place}; a smaller learning rate may help"
        )


class _WeightedMeans:
    """The means of a round's figures, each batch counted by its weight."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = {}
        self._weight = 0.0

    def add(self, result: StepResult) -> None:
        for name, value in result.figures.items():
            # float() waits for the device, and lets go of the graph behind the value: a sum of
            # tensors would keep every batch of the round in memory.
            weighted = float(value.detach()) * result.weight
            self._sums[name] = self._sums.get(name, 0.0) + weighted
        self._weight += result.weight

    def result(self, name: str) -> dict[str, float]:
        if self._weight == 0:
            raise TrainingError(f"{name}: there is nothing to learn from")
        return {figure: total / self._weight for figure, total in self._sums.items()}
