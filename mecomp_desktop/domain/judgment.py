"""What a listener answered in the quiz: which two of three songs sound most alike."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NewType

from mecomp_desktop.domain.ids import AudioId

JudgmentId = NewType("JudgmentId", int)
"""A row of the listener's answers."""

Trio = tuple[AudioId, AudioId, AudioId]
"""Three recordings, in the order in which they were played."""

Origin = Literal["quiz", "import"]


class Pair(IntEnum):
    """Two of the three songs, by their places in the question."""

    FIRST_SECOND = 0
    FIRST_THIRD = 1
    SECOND_THIRD = 2

    @property
    def members(self) -> tuple[int, int]:
        """The places of the two, counted from 0."""
        return ((0, 1), (0, 2), (1, 2))[self]

    @property
    def odd(self) -> int:
        """The place of the third song."""
        return 2 - self

    @classmethod
    def of(cls, first: int, second: int) -> "Pair":
        """Return the pair of two different places, counted from 0.

        Raises:
            ValueError: They are no two places of three.
        """
        members = tuple(sorted((first, second)))
        for pair in cls:
            if pair.members == members:
                return pair
        raise ValueError(f"{first} and {second} are no two of three songs")


@dataclass(frozen=True, slots=True)
class Question:
    """Three songs to ask about.

    Attributes:
        trio: The recordings.
        held_back: Kept for measuring: chosen at random, never learned from.
    """

    trio: Trio
    held_back: bool


@dataclass(frozen=True, slots=True)
class Judgment:
    """One answer.

    Attributes:
        id: Its number in the store.
        trio: What was asked about.
        closest: The pair that sounds most alike; ``None`` for "can't tell".
        held_back: Kept for measuring, never learned from.
        origin: Where it came from.
        asked_by: The hash of the head that chose the question; empty where unknown.
        took_s: From the first clip to the answer, in seconds; 0 where unknown.
        judged_at_s: When, in seconds since the epoch.
    """

    id: JudgmentId
    trio: Trio
    closest: Pair | None
    held_back: bool
    origin: Origin
    asked_by: str
    took_s: float
    judged_at_s: float

    @property
    def odd(self) -> AudioId | None:
        """The recording that is not of the pair; ``None`` for "can't tell"."""
        return None if self.closest is None else self.trio[self.closest.odd]


def same_trio(trio: Trio) -> frozenset[AudioId]:
    """Return what makes two questions the same: the songs, in whatever order."""
    return frozenset(trio)


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """The listener's answers, counted.

    Attributes:
        total: All of them.
        learnable: Those with a pair that may be learned from.
        held_back: Those with a pair that are kept for measuring.
        undecided: Those of "can't tell".
        repeated: Answers that give the same again about the same three songs.
        contradictory: Answers that give something else about the same three songs.
    """

    total: int
    learnable: int
    held_back: int
    undecided: int
    repeated: int
    contradictory: int


def count_answers(judgments: list[Judgment]) -> AnswerCounts:
    """Count answers."""
    odd_songs: dict[frozenset[AudioId], list[AudioId]] = {}
    repeated = contradictory = 0
    for judgment in judgments:
        if judgment.odd is None:
            continue
        before = odd_songs.setdefault(same_trio(judgment.trio), [])
        if before:
            repeated += judgment.odd in before
            contradictory += judgment.odd not in before
        before.append(judgment.odd)
    decided = [judgment for judgment in judgments if judgment.closest is not None]
    held_back = sum(judgment.held_back for judgment in decided)
    return AnswerCounts(
        total=len(judgments),
        learnable=len(decided) - held_back,
        held_back=held_back,
        undecided=len(judgments) - len(decided),
        repeated=repeated,
        contradictory=contradictory,
    )
