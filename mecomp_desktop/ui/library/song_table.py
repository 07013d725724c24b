"""The table of songs: keys, menu, sorting and marking; used for all songs and for one album."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.action import action_of_key, menu_of
from mecomp_desktop.ui.actions import SONG_ACTIONS
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.column_layout import ColumnLayout
from mecomp_desktop.ui.library.listener_columns import LISTENER_COLUMNS
from mecomp_desktop.ui.library.rating_cells import RatingCells
from mecomp_desktop.ui.library.song_actions import (
    MAX_CHOSEN,
    MAX_QUEUED,
    SongActions,
    SongSelection,
)
from mecomp_desktop.ui.library.song_delegate import SongDelegate
from mecomp_desktop.ui.library.song_model import SORTS, Column, SongModel
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.theme import ROW_PX
from mecomp_desktop.ui.widgets.row_table import RowTable
from mecomp_desktop.ui.widgets.view_state import preserve_view_state, select, selected_rows
from mecomp_desktop.ui.window_state import Value

FIRST_COLUMNS = (
    Column.NUMBER,
    Column.TITLE,
    Column.ARTIST,
    Column.ALBUM,
    Column.YEAR,
    Column.TIME,
)


class SongTable(RowTable):
    """Shows songs; Enter or a double-click plays from there, Ctrl+Enter adds to the queue.

    Attributes:
        changed: After the rows changed, for a heading that counts them.
    """

    changed = Signal()

    def __init__(
        self,
        bridge: Bridge,
        actions: SongActions,
        shown: Sequence[Column] = FIRST_COLUMNS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Column.TITLE, parent)
        self._actions = actions
        self._bridge = bridge
        # With a parent: a model that only Python held would be collected while the view still asks
        # it.
        self._songs = self._make_model()
        self._delegate = SongDelegate(bridge, self)
        self.setModel(self._songs)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Songs")
        self._set_up_rows()
        self.columns = ColumnLayout(self, shown)
        self._set_up_sorting()
        RatingCells(self, self._songs, actions.ratings)
        self._show_facts()
        actions.ratings.follow(self._show_facts, self)
        bridge.theme.changed.connect(self.viewport().update)

    def _make_model(self) -> SongModel:
        """Return the model, for the constructor; a table of other songs has another one."""
        return SongModel(self)

    @property
    def songs(self) -> SongModel:
        """The model."""
        return self._songs

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library; selection and place stay."""
        preserve_view_state(self, self._songs, lambda: self._songs.show_catalog(catalog))
        self.changed.emit()

    def _show_facts(self) -> None:
        """Show what the listener likes and played."""
        facts, catalog, sort = (
            self._actions.ratings.facts,
            self._songs.catalog,
            self._songs.sorted_by,
        )
        if catalog is None or sort is None or sort[0] not in LISTENER_COLUMNS:
            self._songs.show_facts(facts)
            return
        # Sorted off the GUI thread: a large library's order takes a moment.
        self._bridge.run(
            lambda: facts.order(catalog, *sort), lambda _rows: self._songs.show_facts(facts), self
        )

    def set_search(self, words: str) -> None:
        """Show only the songs that match, from the top; what is selected stays so."""
        preserve_view_state(self, self._songs, lambda: self._songs.set_search(words))
        self.scrollToTop()
        self.changed.emit()

    def show_found(self, typed: str, ids: NDArray[np.int64]) -> None:
        """Show only the songs that a query found; what is selected stays so."""
        is_new = typed.strip() != self._songs.search
        preserve_view_state(self, self._songs, lambda: self._songs.set_found(typed, ids))
        if is_new:  # else it was asked again, since something has changed
            self.scrollToTop()
        self.changed.emit()

    def show_scope(self, ids: Sequence[TrackId]) -> None:
        """Show only these songs, in their own order until a heading is clicked."""
        preserve_view_state(self, self._songs, lambda: self._songs.set_scope(ids))
        self.changed.emit()

    def selected_ids(self) -> list[TrackId]:
        """Return the selected songs, top to bottom."""
        return self._songs.ids(selected_rows(self))

    def visible_ids(self) -> list[TrackId]:
        """Return all songs of the table, as it is searched and sorted now."""
        return self._songs.ids(slice(None))

    def play_from(self, row: int) -> None:
        """Play the song of a row, and then what follows it here."""
        if row >= 0:
            self._actions.play(self._songs.ids(slice(row, row + MAX_QUEUED)))

    def reveal(self, track_id: TrackId) -> bool:
        """Select a song and scroll to it; false if it is not among the rows."""
        rows = self._songs.rows_of([track_id])
        if not rows:
            return False
        index = self._songs.index(rows[0], Column.TITLE)
        self.setCurrentIndex(index)
        select(self, self._songs, rows[:1])
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    def layout_state(self) -> dict[str, Value]:
        """Return columns and order, as JSON values."""
        sort = self._songs.sorted_by
        return {
            "columns": self.columns.state(),
            "sort": [sort[0].name, sort[1]] if sort else None,
        }

    def restore_layout(self, state: Mapping[str, Value]) -> None:
        """Take up remembered columns and order; whatever does not fit is left out."""
        columns, sort = state.get("columns"), state.get("sort")
        if isinstance(columns, dict):
            self.columns.restore(columns)
        match sort:
            case [str(name), bool(descending)] if name in Column.__members__:
                order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
                self.horizontalHeader().setSortIndicator(Column[name], order)
            case _:
                pass

    def menu(self) -> QMenu:
        """Return what can be done with the selected songs."""
        return menu_of(SONG_ACTIONS, self._selection(), self._bridge.icons, self)

    def _selection(self) -> SongSelection:
        """Return the selected songs; one alone is played with what follows it here."""
        ids = self.selected_ids()
        if len(ids) > 1 or not self.currentIndex().isValid():
            chosen = ids if len(ids) <= MAX_CHOSEN else None
            return SongSelection(self._actions, ids, ids, chosen)
        row = self.currentIndex().row()
        return SongSelection(self._actions, ids, self._songs.ids(slice(row, row + MAX_QUEUED)))

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, Qt's name
        """Carry out the song actions; the other keys are a table's."""
        action = action_of_key(SONG_ACTIONS, event)
        if action is None or not self.currentIndex().isValid():
            super().keyPressEvent(event)
        else:
            action.run(self._selection())

    @guarded()
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802, Qt's name
        """Offer what can be done with the selection, at the pointer or at the current row."""
        if not selected_rows(self):
            return
        where = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            corner = self.visualRect(self.currentIndex()).bottomLeft()
            where = self.viewport().mapToGlobal(corner)
        # popup, not exec: exec runs an event loop of its own inside this event, in which the table
        # may be deleted.
        self.menu().popup(where)

    @guarded()
    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802, Qt's name
        """Light up the row under the pointer."""
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    @guarded()
    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802, Qt's name
        """No row is under the pointer any more."""
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self._delegate.hovered_row:
            self._delegate.hovered_row = row
            self.viewport().update()

    @guarded()
    def currentChanged(  # noqa: N802, Qt's name
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The frame around the current row spans all its cells."""
        # Qt repaints only the two cells; a frame around a whole row would leave its rest behind.
        super().currentChanged(current, previous)
        self.viewport().update()

    def _set_up_rows(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setProperty("rows", "drawn")
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(ROW_PX)
        # One fixed height: a header that sizes rows by their contents asks for each of them.
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.verticalScrollBar().setSingleStep(ROW_PX)
        self.doubleClicked.connect(lambda index: self.play_from(index.row()))

    def _set_up_sorting(self) -> None:
        header = self.horizontalHeader()
        # Of its own, and empty: to draw a heading as selected, Qt asks every row of the table.
        header.setSelectionModel(QItemSelectionModel(self._songs, header))
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.sortIndicatorChanged.connect(self._sort)

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        """Sort off the GUI thread: a large library's first order by a column takes a moment."""
        catalog = self._songs.catalog
        if catalog is None or column < 0:
            self._songs.sort(column, order)
            return
        wanted, descending = Column(column), order == Qt.SortOrder.DescendingOrder
        # Taken here, on the GUI thread: by the time the work begins they may be others.
        facts = self._actions.ratings.facts

        def prepare() -> None:
            if wanted in LISTENER_COLUMNS:
                facts.order(catalog, wanted, descending)
            else:
                catalog.order(SORTS[wanted], descending)

        # The order is kept by the catalog; sorting the model afterwards only picks it up.
        self._bridge.run(prepare, lambda _done: self._songs.sort(column, order), self)
