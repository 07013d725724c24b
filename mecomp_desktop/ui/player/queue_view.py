"""The list of the queue: dragging, dropping and the keys that work in it."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from mecomp_desktop.domain.ids import EntryId
from mecomp_desktop.ui.action import action_of_key
from mecomp_desktop.ui.actions import QUEUE_ACTIONS
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player import mime
from mecomp_desktop.ui.player.queue_delegate import HEIGHT_PX, QueueDelegate
from mecomp_desktop.ui.player.queue_model import QueueModel
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.row_table import RowTable
from mecomp_desktop.ui.widgets.view_state import selected_rows

_Select = QItemSelectionModel.SelectionFlag


class QueueView(RowTable):
    """Shows a `QueueModel`.

    A table of one column: a `QListView` lays its rows out one by one and asks the model several
    times for each, after every change of theme or size, which took 0.7 s for 20,000 songs. Rows
    of a table that are equally high cost nothing.

    Signals:
        jump_wanted: Enter or a double click on an entry (its id).
        removal_wanted: Delete on entries (list of their ids).
        move_wanted: Entries (list of ids), and the row they go before.
        radio_wanted: Tracks (list of ids) that a radio shall start from.
        show_wanted: A track (its id) that shall be shown among all songs.
        like_wanted: Tracks (list of ids) that the listener likes, or no longer.
        away_wanted: Tracks (list of ids) never to be played again, or to be so no longer.
    """

    jump_wanted = Signal(int)
    removal_wanted = Signal(list)
    move_wanted = Signal(list, int)
    radio_wanted = Signal(list)
    show_wanted = Signal(int)
    like_wanted = Signal(list)
    away_wanted = Signal(list)

    def __init__(self, model: QueueModel, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(0, parent)
        self._queue = model
        self._bridge = bridge
        self._drop_row: int | None = None
        self.setModel(model)
        self.setItemDelegate(QueueDelegate(bridge, self))
        self.setAccessibleName("Up next")
        self._set_up_rows()
        self._set_up_dragging()
        self.doubleClicked.connect(lambda index: self._jump(index.row()))
        bridge.theme.changed.connect(self.viewport().update)

    def _set_up_rows(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setProperty("rows", "drawn")
        self.setProperty("ground", "none")
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        # Of its own, and empty: to draw a heading as selected, Qt asks every row of the table.
        own = QItemSelectionModel(self._queue, self.horizontalHeader())
        self.horizontalHeader().setSelectionModel(own)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(HEIGHT_PX)
        rows.setDefaultSectionSize(HEIGHT_PX)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _set_up_dragging(self) -> None:
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(False)
        self.setDragDropOverwriteMode(False)

    def selected_rows(self) -> list[int]:
        """Return the selected rows, top to bottom."""
        return selected_rows(self)

    def selected_ids(self) -> list[EntryId]:
        """Return the selected entries, top to bottom."""
        return [self._queue.entries[row].id for row in self.selected_rows()]

    def jump(self) -> None:
        """Ask for the current song to be played."""
        if self.currentIndex().isValid():
            self._jump(self.currentIndex().row())

    def start_radio(self) -> None:
        """Ask for a radio from the selected songs."""
        if tracks := self._selected_tracks():
            self.radio_wanted.emit(tracks)

    def toggle_like(self) -> None:
        """Tell that the listener likes the selected songs, or no longer."""
        if tracks := self._selected_tracks():
            self.like_wanted.emit(tracks)

    def toggle_away(self) -> None:
        """Tell that the selected songs are never to be played again, or that this is over."""
        if tracks := self._selected_tracks():
            self.away_wanted.emit(tracks)

    def show_in_list(self) -> None:
        """Ask for the first selected song to be shown among all songs."""
        for track_id in self._selected_tracks()[:1]:
            self.show_wanted.emit(track_id)

    def _selected_tracks(self) -> list[int]:
        return [int(self._queue.entries[row].track_id) for row in self.selected_rows()]

    def move_up(self) -> None:
        """Move the selected songs one place up."""
        rows = self.selected_rows()
        if rows and rows[0] > 0:
            self.move_wanted.emit(self.selected_ids(), rows[0] - 1)

    def move_down(self) -> None:
        """Move the selected songs one place down."""
        rows = self.selected_rows()
        if rows and rows[-1] < len(self._queue.entries) - 1:
            self.move_wanted.emit(self.selected_ids(), rows[-1] + 2)

    def remove_selected(self) -> None:
        """Take the selected songs out, and select what follows them."""
        rows, ids = self.selected_rows(), self.selected_ids()
        if not ids:
            return
        leaving = set(rows)
        staying = (row for row in range(rows[0], len(self._queue.entries)) if row not in leaving)
        follower = next(staying, rows[0] - 1)
        if follower >= 0:
            index = self._queue.index(follower)
            self.selectionModel().setCurrentIndex(index, _Select.ClearAndSelect)
        self.removal_wanted.emit(ids)

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Carry out the actions of the queue; the other keys are a list's."""
        action = action_of_key(QUEUE_ACTIONS, event)
        if action is not None:
            action.run(self)
        else:
            super().keyPressEvent(event)

    @guarded()
    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Show where the keyboard is: on the song that plays, if nowhere yet."""
        if not self.currentIndex().isValid() and self._queue.entries:
            index = self._queue.index(max(0, self._queue.current_row))
            self.selectionModel().setCurrentIndex(index, _Select.ClearAndSelect)
        super().focusInEvent(event)

    @guarded()
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 (Qt's name)
        """Mark where it would fall; scroll at the edges."""
        super().dragMoveEvent(event)
        self._drop_row = self._row_at(event.position().toPoint())
        self._accept(event)
        self.viewport().update()

    @guarded()
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 (Qt's name)
        """Take the mark away."""
        super().dragLeaveEvent(event)
        self._end_drag()

    @guarded()
    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Hand what falls to the model, with the row it falls before.

        Qt's own way would move the rows in the model itself; the queue is moved by its service.
        """
        row = self._row_at(event.position().toPoint())
        self._queue.dropMimeData(event.mimeData(), event.dropAction(), row, 0, QModelIndex())
        self._accept(event)
        self._end_drag()

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the rows, and the line where a drag would fall."""
        super().paintEvent(event)
        if self._drop_row is None or not self._queue.entries:
            return
        last = len(self._queue.entries) - 1
        row = self.visualRect(self._queue.index(min(self._drop_row, last)))
        y = row.top() if self._drop_row <= last else row.bottom()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(self._bridge.theme.colours.of("accent"), 2))
        painter.drawLine(8, max(1, y), self.viewport().width() - 8, max(1, y))

    def _accept(self, event: QDropEvent) -> None:
        inside = event.mimeData().hasFormat(mime.ENTRIES)
        event.setDropAction(Qt.DropAction.MoveAction if inside else Qt.DropAction.CopyAction)
        event.accept()

    def _end_drag(self) -> None:
        self._drop_row = None
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()

    def _row_at(self, where: QPoint) -> int:
        index = self.indexAt(where)
        if not index.isValid():
            return len(self._queue.entries)
        below = where.y() >= self.visualRect(index).center().y()
        return index.row() + int(below)

    def _jump(self, row: int) -> None:
        self.jump_wanted.emit(int(self._queue.entries[row].id))
