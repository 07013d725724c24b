"""Table whose rows are what one moves through: Home, End, type-ahead and focus go by rows."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from mecomp_desktop.ui.qt_guard import guarded

_Cursor = QAbstractItemView.CursorAction
_Select = QItemSelectionModel.SelectionFlag


def select_current(view: QAbstractItemView) -> None:
    """Select the current row if nothing is selected: what is framed is what Enter acts on.

    A view that gets the keyboard makes its first row current without selecting it.
    """
    selection, current = view.selectionModel(), view.currentIndex()
    if current.isValid() and not selection.hasSelection():
        selection.select(current, _Select.ClearAndSelect | _Select.Rows)


class RowTable(QTableView):
    """A table of which whole rows are selected."""

    def __init__(self, name_column: int, parent: QWidget | None = None) -> None:
        """Make the table.

        Args:
            name_column: The column whose text type-ahead looks at.
            parent: Owns it.
        """
        super().__init__(parent)
        self._name_column = name_column

    @guarded(QModelIndex)
    def moveCursor(  # noqa: N802, Qt's name
        self, cursor_action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last row, not to the ends of the row."""
        rows = self.model().rowCount()
        if rows and cursor_action in (_Cursor.MoveHome, _Cursor.MoveEnd):
            row = 0 if cursor_action == _Cursor.MoveHome else rows - 1
            return self.model().index(row, self._name_column)
        return super().moveCursor(cursor_action, modifiers)

    @guarded()
    def keyboardSearch(self, search: str) -> None:  # noqa: N802, Qt's name
        """Look at the names, whichever column was clicked last."""
        current = self.currentIndex()
        if current.isValid() and current.column() != self._name_column:
            index = self.model().index(current.row(), self._name_column)
            self.selectionModel().setCurrentIndex(index, _Select.NoUpdate)
        super().keyboardSearch(search)

    @guarded()
    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802, Qt's name
        """Select the row that the keyboard comes to."""
        super().focusInEvent(event)
        select_current(self)
