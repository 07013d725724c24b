"""Likes, ratings and "never again", as steps that can be undone."""

from collections.abc import Callable
from dataclasses import dataclass

from mecomp_desktop.domain.rating import Ratings


@dataclass(frozen=True, slots=True, eq=False)
class RatingChange:
    """Other ratings for some subjects.

    Attributes:
        sentence: What was done.
        before: What they were.
        after: What they are.
        put: Makes them so; returns at once.
    """

    sentence: str
    before: Ratings
    after: Ratings
    put: Callable[[Ratings], None]

    @property
    def scope(self) -> str:
        """What it changes."""
        return "ratings"

    def do(self) -> None:
        """Do it, for the first time or again."""
        self.put(self.after)

    def undo(self) -> None:
        """Take it back."""
        self.put(self.before)
