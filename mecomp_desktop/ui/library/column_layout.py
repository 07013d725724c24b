"""How wide the columns of a song table are, in which order, and which are shown."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QMenu, QTableView

from mecomp_desktop.ui.library.song_model import HEADINGS, Column
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.window_state import Value

# Fixed columns in pixels; the flexible ones share what is left, by these weights at first.
_FIXED_PX = {Column.NUMBER: 64, Column.YEAR: 64, Column.TIME: 84}
_WEIGHTS = {Column.TITLE: 6, Column.ARTIST: 4, Column.ALBUM: 4, Column.GENRE: 2}
_LEAST_PX = 56


class Columns(QObject):
    """Keeps the columns together as wide as the table: one wider, those after it narrower."""

    def __init__(self, table: QTableView, shown: Sequence[Column]) -> None:
        super().__init__(table)
        self._table = table
        self._header = table.horizontalHeader()
        self._fitting = False
        for column in Column:
            table.setColumnHidden(column, column not in shown)
            table.setColumnWidth(column, _FIXED_PX.get(column, 100 * _WEIGHTS.get(column, 1)))
        header = self._header
        header.setMinimumSectionSize(_LEAST_PX)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda where: self.menu().popup(header.mapToGlobal(where))
        )
        header.sectionResized.connect(self._resized)
        table.viewport().installEventFilter(self)

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
        self._fitting = True
        shown = [one for one in Column if not self._table.isColumnHidden(one)]
        shown.sort(key=self._header.visualIndex)
        after = shown[shown.index(but) + 1 :] if but in shown else shown
        flexible = [one for one in after if one in _WEIGHTS]
        widths = {one: self._header.sectionSize(one) for one in shown}
        room = self._table.viewport().width() - sum(
            width for one, width in widths.items() if one not in flexible
        )
        whole = sum(widths[one] for one in flexible)
        for one in flexible[:-1]:
            share = max(_LEAST_PX, round(widths[one] * room / whole))
            self._header.resizeSection(one, share)
            room, whole = room - share, whole - widths[one]
        if flexible:
            self._header.resizeSection(flexible[-1], max(_LEAST_PX, room))
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
        """Return what to remember, as JSON values."""
        return {
            "order": [self._header.logicalIndex(place) for place in range(len(Column))],
            "hidden": [int(one) for one in Column if self._table.isColumnHidden(one)],
            "widths": {
                str(int(one)): self._header.sectionSize(one)
                for one in Column
                if not self._table.isColumnHidden(one)
            },
        }

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up a remembered state; whatever does not fit is left out."""
        order, hidden, widths = (state.get(key) for key in ("order", "hidden", "widths"))
        self._fitting = True
        if isinstance(order, list) and {*order} == {int(one) for one in Column}:
            for place, column in enumerate(order):
                if isinstance(column, int):
                    self._header.moveSection(self._header.visualIndex(column), place)
        if isinstance(hidden, list):
            for one in Column:
                self._table.setColumnHidden(one, int(one) in hidden and one != Column.TITLE)
        if isinstance(widths, dict):
            for one in Column:
                width = widths.get(str(int(one)))
                if isinstance(width, int) and _LEAST_PX <= width <= 4000:
                    self._header.resizeSection(one, width)
        self._fitting = False
        self.fit()

    def _resized(self, column: int, _before: int, _now: int) -> None:
        self.fit(but=Column(column))
