"""Dividing a listener's answers: to learn from, to stop by, and to measure with."""

from collections.abc import Sequence

import numpy as np

from mecomp_desktop.contracts.evaluation import FEWEST_QUESTIONS
from trainer.data.answers import Answer
from trainer.data.prepare import TripletSplit
from trainer.data.triplets import Triplet
from trainer.errors import DataError

_MEASURED_SHARE, _VALIDATION_SHARE = 0.3, 0.2
_MIN_TRAINING_ANSWERS = 10


def split_answers(answers: Sequence[Answer], seed: int) -> tuple[list[Answer], TripletSplit]:
    """Returns the answers to measure with, and triplets of the others.

    Measured is what was held back. Where that is too little (the paper's form knows none), a
    random share of the rest is kept from learning as well. Answers about the same three songs
    stay together.

    Raises:
        DataError: Too few are left to learn from.
    """
    groups: dict[frozenset[str], list[Answer]] = {}
    for answer in answers:
        # A repeated question on both sides would be measured on what was learned by heart.
        groups.setdefault(frozenset(answer.songs), []).append(answer)
    held = [group for group in groups.values() if any(answer.held_back for answer in group)]
    rest = [group for group in groups.values() if not any(answer.held_back for answer in group)]
    rest = [rest[place] for place in np.random.default_rng(seed).permutation(len(rest))]
    # The app holds answers back as they are given; the paper's files know none.
    if sum(map(len, held)) < FEWEST_QUESTIONS:
        wanted = max(FEWEST_QUESTIONS, round(_MEASURED_SHARE * len(answers)))
        while rest and sum(map(len, held)) < wanted:
            held.append(rest.pop())
    stop_at = max(1, round(_VALIDATION_SHARE * len(rest)))
    validation, train = rest[:stop_at], rest[stop_at:]
    learned_from = sum(map(len, train))
    if learned_from < _MIN_TRAINING_ANSWERS:
        raise DataError(
            f"{len(answers)} answers leave {learned_from} to learn from, beside those kept to "
            f"measure with; {_MIN_TRAINING_ANSWERS} are the least"
        )
    measured = [answer for group in held for answer in group]
    return measured, TripletSplit(_triplets(train), _triplets(validation), [])


def _triplets(groups: Sequence[Sequence[Answer]]) -> list[Triplet]:
    """Two of every answer: either of the two alike may be the anchor."""
    found = []
    for answer in (answer for group in groups for answer in group):
        first, second = (answer.songs[place] for place in answer.closest.members)
        found.append(Triplet(first, second, answer.odd, "human"))
        found.append(Triplet(second, first, answer.odd, "human"))
    return found
