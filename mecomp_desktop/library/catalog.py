"""All tracks in memory, for the window: order, search, albums and artists."""

import threading
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mecomp_desktop.domain.album import Album, Artist
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.grouping import group_albums, group_artists
from mecomp_desktop.library.text import fold, sort_key, sort_key_of_folded

Rows = npt.NDArray[np.int32]
"""Positions in `Catalog.tracks`, [n]."""

_NO_NUMBER = np.iinfo(np.int32).max


class SortColumn(StrEnum):
    """What the songs can be ordered by."""

    TITLE = "title"
    ARTIST = "artist"
    ALBUM = "album"
    ALBUM_ARTIST = "album_artist"
    TRACK_NUMBER = "track_number"
    YEAR = "year"
    GENRE = "genre"
    DURATION = "duration"
    ADDED = "added"


class Catalog:
    """An unchanging view of the library; a new one is made when the library changes.

    Making one, and `prepare`, are meant for a background thread. All methods may be called
    from any thread.

    Args:
        tracks: Every track, in any order; ``rows`` below are positions in it.
    """

    def __init__(self, tracks: Sequence[Track] = ()) -> None:
        self.tracks = tuple(tracks)
        self._row_of = {track.id: row for row, track in enumerate(self.tracks)}
        self._orders: dict[tuple[SortColumn, bool], Rows] = {}
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self.tracks)

    def __contains__(self, track_id: object) -> bool:
        return track_id in self._row_of

    def prepare(self) -> None:
        """Do the work that the first search and the first order would otherwise wait for."""
        with self._lock:
            _ = self._haystacks
        self.order(SortColumn.TITLE)

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

    def order(self, column: SortColumn, descending: bool = False) -> Rows:
        """Return all rows in the order of a column, int32 [n]; what a file lacks comes last.

        Rows that are equal in it follow album artist, album, disc and track number. The first
        call for a column sorts; later ones return the same, read-only array.
        """
        with self._lock:
            order = self._orders.get((column, descending))
            if order is None:
                rank, known = self._ranks(column)
                primary = np.where(known, -rank if descending else rank, _NO_NUMBER)
                order = np.lexsort((self._album_position, primary)).astype(np.int32)
                order.flags.writeable = False
                self._orders[column, descending] = order
            return order

    def search(self, text: str) -> Rows:
        """Return the rows that contain every word of ``text``, ascending, int32 [n].

        Words are parts of words, without case and accents, and may be spread over title,
        artists, album, album artist and genres. No words: all rows.
        """
        rows: Sequence[int] = range(len(self.tracks))
        with self._lock:
            haystacks = self._haystacks
        # The longest word leaves the fewest rows for the others.
        for word in sorted(set(fold(text).split()), key=len, reverse=True):
            rows = [row for row in rows if word in haystacks[row]]
        return np.array(rows, dtype=np.int32)

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

    @cached_property
    def _haystacks(self) -> list[str]:
        return _haystacks(self.tracks)

    @cached_property
    def _albums(self) -> tuple[Album, ...]:
        return group_albums([self.tracks[row] for row in np.argsort(self._album_position)])

    @cached_property
    def _artists(self) -> tuple[Artist, ...]:
        ordered = [self.tracks[row] for row in np.argsort(self._album_position)]
        return group_artists(ordered, self._albums)

    @cached_property
    def _album_of(self) -> dict[TrackId, Album]:
        return {track_id: album for album in self._albums for track_id in album.track_ids}

    @cached_property
    def _album_position(self) -> Rows:
        """Each row's place when all are ordered by album artist, album, disc and number."""
        tags = [track.tags for track in self.tracks]
        # Rows come in the order of discovery, which goes by file name: the last tie-breaker.
        order = np.lexsort(
            (
                _numbers([tag.track_number for tag in tags], absent=_NO_NUMBER),
                _numbers([tag.disc_number for tag in tags], absent=1),
                self._ranks(SortColumn.ALBUM)[0],
                self._ranks(SortColumn.ALBUM_ARTIST)[0],
            )
        )
        position = np.empty(len(order), dtype=np.int32)
        position[order] = np.arange(len(order), dtype=np.int32)
        return position

    def _ranks(self, column: SortColumn) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return each row's rank in a column, and whether the row has a value there at all."""
        if column is SortColumn.TITLE:
            return self._title_ranks(), np.ones(len(self.tracks), dtype=np.bool_)
        if column in _TEXTS:
            texts = [_TEXTS[column](track) for track in self.tracks]
            known = np.fromiter(map(bool, texts), bool, len(texts))
            return _text_ranks(texts), known
        values = np.array([_NUMBERS[column](track) for track in self.tracks], dtype=np.float64)
        known = ~np.isnan(values)
        _, ranks = np.unique(np.where(known, values, 0), return_inverse=True)
        return ranks.astype(np.int64), known

    def _title_ranks(self) -> npt.NDArray[np.int64]:
        # Nearly every title is different, so what the search has folded is used again.
        folded = (haystack.partition("\n")[0] for haystack in self._haystacks)
        keys = [
            sort_key(track.tags.title_sort) if track.tags.title_sort else sort_key_of_folded(title)
            for track, title in zip(self.tracks, folded, strict=True)
        ]
        return _ranks(keys)


def _haystacks(tracks: Sequence[Track]) -> list[str]:
    """Return what each track is searched in; the lines keep a word from spanning two fields."""
    rest: dict[tuple[object, ...], str] = {}
    haystacks = []
    for track in tracks:
        tags = track.tags
        fields = (tags.artists, tags.album, tags.album_artist, tags.genres)
        folded = rest.get(fields)
        if folded is None:
            texts = (*tags.artists, tags.album, tags.album_artist, *tags.genres)
            folded = rest[fields] = fold("\n".join(texts))
        haystacks.append(f"{fold(tags.title)}\n{folded}")
    return haystacks


def _text_ranks(texts: list[str]) -> npt.NDArray[np.int64]:
    keys = {text: sort_key(text) for text in set(texts)}
    return _ranks([keys[text] for text in texts])


def _ranks(keys: list[str]) -> npt.NDArray[np.int64]:
    rank_of = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return np.fromiter(map(rank_of.__getitem__, keys), np.int64, len(keys))


def _numbers(values: list[int | None], absent: int) -> npt.NDArray[np.int64]:
    return np.array([absent if value is None else value for value in values], dtype=np.int64)


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


# Sort tags win over the names they stand for. An empty text sorts last, as unknown.
_TEXTS: dict[SortColumn, Callable[[Track], str]] = {
    SortColumn.ARTIST: lambda track: (
        track.tags.artist_sort or ", ".join(track.tags.artists) or track.tags.album_artist
    ),
    SortColumn.ALBUM: lambda track: track.tags.album_sort or track.tags.album,
    SortColumn.ALBUM_ARTIST: lambda track: (
        track.tags.album_artist_sort
        or track.tags.album_artist
        or track.tags.artist_sort
        or ", ".join(track.tags.artists)
    ),
    SortColumn.GENRE: lambda track: ", ".join(track.tags.genres),
}
_NUMBERS: dict[SortColumn, Callable[[Track], float]] = {
    SortColumn.TRACK_NUMBER: lambda track: _or_nan(track.tags.track_number),
    SortColumn.YEAR: lambda track: _or_nan(track.tags.year),
    SortColumn.DURATION: lambda track: _or_nan(track.tags.duration_s or None),
    SortColumn.ADDED: lambda track: track.added_at_s,
}
