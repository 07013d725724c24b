"""The queue as Qt sees it: rows that change one by one, so that selection and scroll survive."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from mecomp_desktop.domain.ids import EntryId, TrackId
from mecomp_desktop.domain.queue import QueueEntry
from mecomp_desktop.domain.track import Track
from mecomp_desktop.text import isolated
from mecomp_desktop.ui.formatting import closeness_number
from mecomp_desktop.ui.player import mime
from mecomp_desktop.ui.qt_guard import guarded

EntryRole = Qt.ItemDataRole.UserRole + 1
TrackRole = Qt.ItemDataRole.UserRole + 2
CurrentRole = Qt.ItemDataRole.UserRole + 3
PlayedRole = Qt.ItemDataRole.UserRole + 4

AnyIndex = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class QueueModel(QAbstractListModel):
    """A list of queue entries.

    What is dropped on it is only told (``entries_dropped`` and its siblings): the queue itself
    changes in the playback service, and comes back through `show_entries`.

    Args:
        track_of: Finds a track; ``None`` where the library no longer has it.
        parent: Owns it.
        total_s: Adds up how long tracks are; by ``track_of`` where it is not given.
    """

    entries_dropped = Signal(list, int)
    tracks_dropped = Signal(list, int)
    files_dropped = Signal(list, int)

    def __init__(
        self,
        track_of: Callable[[TrackId], Track | None],
        parent: QObject | None = None,
        total_s: Callable[[Sequence[TrackId]], float] | None = None,
    ) -> None:
        super().__init__(parent)
        self._track_of = track_of
        self._total_s = total_s or self._sum_of_tracks
        # Adding up a queue of 20,000 songs takes some milliseconds: once a change, not once a look.
        self._to_come_s: float | None = None
        self._entries: list[QueueEntry] = []
        self._current: EntryId | None = None
        self._current_row = -1
        self._seed_title = ""

    # What there is

    @property
    def entries(self) -> Sequence[QueueEntry]:
        """The entries, first to last."""
        return self._entries

    @property
    def current_row(self) -> int:
        """The row of the song that plays; -1 where none does."""
        return self._current_row

    def track(self, row: int) -> Track | None:
        """Return the track in a row; ``None`` where the library no longer has it."""
        return self._track_of(self._entries[row].track_id)

    def row_of(self, entry_id: EntryId) -> int:
        """Return the row of an entry; -1 where it is not queued."""
        for row, entry in enumerate(self._entries):
            if entry.id == entry_id:
                return row
        return -1

    def time_left_s(self, position_s: float) -> float:
        """Return how long the queue still plays, from ``position_s`` within the current song."""
        if self._to_come_s is None:
            first = max(self._current_row, 0)
            self._to_come_s = self._total_s([entry.track_id for entry in self._entries[first:]])
        return max(0.0, self._to_come_s - (position_s if self._current_row >= 0 else 0.0))

    def _sum_of_tracks(self, track_ids: Sequence[TrackId]) -> float:
        tracks = map(self._track_of, track_ids)
        return sum(track.duration_s for track in tracks if track is not None)

    # Taking over what the service says

    def show_entries(
        self, entries: Sequence[QueueEntry], current: EntryId | None, seed_title: str = ""
    ) -> None:
        """Become this list by the fewest kinds of steps: remove, reorder, insert, refresh.

        Args:
            entries: The whole queue.
            current: The entry that plays.
            seed_title: What the closeness of the songs is measured from.
        """
        # Most of the time only another song plays: nothing to compare one by one then.
        if list(entries) != self._entries:
            self._remove_all_but({entry.id for entry in entries})
            kept = {entry.id for entry in self._entries}
            self._reorder([entry for entry in entries if entry.id in kept])
            self._insert_missing(entries, kept)
        self._refresh(entries, current, seed_title)

    def refresh_tracks(self) -> None:
        """Draw every row anew, as the library's tags have changed."""
        self._to_come_s = None
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    def _remove_all_but(self, wanted: set[EntryId]) -> None:
        row = len(self._entries) - 1
        while row >= 0:
            if self._entries[row].id in wanted:
                row -= 1
                continue
            last = row
            while row > 0 and self._entries[row - 1].id not in wanted:
                row -= 1
            self.beginRemoveRows(NO_INDEX, row, last)
            del self._entries[row : last + 1]
            self.endRemoveRows()
            row -= 1

    def _reorder(self, wanted: list[QueueEntry]) -> None:
        if [entry.id for entry in wanted] == [entry.id for entry in self._entries]:
            return
        self.layoutAboutToBeChanged.emit()
        rows = {entry.id: row for row, entry in enumerate(wanted)}
        before = self.persistentIndexList()
        after = [self.index(rows[self._entries[index.row()].id]) for index in before]
        self._entries = wanted
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _insert_missing(self, entries: Sequence[QueueEntry], kept: set[EntryId]) -> None:
        row = 0
        while row < len(entries):
            if entries[row].id in kept:
                row += 1
                continue
            end = row + 1
            while end < len(entries) and entries[end].id not in kept:
                end += 1
            self.beginInsertRows(NO_INDEX, row, end - 1)
            self._entries[row:row] = entries[row:end]
            self.endInsertRows()
            row = end

    def _refresh(
        self, entries: Sequence[QueueEntry], current: EntryId | None, seed_title: str
    ) -> None:
        ids = (row for row, entry in enumerate(entries) if entry.id == current)
        current_row = next(ids, -1) if current is not None else -1
        same = (
            list(entries) == self._entries
            and current == self._current
            and current_row == self._current_row
            and seed_title == self._seed_title
        )
        self._entries = list(entries)
        self._current, self._current_row, self._seed_title = current, current_row, seed_title
        if not same:
            self.refresh_tracks()

    # QAbstractListModel

    @guarded(0)
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:  # noqa: N802 (Qt's name)
        """Return the number of entries."""
        return 0 if parent.isValid() else len(self._entries)

    @guarded()
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 (Qt's type)
        """Return what one row shows."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == EntryRole:
            return entry
        if role == CurrentRole:
            return index.row() == self._current_row
        if role == PlayedRole:
            return index.row() < self._current_row
        track = self._track_of(entry.track_id)
        if role == TrackRole:
            return track
        return self._words(entry, track, index.row(), role)

    def _words(self, entry: QueueEntry, track: Track | None, row: int, role: int) -> str | None:
        title = track.title if track else "No longer in the library"
        artist = track.artist if track else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        closeness = self._closeness_words(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            album = f"{isolated(artist)} — {isolated(track.album)}" if track else ""
            return "\n".join(words for words in (title, album, closeness) if words)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            playing = "now playing" if row == self._current_row else ""
            return ", ".join(words for words in (title, artist, playing, closeness) if words)
        return None

    def _closeness_words(self, entry: QueueEntry) -> str:
        if entry.closeness is None:
            return ""
        number = closeness_number(entry.closeness)
        return f"sounds close to {isolated(self._seed_title) or 'your choice'}: {number} of 100"

    @guarded(Qt.ItemFlag.NoItemFlags)
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Rows can be dragged; what is dragged falls between them."""
        base = super().flags(index)
        if index.isValid():
            return base | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return base | Qt.ItemFlag.ItemIsDropEnabled

    # Drag and drop

    @guarded(Qt.DropAction.IgnoreAction)
    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 (Qt's name)
        """Songs are moved within the queue and copied into it."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    @guarded(())
    def mimeTypes(self) -> list[str]:  # noqa: N802 (Qt's name)
        """What may be dropped: queue entries, songs of the library, files."""
        return [mime.ENTRIES, mime.TRACKS, mime.FILES]

    @guarded()
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 (Qt's name)
        """Carry the entries, and their tracks for whoever takes songs."""
        entries = [self._entries[row] for row in sorted({index.row() for index in indexes})]
        data = QMimeData()
        data.setData(mime.ENTRIES, mime.pack([entry.id for entry in entries]))
        data.setData(mime.TRACKS, mime.pack([entry.track_id for entry in entries]))
        return data

    @guarded(False)
    def canDropMimeData(  # noqa: N802 (Qt's name)
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex
    ) -> bool:
        """Everything in `mimeTypes` may fall anywhere."""
        return any(data.hasFormat(kind) for kind in self.mimeTypes())

    @guarded(False)
    def dropMimeData(  # noqa: N802 (Qt's name)
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex
    ) -> bool:
        """Tell what was dropped and before which row."""
        if row < 0:
            row = parent.row() if parent.isValid() else len(self._entries)
        if data.hasFormat(mime.ENTRIES):
            self.entries_dropped.emit(mime.unpack(data, mime.ENTRIES), row)
            # "False" keeps the view from removing the rows it believes were copied.
            return False
        if data.hasFormat(mime.TRACKS):
            self.tracks_dropped.emit(mime.unpack(data, mime.TRACKS), row)
            return True
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self.files_dropped.emit(paths, row)
        return bool(paths)
