"""The columns that show what the listener did with a song: liked, rated, played, skipped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from mecomp_desktop.arrays import SmallRows
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.play_counts import NEVER_PLAYED, PlayCounts
from mecomp_desktop.domain.rating import NO_RATING, Rating, RatingTable
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.catalog import Catalog, SortColumn
from mecomp_desktop.ratings.service import stars
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.library.columns import Column

_Value = Callable[[Rating, PlayCounts], float | None]
_OF_RATING = frozenset({Column.LIKED, Column.RATING})
_VALUES: dict[Column, _Value] = {
    Column.LIKED: lambda rating, _counts: rating.liked_at_s,
    Column.RATING: lambda rating, _counts: rating.half_stars,
    Column.PLAYS: lambda _rating, counts: counts.plays or None,
    Column.SKIPS: lambda _rating, counts: counts.skips or None,
    Column.LAST_PLAYED: lambda _rating, counts: counts.last_played_at_s,
    Column.FIRST_PLAYED: lambda _rating, counts: counts.first_played_at_s,
}
LISTENER_COLUMNS = frozenset(_VALUES)
"""Columns whose cells and order do not come from the catalog."""


@dataclass(frozen=True)
class ListenerFacts:
    """What the listener did with the songs, at one moment.

    Attributes:
        ratings: What is liked, rated or put away.
        counts: Plays and skips by recording.
    """

    ratings: RatingTable = field(default_factory=RatingTable)
    counts: Mapping[AudioId, PlayCounts] = field(default_factory=dict)
    # The last order, and of what: the table asks once beside and once on the window's thread.
    _orders: dict[str, tuple[object, SmallRows]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def cell(self, track: Track, column: Column) -> str:
        """Return the text of one cell of these columns."""
        rating, counts = self.of(track.audio_id)
        match column:
            case Column.LIKED:
                return "Liked" if rating.liked else ""
            case Column.RATING:
                return "" if rating.half_stars is None else stars(rating.half_stars)
            case Column.LAST_PLAYED:
                return formatting.day(counts.last_played_at_s)
            case Column.FIRST_PLAYED:
                return formatting.day(counts.first_played_at_s)
            case _:
                value = _VALUES[column](rating, counts)
                return f"{value:,.0f}" if value else ""

    def of(self, audio_id: AudioId) -> tuple[Rating, PlayCounts]:
        """Return what the listener thinks of a recording, and how often it was played."""
        return self.ratings.of_song(audio_id), self.counts.get(audio_id, NEVER_PLAYED)

    def order(self, catalog: Catalog, column: Column, descending: bool) -> SmallRows:
        """Return all rows of a catalog in the order of one of these columns, int32 [n].

        Songs without a value come last; songs that are equal follow the artists.
        """
        key = (catalog, column, descending)
        known = self._orders.get("last")
        if known is not None and known[0] == key:
            return known[1]
        # By what has a value: most songs of a large library have none.
        value_of = self._values(column)
        audio_ids = catalog.tracks.column("audio_id")
        values = np.array([value_of.get(audio_id, np.nan) for audio_id in audio_ids], np.float64)
        base = catalog.order(SortColumn.ARTIST)
        # NumPy sorts what is no number last, in either direction.
        keys = -values[base] if descending else values[base]
        rows = base[np.argsort(keys, kind="stable")]
        self._orders["last"] = key, rows
        return rows

    def _values(self, column: Column) -> dict[AudioId, float]:
        """Return the values of a column, by recordings that have one."""
        value_of = _VALUES[column]
        if column in _OF_RATING:
            pairs = (
                (key, value_of(rating, NEVER_PLAYED)) for key, rating in self.ratings.songs.items()
            )
        else:
            pairs = ((key, value_of(NO_RATING, counts)) for key, counts in self.counts.items())
        return {key: value for key, value in pairs if value is not None}
