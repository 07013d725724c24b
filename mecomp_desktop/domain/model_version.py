"""The models that have been made for, or brought in by, this listener."""

from dataclasses import dataclass
from typing import Literal, NewType

VersionId = NewType("VersionId", int)
"""A row of the history of models."""

Kind = Literal["learned", "imported"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a measurement found about a new model, on questions it had not seen.

    Attributes:
        questions: How many there were.
        before: How many of them the model before agreed with the listener on.
        after: How many the new one agrees on.
        low: The lower end of the interval of the difference, as a share of the questions.
        high: Its upper end.
        held_back: How many of the questions were random ones kept for measuring.
        held_back_before: How many of those the model before agreed on.
        held_back_after: How many of those the new one agrees on.
        adopted: Whether the new model is better beyond doubt.
        reason: Why, or why not, in a listener's words.
    """

    questions: int
    before: int
    after: int
    low: float
    high: float
    held_back: int
    held_back_before: int
    held_back_after: int
    adopted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One model of the history.

    Attributes:
        id: Its number.
        kind: Learned from answers, or brought in from a file.
        name: What it is called.
        body_hash: The part before the head.
        head_hash: The projection head, which places songs in the space.
        model_file: The name of its complete file in the directory of personal models.
        head_file: The name of the file of its head alone; empty where it has none.
        created_at_s: When, in seconds since the epoch.
        answers: How many answers it learned from.
        verdict: What was measured; ``None`` for an imported model.
    """

    id: VersionId
    kind: Kind
    name: str
    body_hash: str
    head_hash: str
    model_file: str
    head_file: str
    created_at_s: float
    answers: int
    verdict: Verdict | None
