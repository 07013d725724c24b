"""What plays only when the listener chooses it."""

from collections.abc import Callable, Iterable

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.queue import PlayQueue, QueueEntry
from mecomp_desktop.domain.track import Track

IsUnwanted = Callable[[Track], bool]
"""Tells whether the listener never wants to hear a track again. Called under the player's lock."""


def nothing_is_unwanted(_track: Track) -> bool:
    """Let every track play by itself."""
    return False


class PassingOver:
    """Decides which entries do not play by themselves. Not thread-safe.

    A shuffle and a radio pass over what the listener has put away. What the listener plays in
    an order of their own (an album from its beginning) is played as it is, and so is what they
    have chosen one by one.

    Args:
        queue: What plays next.
        is_unwanted: Tells of a track whether it was put away.
    """

    def __init__(self, queue: PlayQueue, is_unwanted: IsUnwanted) -> None:
        self._queue = queue
        self._is_unwanted = is_unwanted
        self._chosen: set[TrackId] = set()

    def choose(self, track_ids: Iterable[TrackId]) -> None:
        """Note what the listener has chosen."""
        self._chosen.update(track_ids)

    def choose_only(self, track_ids: Iterable[TrackId]) -> None:
        """Note what the listener has chosen in place of everything before."""
        self._chosen = set(track_ids)

    def passes_over(self, entry: QueueEntry, track: Track) -> bool:
        """Return whether an entry does not play by itself."""
        return (
            (self._queue.shuffle or entry.source == "radio")
            and entry.track_id not in self._chosen
            and self._is_unwanted(track)
        )
