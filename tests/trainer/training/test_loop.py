"""The one loop by itself: rounds, averages, stopping, and a loss that is no number."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from trainer.errors import TrainingError
from trainer.training.loop import ProgressCallback, StepResult, TrainingLoop, ignore_progress


class Line:
    """A line through the origin, learned from points of slope 3 by plain gradient descent."""

    def __init__(self, rounds: int = 1_000) -> None:
        self.slope = torch.zeros(1, requires_grad=True)
        self.rounds = rounds
        self.seen: list[tuple[int, float]] = []
        self.means: list[dict[str, float]] = []

    def loop(self, on_progress: ProgressCallback = ignore_progress) -> TrainingLoop[float]:
        return TrainingLoop(
            "line", self._batches, self._compute, self._step, self._end, on_progress
        )

    def _batches(self, number: int) -> Iterator[float]:
        for place in (1.0, 2.0):
            self.seen.append((number, place))
            yield place

    def _compute(self, place: float) -> StepResult:
        loss = (self.slope * place - 3.0 * place).square().sum()
        return StepResult(loss, f"x = {place:g}", {"x": torch.tensor(place)}, weight=place)

    def _step(self, loss: Tensor) -> None:
        loss.backward()  # type: ignore[no-untyped-call]
        assert self.slope.grad is not None
        with torch.no_grad():
            self.slope -= 0.05 * self.slope.grad
        self.slope.grad = None

    def _end(self, number: int, means: dict[str, float]) -> bool:
        self.means.append(means)
        return number + 1 < self.rounds


def test_learns_what_the_points_have_in_common() -> None:
    line = Line()
    line.loop().run(0, 40)
    assert line.slope.item() == pytest.approx(3.0, abs=1e-3)


def test_figures_are_weighted_means_of_a_round() -> None:
    line = Line()
    line.loop().run(0, 2)
    assert line.means == [{"x": pytest.approx(5 / 3)}] * 2


def test_ends_where_the_round_says_so() -> None:
    line = Line(rounds=3)
    line.loop().run(0, 40)
    assert len(line.means) == 3


def test_goes_on_from_a_round() -> None:
    straight, halves = Line(), Line()
    straight.loop().run(0, 4)
    halves.loop().run(0, 2)
    halves.loop().run(2, 4)
    assert halves.seen == straight.seen
    assert halves.slope.item() == straight.slope.item()


def test_reports_every_step() -> None:
    steps: list[int] = []
    Line().loop(steps.append).run(0, 3)
    assert steps == [1] * 6


def test_a_loss_that_is_no_number_leaves_the_weights_alone() -> None:
    line = Line()
    with torch.no_grad():
        line.slope += 1e30  # its square is infinite
    with pytest.raises(TrainingError, match=r"line: the loss is inf in x = 1; a smaller"):
        line.loop().run(0, 1)
    assert line.slope.item() == pytest.approx(1e30)


def test_a_round_without_batches_is_an_error() -> None:
    loop: TrainingLoop[float] = TrainingLoop(
        "line",
        batches=lambda number: (),
        compute=lambda place: StepResult(torch.zeros(1), ""),
        optimise=lambda loss: None,
        after_round=lambda number, means: True,
    )
    with pytest.raises(TrainingError, match="line: there is nothing to learn from"):
        loop.run(0, 1)
