"""Puts the tracks in the order of a column."""

import threading
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import cached_property

import numpy as np

from mecomp_desktop.arrays import Flags, Rows, SmallRows
from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.library.fields import FIELDS, Kind
from mecomp_desktop.text import SortKeys, sort_key, sort_key_of_folded

_LAST = np.iinfo(np.int32).max


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


class Orders:
    """The orders of a table of tracks, each made when it is asked for. Any thread may ask.

    Args:
        tracks: What to order.
        folded_titles: Returns every title folded, as the search has them.
    """

    def __init__(self, tracks: TrackTable, folded_titles: Callable[[], Sequence[str]]) -> None:
        self._tracks = tracks
        self._folded_titles = folded_titles
        self._keys = SortKeys()
        self._orders: dict[tuple[str, bool], SmallRows] = {}
        self._lock = threading.RLock()

    def order(self, column: str, descending: bool) -> SmallRows:
        """Return all rows in the order of a column; what a file lacks comes last.

        Args:
            column: A `SortColumn`, or the name of any field in `library.fields`.
            descending: Whether the last come first.
        """
        with self._lock:
            order = self._orders.get((column, descending))
            if order is None:
                rank, known = self._ranks(column)
                primary = np.where(known, -rank if descending else rank, _LAST)
                order = np.lexsort((self._album_position, primary)).astype(np.int32)
                order.flags.writeable = False
                self._orders[column, descending] = order
            return order

    def by_album(self) -> SmallRows:
        """Return all rows by album artist, album, disc and number."""
        with self._lock:
            return np.argsort(self._album_position).astype(np.int32)

    @cached_property
    def _album_position(self) -> SmallRows:
        """Each row's place when all are ordered by album artist, album, disc and number."""
        # Rows come in the order of discovery, which goes by file name: the last tie-breaker.
        order = np.lexsort(
            (
                self._numbers("track_number", absent=_LAST),
                self._text_ranks("side")[0],  # A1 A2 B1 B2; no side comes first
                self._numbers("disc_number", absent=1),
                self._text_ranks(SortColumn.ALBUM)[0],
                self._text_ranks(SortColumn.ALBUM_ARTIST)[0],
            )
        )
        position = np.empty(len(order), dtype=np.int32)
        position[order] = np.arange(len(order), dtype=np.int32)
        return position

    def _ranks(self, column: str) -> tuple[Rows, Flags]:
        """Return each row's rank in a column, and whether the row has a value there at all."""
        if column == SortColumn.TITLE:
            return self._title_ranks(), np.ones(len(self._tracks), dtype=np.bool_)
        if column in _TEXTS or column in _OTHER_TEXTS:
            return self._text_ranks(column)
        name = _NUMBERS.get(column, column)
        values = np.array(self._tracks.column(name), dtype=np.float64)
        if column == SortColumn.DURATION:
            values[values == 0] = np.nan
        known = ~np.isnan(values)
        _, ranks = np.unique(np.where(known, values, 0), return_inverse=True)
        return ranks.astype(np.int64), known

    def _title_ranks(self) -> Rows:
        # Nearly every title is different, so what the search has folded is used again.
        titles = zip(self._tracks.column("title_sort"), self._folded_titles(), strict=True)
        keys = [
            sort_key(wanted) if wanted else sort_key_of_folded(title) for wanted, title in titles
        ]
        return _looked_up(_rank_of(keys), keys)

    def _text_ranks(self, column: str) -> tuple[Rows, Flags]:
        make = _TEXTS.get(column)
        texts = make(self._tracks) if make is not None else _lines(self._tracks.column(column))
        keys = {text: self._keys[text] for text in set(texts)}
        rank_of_key = _rank_of(keys.values())
        rank_of = {text: rank_of_key[key] for text, key in keys.items()}
        known = np.fromiter(map(bool, texts), np.bool_, len(texts))
        return _looked_up(rank_of, texts), known

    def _numbers(self, name: str, absent: int) -> Rows:
        values = self._tracks.column(name)
        return np.array([absent if value is None else value for value in values], dtype=np.int64)


def _rank_of(keys: Iterable[str]) -> dict[str, int]:
    return {key: rank for rank, key in enumerate(sorted(set(keys)))}


def _looked_up(rank_of: dict[str, int], texts: Sequence[str]) -> Rows:
    return np.fromiter(map(rank_of.__getitem__, texts), np.int64, len(texts))


def _names(tracks: TrackTable) -> list[str]:
    """Return the artists of each track in one line."""
    artists = tracks.column("artists")
    lines = {names: ", ".join(names) for names in set(artists)}
    return [lines[names] for names in artists]


def _artist_texts(tracks: TrackTable) -> list[str]:
    columns = tracks.column("artist_sort"), _names(tracks), tracks.column("album_artist")
    return [
        wanted or names or album_artist
        for wanted, names, album_artist in zip(*columns, strict=True)
    ]


def _album_texts(tracks: TrackTable) -> list[str]:
    return [
        wanted or album
        for wanted, album in zip(tracks.column("album_sort"), tracks.column("album"), strict=True)
    ]


def _album_artist_texts(tracks: TrackTable) -> list[str]:
    columns = (
        tracks.column("album_artist_sort"),
        tracks.column("album_artist"),
        tracks.column("artist_sort"),
        _names(tracks),
    )
    return [
        first or second or third or names
        for first, second, third, names in zip(*columns, strict=True)
    ]


def _genre_texts(tracks: TrackTable) -> list[str]:
    return _lines(tracks.column("genres"))


def _lines(values: Sequence[str | tuple[str, ...]]) -> list[str]:
    """Return texts as they are, and lists of them in one line."""
    return [value if isinstance(value, str) else ", ".join(value) for value in values]


# Sort tags win over the names they stand for. An empty text sorts last, as unknown.
_TEXTS: dict[str, Callable[[TrackTable], list[str]]] = {
    SortColumn.ARTIST: _artist_texts,
    SortColumn.ALBUM: _album_texts,
    SortColumn.ALBUM_ARTIST: _album_artist_texts,
    SortColumn.GENRE: _genre_texts,
}
# Fields that sort by what they say; an empty text sorts last here as well.
_OTHER_TEXTS = frozenset(
    field.name for field in FIELDS if field.kind in (Kind.TEXT, Kind.LIST, Kind.SIDE)
)
_NUMBERS: dict[str, str] = {
    SortColumn.TRACK_NUMBER: "track_number",
    SortColumn.YEAR: "year",
    SortColumn.DURATION: "duration_s",
    SortColumn.ADDED: "added_at_s",
}
