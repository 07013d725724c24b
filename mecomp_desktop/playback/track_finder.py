"""What the player wants to know of the library."""

from collections.abc import Callable, Collection
from typing import Protocol

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Track

Verdict = Callable[[Track], str | None]
"""Tells why a track must not be played, in a listener's words; ``None`` where nothing is against
it. Called under the player's lock: quick, without looking at a file."""


def no_objection(_track: Track) -> str | None:
    """Let every track be played."""
    return None


class TrackFinder(Protocol):
    """Looks tracks up; quick, from any thread."""

    def track(self, track_id: TrackId) -> Track | None:
        """Return a track; ``None`` where the library does not have it (any more)."""

    def track_ids(self) -> Collection[TrackId]:
        """Return the ids of all tracks, quick to ask whether one is among them."""
