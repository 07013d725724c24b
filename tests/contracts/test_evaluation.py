import dataclasses
import json

import numpy as np
import pytest

from mecomp_desktop.contracts.evaluation import (
    Outcome,
    chance_of_luck,
    chance_of_so_many,
    judge,
    read_verdict,
)
from mecomp_desktop.domain.model_version import Verdict
from tests.support.listeners import HEAD, Listener, World, any_questions
from trainer.personal.finetune import Library, learn
from trainer.personal.metric_learner import LearnerConfig
from trainer.personal.questions import Questions


def outcomes(before: int, after: int, of: int, gain: float = 0.3) -> list[Outcome]:
    return [
        Outcome(number % 5 == 0, number < before, number < after, gain if number < after else -gain)
        for number in range(of)
    ]


def verdict_on(world: World, seed: int, count: int, slip: float) -> Verdict:
    listener = Listener(world, seed, slip)
    trios = any_questions(count, len(world.pooled), seed)
    chosen = np.array([listener.answer(trio) for trio in trios], np.int64)
    questions = Questions(trios, chosen, np.arange(count) % 5 == 4, np.arange(count))
    library = Library(world.pooled, world.embedding)
    learned = learn(library, questions, HEAD, LearnerConfig(steps=60), 0, lambda *_: None)
    return judge(
        [
            Outcome(outcome.held_back, outcome.before, outcome.after, outcome.gain)
            for outcome in learned.outcomes
        ]
    )


def test_adopts_what_is_clearly_better() -> None:
    verdict = judge(outcomes(before=30, after=48, of=60))
    assert verdict.adopted
    assert (verdict.questions, verdict.before, verdict.after) == (60, 30, 48)
    assert verdict.low < 0.3 < verdict.high
    assert verdict.reason == (
        "The model agreed with you on 50% of 60 questions it had not seen; now on 80%."
    )


def test_counts_the_questions_held_back() -> None:
    verdict = judge(outcomes(before=30, after=48, of=60))
    assert (verdict.held_back, verdict.held_back_before, verdict.held_back_after) == (12, 6, 10)


@pytest.mark.parametrize(
    ("before", "after", "of", "expected"),
    [
        (2, 9, 10, "Too few answers"),
        (10, 20, 60, "No pattern"),
        (40, 40, 60, "did not get better"),
        (0, 0, 0, "Too few answers"),
    ],
)
def test_says_why_not(before: int, after: int, of: int, expected: str) -> None:
    verdict = judge(outcomes(before, after, of))
    assert not verdict.adopted
    assert expected in verdict.reason


def test_luck_is_not_taken_for_progress() -> None:
    measured = outcomes(before=30, after=33, of=60)
    flat = [Outcome(outcome.held_back, outcome.before, outcome.after, 0.0) for outcome in measured]
    verdict = judge(flat)
    assert not verdict.adopted
    assert "luck" in verdict.reason


def test_chance_of_so_many_is_the_binomial_tail() -> None:
    assert chance_of_so_many(0, 10) == pytest.approx(1)
    assert chance_of_so_many(10, 10) == pytest.approx(3.0**-10)
    assert chance_of_so_many(2, 2, 0.5) == pytest.approx(0.25)


def test_chance_of_luck_is_that_of_random_signs() -> None:
    assert chance_of_luck(np.ones(12)) < 0.002
    assert chance_of_luck(-np.ones(12)) == pytest.approx(1, abs=1e-9)
    assert chance_of_luck(np.array([1.0, -1.0] * 20)) == pytest.approx(0.5, abs=0.1)


@pytest.mark.nightly
@pytest.mark.slow
def test_answers_at_random_change_nothing(world: World) -> None:
    adopted = sum(verdict_on(world, seed, 60, slip=1.0).adopted for seed in range(20))
    assert adopted <= 1


@pytest.mark.slow
def test_consistent_answers_give_a_model(world: World) -> None:
    adopted = sum(verdict_on(world, seed, 150, slip=0.1).adopted for seed in range(6))
    assert adopted >= 5


def test_a_file_reports_how_it_was_adopted() -> None:
    verdict = judge(outcomes(before=30, after=48, of=60))
    written = json.dumps(dataclasses.asdict(verdict) | {"answers": 120})
    assert read_verdict(written) == (verdict, 120)


@pytest.mark.parametrize("text", ["", "null", "{}", "[3]", '{"answers": 3}', '{"answers": "x"}'])
def test_a_file_that_reports_nothing_sensible_is_like_any_other(text: str) -> None:
    assert read_verdict(text) == (None, 0)
