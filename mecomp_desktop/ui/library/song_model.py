"""The rows of a song table: a view of the catalog, sorted and searched, made of row numbers."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.library.columns import HEADINGS, NUMBERS, SORTS, Column, cell, printable
from mecomp_desktop.ui.library.dragging import songs_as_mime
from mecomp_desktop.ui.library.listener_columns import LISTENER_COLUMNS, ListenerFacts
from mecomp_desktop.ui.qt_guard import guarded

__all__ = [
    "HEADINGS",
    "NEVER_ROLE",
    "NUMBERS",
    "PLAYING_ROLE",
    "RATING_ROLE",
    "SORTS",
    "TRACK_ROLE",
    "Column",
    "SongModel",
    "cell",
    "printable",
]

Index = QModelIndex | QPersistentModelIndex
Rows = NDArray[np.int32]

TRACK_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole ``Track`` of a row."""
PLAYING_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether a row's song is the one that plays."""

RATING_ROLE = Qt.ItemDataRole.UserRole + 3
"""What the listener thinks of a row's song, a `Rating`."""
NEVER_ROLE = Qt.ItemDataRole.UserRole + 4
"""Whether a row's song is never to be played again."""

_NEVER = "Never again: it plays only when you choose it"
_MISSING = "The file is not there at the moment: {path}"
_ENDS_EARLY = "The file is cut off: it ends before the end of the song. {path}"
_NOWHERE = QModelIndex()
_MAX_KEPT = 1000


class SongModel(QAbstractTableModel):
    """Shows the songs of a catalog: all that match the search, in the order asked for.

    A row is an index into the catalog; sorting and searching handle arrays of them, never songs.
    With a ``scope`` the table shows these songs alone, at first in the scope's own order.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tracks: Sequence[Track] = ()
        # Each cell that is drawn asks for its song several times.
        self._made: dict[int, Track] = {}
        self._catalog: Catalog | None = None
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._rows: Rows = np.empty(0, np.int32)
        self._scope: tuple[TrackId, ...] | None = None
        self._search = ""
        self._found: NDArray[np.int64] | None = None
        self._sort: tuple[Column, bool] | None = None
        self._facts = ListenerFacts()
        self._playing: TrackId | None = None

    # What is shown.

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library, keeping search, scope and order."""
        self._catalog = catalog
        self._tracks = catalog.tracks
        self._made.clear()
        self._ids = catalog.ids
        self._renew()

    def set_scope(self, ids: Iterable[TrackId] | None) -> None:
        """Show only these songs, in their own order until a heading is clicked; or all."""
        self._scope = None if ids is None else tuple(ids)
        self._renew()

    def set_search(self, words: str) -> None:
        """Show only the songs that match all words."""
        if words.strip() != self._search or self._found is not None:
            self._search, self._found = words.strip(), None
            self._renew()

    def set_found(self, typed: str, ids: NDArray[np.int64]) -> None:
        """Show only these songs, which the query that was typed has found."""
        self._search, self._found = typed.strip(), ids
        self._renew()

    def set_playing(self, track_id: TrackId | None) -> None:
        """Mark the song that plays."""
        before, self._playing = self._playing, track_id
        # Two rows, not the table: a reset would lose the selection and the place at every song.
        changed = [marked for marked in (before, track_id) if marked is not None]
        for row in self.rows_of(changed):
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def show_facts(self, facts: ListenerFacts) -> None:
        """Show other likes, ratings, plays and skips."""
        if facts is self._facts:
            return
        self._facts = facts
        if self._sort is not None and self._sort[0] in LISTENER_COLUMNS:
            column, descending = self._sort
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            self.sort(column, order)
        if len(self._rows):
            last = self.index(len(self._rows) - 1, len(Column) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def catalog(self) -> Catalog | None:
        """The state of the library that is shown; ``None`` before the first."""
        return self._catalog

    @property
    def order(self) -> tuple[str, bool]:
        """The order of the catalog that the rows are taken from."""
        column, descending = self._sort or (Column.ARTIST, False)
        # What the listener did orders the artists' order anew; see `ListenerFacts.order`.
        return (SORTS[column], descending) if column in SORTS else (SORTS[Column.ARTIST], False)

    @property
    def search(self) -> str:
        """The words searched for."""
        return self._search

    @property
    def sorted_by(self) -> tuple[Column, bool] | None:
        """The column and whether it is descending; ``None`` in the scope's own order."""
        return self._sort

    def track(self, row: int) -> Track:
        """Return the song of a row."""
        position = int(self._rows[row])
        track = self._made.get(position)
        if track is None:
            if len(self._made) >= _MAX_KEPT:
                self._made.clear()
            track = self._made[position] = self._tracks[position]
        return track

    def ids(self, rows: Iterable[int] | slice) -> list[TrackId]:
        """Return the ids of these rows."""
        chosen = self._rows[rows if isinstance(rows, slice) else list(rows)]
        return [TrackId(number) for number in self._ids[chosen].tolist()]

    def rows_of(self, ids: Iterable[TrackId]) -> list[int]:
        """Return the rows of these songs, top to bottom; songs that are not shown have none."""
        rows: list[int] = self.rows_of_ids(np.fromiter(ids, np.int64)).tolist()
        return rows

    def id_array(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the ids of these rows as an array: of 100,000 songs no object each is made."""
        return self._ids[self._rows[rows]]

    def rows_of_ids(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of these songs as an array, top to bottom."""
        if not wanted.size:
            return np.empty(0, np.int64)
        # One pass over arrays: row by row, a Track would be made of each song only to see its id.
        return np.flatnonzero(np.isin(self._ids[self._rows], wanted))

    # What Qt asks for.

    @guarded(0)
    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802, Qt's name
        """Return how many songs are shown."""
        return 0 if parent.isValid() else len(self._rows)

    @guarded(0)
    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802, Qt's name
        """Return how many columns there are, hidden ones included."""
        return 0 if parent.isValid() else len(Column)

    @guarded()
    def headerData(  # noqa: N802, Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading and its long form."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        short, long = HEADINGS[Column(section)]
        if role == Qt.ItemDataRole.DisplayRole:
            return short
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return long
        return _alignment(Column(section)) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @guarded()
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows."""
        # A view may still ask for a row of before the reset, from a paint that was posted earlier.
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        track = self.track(index.row())
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(track, column)
        if role == TRACK_ROLE:
            return track
        if role == RATING_ROLE:
            return self._facts.ratings.of_song(track.audio_id)
        if role == NEVER_ROLE:
            return self._facts.ratings.is_never_again(track)
        if role == PLAYING_ROLE:
            return track.id == self._playing
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(track, column)
        if (
            role == Qt.ItemDataRole.ToolTipRole
            and column == Column.NUMBER
            and index.data(NEVER_ROLE)
        ):
            return _NEVER
        if role == Qt.ItemDataRole.ToolTipRole and not track.available:
            return _MISSING.format(path=printable(str(track.path)))
        if role == Qt.ItemDataRole.ToolTipRole and track.tags.ends_early:
            return _ENDS_EARLY.format(path=printable(str(track.path)))
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @guarded(Qt.ItemFlag.NoItemFlags)
    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be selected and dragged."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    @guarded(())
    def mimeTypes(self) -> list[str]:  # noqa: N802, Qt's name
        """Songs are dragged as their ids."""
        return songs_as_mime(()).formats()

    @guarded()
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802, Qt's name
        """Return the dragged songs, in the order of the table."""
        return songs_as_mime(self.ids(sorted({index.row() for index in indexes})))

    @guarded()
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the songs in the order of a column; a negative one restores the scope's order."""
        descending = order == Qt.SortOrder.DescendingOrder
        self._sort = None if column < 0 else (Column(column), descending)
        # Not a reset: the views keep selection, current row and place, if every persistent index is
        # moved along. Forgetting one leaves the view with a row of another song.
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        positions = [int(self._rows[index.row()]) for index in before]
        self._rows = self._arranged()
        # -1 stands for a song that is not shown any more: it makes an invalid index, as Qt wants
        # it.
        row_of = np.full(len(self._tracks), -1, np.int32)
        row_of[self._rows] = np.arange(len(self._rows), dtype=np.int32)
        after = [
            self.index(int(row_of[position]), index.column())
            for position, index in zip(positions, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _renew(self) -> None:
        # The rows of before and after have nothing to do with each other; `preserve_view_state`
        # brings selection and place back by the songs' ids.
        self.beginResetModel()
        self._rows = self._arranged()
        self.endResetModel()

    def _arranged(self) -> Rows:
        catalog = self._catalog
        if catalog is None:
            return np.empty(0, np.int32)
        if self._sort is None and self._scope is not None:
            rows = self._scope_rows()
        else:
            rows = self._ordered(catalog)
            if self._scope is not None:
                rows = rows[_mask(len(self._tracks), self._scope_rows())[rows]]
        if self._found is not None:
            rows = rows[np.isin(self._ids[rows], self._found)]
        elif self._search:
            rows = rows[_mask(len(self._tracks), catalog.search(self._search))[rows]]
        return rows

    def _ordered(self, catalog: Catalog) -> Rows:
        if self._sort is not None and self._sort[0] in LISTENER_COLUMNS:
            return self._facts.order(catalog, *self._sort)
        return catalog.order(*self.order)

    def _text(self, track: Track, column: Column) -> str:
        if column in LISTENER_COLUMNS:
            return self._facts.cell(track, column)
        return cell(track, column)

    def _scope_rows(self) -> Rows:
        """Return the scope as rows of the catalog, in its own order."""
        scope = np.array(self._scope or (), np.int64)
        if not len(self._ids):
            return np.empty(0, np.int32)
        # A dynamic playlist may have all songs, and changes while it is shown.
        by_id = np.argsort(self._ids)
        places = np.searchsorted(self._ids, scope, sorter=by_id)
        rows = by_id[np.minimum(places, len(by_id) - 1)]
        found: Rows = rows[self._ids[rows] == scope].astype(np.int32)
        return found

    def _spoken(self, track: Track, column: Column) -> str:
        if column != Column.TITLE:
            return self._text(track, column)
        state = ", playing" if track.id == self._playing else ""
        gone = "" if track.available else ", not available"
        liked = ", liked" if self._facts.ratings.of_song(track.audio_id).liked else ""
        never = ", never again" if self._facts.ratings.is_never_again(track) else ""
        return f"{track.title} by {track.artist}{state}{gone}{liked}{never}"


def _mask(size: int, rows: Rows) -> NDArray[np.bool_]:
    mask = np.zeros(size, np.bool_)
    mask[rows] = True
    return mask


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
