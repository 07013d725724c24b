"""What was found for a dynamic playlist, and what would have to change to find something else."""

import contextlib
from dataclasses import dataclass

from mecomp_desktop.domain.dynamic_playlist import DynamicPlaylist
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.query.dependence import dependence_of
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.tree import Query


@dataclass(frozen=True, slots=True)
class FoundSongs:
    """The songs of a dynamic playlist.

    Attributes:
        track_ids: The songs, in its order.
        error: Why there are none, where its query cannot be answered.
    """

    track_ids: tuple[TrackId, ...] = ()
    error: str = ""


class KeptSearch:
    """What was found for a dynamic playlist, and what it was found in."""

    def __init__(self, playlist: DynamicPlaylist) -> None:
        self.playlist = playlist
        self.query: Query | None = None
        self.found: FoundSongs | None = None
        self.searched_in: tuple[object, ...] = ()
        with contextlib.suppress(QueryError):  # told when it is searched for
            self.query = parse(playlist.text)
        self._looks_at = dependence_of(self.query or Query())

    def state(
        self, catalog: object, facts: object, minute: int, vectors: int
    ) -> tuple[object, ...]:
        """Return what its songs follow from; the rest may change without a search."""
        looks_at = self._looks_at
        return (
            catalog,
            facts if looks_at.on_facts else None,
            minute if looks_at.on_clock else None,
            vectors if looks_at.on_sound else None,
        )


def is_same(first: tuple[object, ...], second: tuple[object, ...]) -> bool:
    """Return whether two states are the same: a catalog is, numbers are equal."""
    return all(
        old is new or (isinstance(old, int) and old == new)
        for old, new in zip(first, second, strict=True)
    )
