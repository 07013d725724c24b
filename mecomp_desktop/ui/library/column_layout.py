"""How wide the columns of a song table are, in which order, and which are shown."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from mecomp_desktop.ui.library.columns import HEADINGS, Column
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.window_state import Value

# Fixed columns in pixels; the flexible ones share what is left, by these weights at first.
_FIXED_PX = {
    Column.NUMBER: 64,
    Column.YEAR: 64,
    Column.TIME: 84,
    Column.LIKED: 56,
    Column.RATING: 108,
    Column.PLAYS: 76,
    Column.SKIPS: 76,
    Column.LAST_PLAYED: 120,
    Column.FIRST_PLAYED: 120,
    Column.ADDED: 120,
}
_WEIGHTS = {Column.TITLE: 6, Column.ARTIST: 4, Column.ALBUM: 4, Column.GENRE: 2}
_MIN_WIDTH_PX = 56
_MAX_WIDTH_PX = 4000


class ColumnLayout(QObject):
    """Keeps the columns together as wide as the table: one wider, those after it narrower."""

    def __init__(self, table: QTableView, shown: Sequence[Column]) -> None:
        super().__init__(table)
        self._table = table
        self._fitting = False
        for column in Column:
            table.setColumnHidden(column, column not in shown)
            table.setColumnWidth(column, _FIXED_PX.get(column, 100 * _WEIGHTS.get(column, 1)))
        header = self._header
        header.setMinimumSectionSize(_MIN_WIDTH_PX)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_menu)
        header.sectionResized.connect(self._resized)
        table.viewport().installEventFilter(self)

    @property
    def _header(self) -> QHeaderView:
        # Asked for each time: Qt owns the header and deletes it before this object; a wrapper
        # that is kept would then stand for nothing, and the widths be lost when the window closes.
        return self._table.horizontalHeader()

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802, Qt's name
        """Fit the columns whenever the table's inside gets another width."""
        if event.type() == QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self, but: Column | None = None) -> None:
        """Share the table's width among the flexible columns, in proportion to their widths.

        Args:
            but: A column that keeps its width, and the columns before it as well.
        """
        if self._fitting:
            return
        # Each resize below is announced by ``sectionResized``, which would come back here.
        self._fitting = True
        header = self._header
        shown = [column for column in Column if not self._table.isColumnHidden(column)]
        shown.sort(key=header.visualIndex)
        after = shown[shown.index(but) + 1 :] if but in shown else shown
        flexible = [column for column in after if column in _WEIGHTS]
        widths = {column: header.sectionSize(column) for column in shown}
        room = self._table.viewport().width() - sum(
            width for column, width in widths.items() if column not in flexible
        )
        whole = sum(widths[column] for column in flexible)
        for column in flexible[:-1]:
            share = max(_MIN_WIDTH_PX, round(widths[column] * room / whole))
            header.resizeSection(column, share)
            room, whole = room - share, whole - widths[column]
        if flexible:
            header.resizeSection(flexible[-1], max(_MIN_WIDTH_PX, room))
        self._fitting = False

    def menu(self) -> QMenu:
        """Return the menu that shows and hides columns."""
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in Column:
            action = menu.addAction(HEADINGS[column][1])
            action.setCheckable(True)
            action.setChecked(not self._table.isColumnHidden(column))
            action.setEnabled(column != Column.TITLE)
            action.toggled.connect(lambda on, column=column: self.set_shown(column, on))
        return menu

    def set_shown(self, column: Column, shown: bool) -> None:
        """Show or hide a column."""
        self._table.setColumnHidden(column, not shown)
        self.fit()

    def state(self) -> dict[str, Value]:
        """Return what to remember, as JSON values; columns by name, as their numbers may change."""
        header = self._header
        return {
            "order": [Column(header.logicalIndex(place)).name for place in range(len(Column))],
            "hidden": [column.name for column in Column if self._table.isColumnHidden(column)],
            "widths": {
                column.name: header.sectionSize(column)
                for column in Column
                if not self._table.isColumnHidden(column)
            },
        }

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up a remembered state; whatever does not fit is left out.

        Columns that the state does not name are newer than it: they stay where they are.
        """
        order, hidden, widths = (state.get(key) for key in ("order", "hidden", "widths"))
        self._fitting = True
        if isinstance(order, list):
            self._restore_order(order)
        if isinstance(hidden, list):
            known = {*(order if isinstance(order, list) else ()), *hidden}
            for column in Column:
                if column.name in known:
                    hide = column.name in hidden and column != Column.TITLE
                    self._table.setColumnHidden(column, hide)
        if isinstance(widths, dict):
            for column in Column:
                width = widths.get(column.name)
                if isinstance(width, int) and _MIN_WIDTH_PX <= width <= _MAX_WIDTH_PX:
                    self._header.resizeSection(column, width)
        self._fitting = False
        self.fit()

    def _restore_order(self, order: Sequence[Value]) -> None:
        header = self._header
        known = [column for name in order for column in Column if column.name == name]
        for place, column in enumerate(dict.fromkeys(known)):
            header.moveSection(header.visualIndex(column), place)

    def _show_menu(self, where: QPoint) -> None:
        self.menu().popup(self._header.mapToGlobal(where))

    def _resized(self, column: int, _before: int, _now: int) -> None:
        self.fit(but=Column(column))
