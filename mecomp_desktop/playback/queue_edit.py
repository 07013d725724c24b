"""Edits of the queue, as steps that can be undone."""

from collections.abc import Callable
from dataclasses import dataclass

from mecomp_desktop.domain.queue_order import QueueOrder

PutBack = Callable[[QueueOrder, float], None]
"""Makes the queue what it was, its current track at a place in seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class QueueEdit:
    """One edit of the queue.

    Orders are values that share their entries, so a step costs little.

    Attributes:
        sentence: What was done.
        before: The queue before it.
        after: The queue after it.
        position_s: Where the track was that was current before, in seconds.
        put_back: Makes the queue what it was.
    """

    sentence: str
    before: QueueOrder
    after: QueueOrder
    position_s: float
    put_back: PutBack

    @property
    def scope(self) -> str:
        """What it changes."""
        return "queue"

    def do(self) -> None:
        """Do it again."""
        self.put_back(self.after, 0.0)

    def undo(self) -> None:
        """Take it back."""
        self.put_back(self.before, self.position_s)


def songs(number: int) -> str:
    """Return a number of songs in words."""
    return "1 song" if number == 1 else f"{number:,} songs"
