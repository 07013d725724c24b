"""All tracks in memory, for the window: order, search, albums and artists."""

import threading
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mecomp_desktop.arrays import Rows, SmallRows
from mecomp_desktop.domain.album import Album, Artist
from mecomp_desktop.domain.ids import AudioId, TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.library.catalog_order import Orders, SortColumn
from mecomp_desktop.library.catalog_search import SearchTexts
from mecomp_desktop.library.grouping import group_albums, group_artists

__all__ = ["Catalog", "SortColumn"]


class Catalog:
    """An unchanging view of the library; a new one is made when the library changes.

    Making one costs nothing; what a question needs is made when it is first asked, which is
    meant for a background thread. All methods may be called from any thread.

    Args:
        tracks: Every track, in any order; ``rows`` below are positions in it.
    """

    def __init__(self, tracks: Sequence[Track] = ()) -> None:
        self.tracks = tracks if isinstance(tracks, TrackTable) else TrackTable.of(tracks)
        self._texts = SearchTexts(self.tracks)
        self._orders = Orders(self.tracks, self._texts.titles)
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self.tracks)

    def __contains__(self, track_id: object) -> bool:
        return track_id in self._row_of

    def prepare(self) -> None:
        """Do the work that the first search would otherwise wait for."""
        self._texts.texts()

    def prepare_rows(self) -> None:
        """Do the work that the first look at any track would otherwise wait for.

        Everything that shows the library asks for its tracks from the window's thread.
        """
        _ = self._row_of, self._by_id, self._lengths_s, self.tracks[:1]

    def total_s(self, track_ids: Sequence[TrackId]) -> tuple[float, list[TrackId]]:
        """Return how long tracks are together, in seconds, and which the library has not."""
        wanted = np.fromiter(track_ids, np.int64, len(track_ids))
        if not len(self):
            return 0.0, list(track_ids)
        places = np.searchsorted(self.ids, wanted, sorter=self._by_id)
        rows = self._by_id[np.minimum(places, len(self) - 1)]
        known = self.ids[rows] == wanted
        missing = [TrackId(number) for number in wanted[~known].tolist()]
        return float(self._lengths_s[rows[known]].sum()), missing

    def prepare_orders(self, is_outdated: Callable[[], bool]) -> None:
        """Sort by every column of the window, so that no click on a heading waits for it.

        Blocks: for a background thread, once the window has nothing more urgent.

        Args:
            is_outdated: Asked between two columns; the rest is left out once it says so.
        """
        for column in SortColumn:
            if is_outdated():
                return
            self.order(column)

    @cached_property
    def ids(self) -> Rows:
        """The id of every row, [n]."""
        return np.array(self.tracks.column("id"), dtype=np.int64)

    def track(self, track_id: TrackId) -> Track:
        """Return a track.

        Raises:
            KeyError: The library has no such track (any more).
        """
        return self.tracks[self._row_of[track_id]]

    def row(self, track_id: TrackId) -> int:
        """Return where a track is in `tracks`.

        Raises:
            KeyError: The library has no such track (any more).
        """
        return self._row_of[track_id]

    def order(self, column: str, descending: bool = False) -> SmallRows:
        """Return all rows in the order of a column, int32 [n]; what a file lacks comes last.

        A column is a `SortColumn`, or the name of any field in `library.fields`.

        Rows that are equal in it follow album artist, album, disc and track number. The first
        call for a column sorts; later ones return the same, read-only array.
        """
        return self._orders.order(column, descending)

    def search(self, text: str) -> SmallRows:
        """Return the rows that contain every word of ``text``, ascending, int32 [n].

        Words are parts of words, without case and accents, and may be spread over title,
        artists, album, album artist and genres. No words: all rows.
        """
        return self._texts.find(text)

    def albums(self) -> tuple[Album, ...]:
        """Return every album, by artist, year and title."""
        with self._lock:
            return self._albums

    def artists(self) -> tuple[Artist, ...]:
        """Return every artist, by name."""
        with self._lock:
            return self._artists

    def album_of(self, track_id: TrackId) -> Album | None:
        """Return the album of a track; ``None`` for one that names none."""
        with self._lock:
            return self._album_of.get(track_id)

    def recordings(self) -> dict[AudioId, int]:
        """Return, by recording, the row to play it from: one that is there, if any is."""
        audio_ids, available = self.tracks.column("audio_id"), self.tracks.column("available")
        found: dict[AudioId, int] = dict(
            zip(reversed(audio_ids), _backwards(audio_ids), strict=True)
        )
        if not all(available):
            rows = range(len(self) - 1, -1, -1)
            found |= {audio_ids[row]: row for row in rows if available[row]}
        return found

    @cached_property
    def _row_of(self) -> dict[TrackId, int]:
        return {track_id: row for row, track_id in enumerate(self.tracks.column("id"))}

    @cached_property
    def _by_id(self) -> Rows:
        return np.argsort(self.ids, kind="stable")

    @cached_property
    def _lengths_s(self) -> NDArray[np.float64]:
        return np.array(self.tracks.column("duration_s"), np.float64)

    @cached_property
    def _albums(self) -> tuple[Album, ...]:
        return group_albums(self.tracks, self._orders.by_album().tolist())

    @cached_property
    def _artists(self) -> tuple[Artist, ...]:
        return group_artists(self.tracks, self._orders.by_album().tolist(), self._albums)

    @cached_property
    def _album_of(self) -> dict[TrackId, Album]:
        return {track_id: album for album in self._albums for track_id in album.track_ids}


def _backwards(values: Sequence[object]) -> range:
    return range(len(values) - 1, -1, -1)
