"""Whether a new model is better, told from questions that neither model had seen.

Three doubts have to fall. There must be enough questions. The new model must agree with the
listener more often than chance does, or the answers contradict each other. And the answers must
have become more expected than they were to the model before, beyond what luck explains. With
answers at random all of that happens together in about one case of a hundred.
"""

import dataclasses
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Doubles
from mecomp_desktop.domain.model_version import Verdict

FEWEST_QUESTIONS = 20
_CHANCE = 1 / 3
_BEYOND_CHANCE = 0.02
_BEYOND_LUCK = 0.1
_DRAWS = 4_000
_INTERVAL = (5.0, 95.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, asked of two models that had not seen its answer.

    Attributes:
        held_back: Whether it was a random one kept for measuring.
        before: Whether the model before agrees with the listener.
        after: Whether the new one does.
        gain: How much more expected the answer is now, as a log-likelihood.
    """

    held_back: bool
    before: bool
    after: bool
    gain: float


def judge(outcomes: Sequence[Outcome]) -> Verdict:
    """Return the verdict on a new model."""
    before = np.array([outcome.before for outcome in outcomes], np.bool_)
    after = np.array([outcome.after for outcome in outcomes], np.bool_)
    held = np.array([outcome.held_back for outcome in outcomes], np.bool_)
    gains = np.array([outcome.gain for outcome in outcomes], np.float64)
    low, high = _interval(after.astype(np.float64) - before)
    right, was_right = int(after.sum()), int(before.sum())
    objection = _objection(len(outcomes), was_right, right, gains)
    reason = objection or _praise(len(outcomes), was_right, right)
    return Verdict(
        questions=len(outcomes),
        before=was_right,
        after=right,
        low=low,
        high=high,
        held_back=int(held.sum()),
        held_back_before=int(before[held].sum()),
        held_back_after=int(after[held].sum()),
        adopted=not objection,
        reason=reason,
    )


def pack_verdict(verdict: Verdict, answers: int) -> str:
    """Return the text of a model file's property: the verdict, and how many answers it is from."""
    return json.dumps(dataclasses.asdict(verdict) | {"answers": answers})


def read_verdict(text: str) -> tuple[Verdict | None, int]:
    """Return what a model file tells of its own adoption, and from how many answers it learned.

    The trainer writes it when it has tuned the whole network; other files tell nothing.

    Args:
        text: The file's property for it; empty where it has none.
    """
    try:
        values = json.loads(text)
        answers = int(values.pop("answers"))
        verdict = Verdict(**values)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, 0
    return (verdict, answers) if verdict.questions else (None, 0)


def chance_of_luck(gains: Doubles) -> float:
    """Return how often gains of random sign add up to at least these (a permutation test)."""
    signs = np.random.default_rng(0).integers(0, 2, (_DRAWS, len(gains))) * 2.0 - 1.0
    at_least = int((signs @ gains >= gains.sum() - 1e-12).sum())
    return (at_least + 1) / (_DRAWS + 1)


def chance_of_so_many(right: int, questions: int, share: float = _CHANCE) -> float:
    """Return how often a guesser is right on at least so many questions (binomial)."""
    return sum(
        math.comb(questions, hits) * share**hits * (1 - share) ** (questions - hits)
        for hits in range(right, questions + 1)
    )


def _objection(questions: int, before: int, after: int, gains: Doubles) -> str:
    if questions < FEWEST_QUESTIONS:
        return (
            f"Too few answers to tell: {questions} questions could be checked, and "
            f"{FEWEST_QUESTIONS} are the least."
        )
    if chance_of_so_many(after, questions) > _BEYOND_CHANCE:
        return (
            f"No pattern could be found in the answers: what was learned from some of them "
            f"foretold {after} of {questions} others, hardly more than guessing would. They may "
            "contradict each other, or be about something that the model cannot hear."
        )
    if after <= before:
        return (
            f"It did not get better: of {questions} questions it had not seen, the model before "
            f"agreed with you on {before}, the new one on {after}."
        )
    if chance_of_luck(gains) > _BEYOND_LUCK:
        return (
            f"It may be luck: of {questions} questions it had not seen, the model before agreed "
            f"with you on {before}, the new one on {after}. More answers will tell."
        )
    return ""


def _praise(questions: int, before: int, after: int) -> str:
    return (
        f"The model agreed with you on {before / questions:.0%} of {questions} questions it had "
        f"not seen; now on {after / questions:.0%}."
    )


def _interval(differences: Doubles) -> tuple[float, float]:
    """Return the 90 % interval of the mean by drawing the questions again and again."""
    if not len(differences):
        return (0.0, 0.0)
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(differences), (_DRAWS, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), _INTERVAL)
    return float(low), float(high)
