"""What the other services want to know of the library."""

from collections.abc import Collection
from typing import Protocol

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Track


class TrackFinder(Protocol):
    """Looks tracks up; quick, from any thread."""

    def track(self, track_id: TrackId) -> Track | None:
        """Return a track; ``None`` where the library does not have it (any more)."""

    def track_ids(self) -> Collection[TrackId]:
        """Return the ids of all tracks, quick to ask whether one is among them."""
