"""The table of a playlist's songs: they are moved, removed and dropped in it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu

from mecomp_desktop.domain.ids import PlaylistEntryId, TrackId
from mecomp_desktop.playlists.songs import PlaylistSongs, is_stand_in
from mecomp_desktop.ui.action import action_of_key, fill_menu
from mecomp_desktop.ui.actions import PLAYLIST_ACTIONS
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.song_actions import MAX_QUEUED, SongActions, SongSelection
from mecomp_desktop.ui.library.song_model import Column, SongModel
from mecomp_desktop.ui.library.song_table import SongTable
from mecomp_desktop.ui.player import mime
from mecomp_desktop.ui.playlists.playlist_model import PlaylistModel
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.view_state import preserve_view_state, select, selected_rows


class PlaylistTable(SongTable):
    """Shows a `PlaylistModel`.

    Signals:
        removal_wanted: Delete on entries (list of their ids).
        move_wanted: Entries (list of ids), and the row they go before.
        songs_dropped: Songs (list of ids), and the row they go before.
    """

    removal_wanted = Signal(list)
    move_wanted = Signal(list, int)
    songs_dropped = Signal(list, int)

    def __init__(self, bridge: Bridge, actions: SongActions) -> None:
        super().__init__(bridge, actions)
        self._drop_row: int | None = None
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(False)
        self.setAccessibleName("Songs of the playlist")

    def _make_model(self) -> SongModel:
        return PlaylistModel(self)

    @property
    def entries(self) -> PlaylistModel:
        """The model."""
        model = self.songs
        assert isinstance(model, PlaylistModel)
        return model

    def show_songs(self, songs: PlaylistSongs | None, *, is_same_playlist: bool) -> None:
        """Show the songs of a playlist; selection and place stay where it is the same one."""
        chosen = self.selected_entries() if is_same_playlist else []
        if is_same_playlist:
            preserve_view_state(self, self.songs, lambda: self.entries.show_songs(songs))
            # By entry: the same song may be in the playlist twice, and only one was selected.
            select(self, self.songs, self.entries.rows_of_entries(chosen))
        else:
            self.entries.show_songs(songs)
            self.scrollToTop()
        self.changed.emit()

    def selected_entries(self) -> list[PlaylistEntryId]:
        """Return the selected entries, top to bottom."""
        return self.entries.entry_ids(selected_rows(self))

    def selected_ids(self) -> list[TrackId]:
        """Return the selected songs that are there, top to bottom."""
        return _known(super().selected_ids())

    def visible_ids(self) -> list[TrackId]:
        """Return all songs that are there, as the table is searched and sorted now."""
        return _known(super().visible_ids())

    def play_from(self, row: int) -> None:
        """Play the song of a row, and then what follows it here."""
        if row >= 0:
            self._actions.play(_known(self.songs.ids(slice(row, row + MAX_QUEUED))))

    def move_up(self) -> None:
        """Move the selected songs one place up."""
        rows = selected_rows(self)
        if rows and rows[0] > 0 and self.entries.is_in_own_order:
            self.move_wanted.emit(self.selected_entries(), rows[0] - 1)

    def move_down(self) -> None:
        """Move the selected songs one place down."""
        rows = selected_rows(self)
        if rows and rows[-1] < self.songs.rowCount() - 1 and self.entries.is_in_own_order:
            self.move_wanted.emit(self.selected_entries(), rows[-1] + 2)

    def remove_selected(self) -> None:
        """Take the selected songs out, and select what follows them."""
        rows, ids = selected_rows(self), self.selected_entries()
        if not ids:
            return
        staying = [row for row in range(rows[0], self.songs.rowCount()) if row not in rows]
        follower = staying[0] if staying else rows[0] - 1
        if follower >= 0:
            self.setCurrentIndex(self.songs.index(follower, Column.TITLE))
        self.removal_wanted.emit(ids)

    def menu(self) -> QMenu:
        """Return what can be done with the selected songs."""
        menu = super().menu()
        menu.addSeparator()
        fill_menu(menu, PLAYLIST_ACTIONS, self, self._bridge.icons)
        return menu

    def _selection(self) -> SongSelection:
        ids = self.selected_ids()
        if len(ids) > 1 or not self.currentIndex().isValid():
            return SongSelection.of(self._actions, ids)
        row = self.currentIndex().row()
        following = _known(self.songs.ids(slice(row, row + MAX_QUEUED)))
        return SongSelection(self._actions, ids, following)

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, Qt's name
        """Carry out the actions of a playlist; the other keys are a song table's."""
        action = action_of_key(PLAYLIST_ACTIONS, event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action.run(self)

    @guarded()
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802, Qt's name
        """Accept songs."""
        if event.mimeData().hasFormat(mime.TRACKS):
            event.acceptProposedAction()

    @guarded()
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802, Qt's name
        """Mark where they would fall; scroll at the edges."""
        super().dragMoveEvent(event)
        if event.mimeData().hasFormat(mime.TRACKS):
            self._drop_row = self._row_at(event.position().toPoint())
            self._accept(event)
            self.viewport().update()

    @guarded()
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802, Qt's name
        """Take the mark away."""
        super().dragLeaveEvent(event)
        self._end_drag()

    @guarded()
    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802, Qt's name
        """Move what was dragged within the playlist, add what comes from elsewhere."""
        row = self._row_at(event.position().toPoint())
        if not self.entries.is_in_own_order:
            row = self.songs.rowCount()
        if event.source() is self:
            if self.entries.is_in_own_order:
                self.move_wanted.emit(self.selected_entries(), row)
        elif event.mimeData().hasFormat(mime.TRACKS):
            ids = [TrackId(number) for number in mime.unpack(event.mimeData(), mime.TRACKS)]
            self.songs_dropped.emit(_known(ids), row)
        self._accept(event)
        self._end_drag()

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, Qt's name
        """Draw the rows, and the line where a drag would fall."""
        super().paintEvent(event)
        count = self.songs.rowCount()
        if self._drop_row is None or not count:
            return
        row = self.visualRect(self.songs.index(min(self._drop_row, count - 1), Column.TITLE))
        y = row.top() if self._drop_row < count else row.bottom()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(self._bridge.theme.colours.of("accent"), 2))
        painter.drawLine(8, max(1, y), self.viewport().width() - 8, max(1, y))
        painter.end()

    def _accept(self, event: QDropEvent) -> None:
        # Copy in both cases: after a move Qt would remove the dragged rows from the model.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _end_drag(self) -> None:
        self._drop_row = None
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()

    def _row_at(self, where: QPoint) -> int:
        index = self.indexAt(where)
        if not index.isValid():
            return self.songs.rowCount()
        return index.row() + int(where.y() >= self.visualRect(index).center().y())


def _known(ids: Sequence[TrackId]) -> list[TrackId]:
    """Return the ids but for those of missing songs."""
    return [track_id for track_id in ids if not is_stand_in(track_id)]
