"""The list of files that could not be read, and what can be done about them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mecomp_desktop.app import Application
from mecomp_desktop.ui.activity.failure_delegate import FailureDelegate
from mecomp_desktop.ui.activity.failure_model import Column, FailureModel, shown
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import count
from mecomp_desktop.ui.theme.theme import ROW_PX
from mecomp_desktop.ui.widgets.basics import button, label
from mecomp_desktop.ui.widgets.row_table import RowTable

_WIDTHS_PX = {Column.FILE: 176, Column.REASON: 288, Column.FOLDER: 160, Column.WHEN: 104}
_GAP_PX = 8


class FailureList(QWidget):
    """A table with its heading and buttons; the buttons act on the selected rows, or on all."""

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self.model = FailureModel(self)
        self.table = self._table(bridge)
        self._title = label("", "heading")
        self._retry = self._button("Try again", self.retry, "arrow-clockwise", bridge)
        self._folder = self._button("Show in folder", self.show_in_folder, "folder-open", bridge)
        self._copy = self._button("Copy", self.copy, "copy", bridge)
        self._copy.setToolTip("Copy the list  (Ctrl+C)")
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Copy),
            self.table,
            self.copy,
            context=Qt.ShortcutContext.WidgetShortcut,
        )
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self._lay_out()
        self.refresh()

    def refresh(self) -> int:
        """Show the list as it is now; return how many files are in it."""
        failures = self._app.library.failures()
        cut_off = self._app.library.ending_early()
        # The model takes them by path, the earlier stage first.
        listed = sorted((*failures, *cut_off), key=lambda failure: failure.path)
        self.model.show_failures(listed)
        unreadable = f"{count(len(failures), 'file')} couldn't be read"
        early = f"{count(len(cut_off), 'file')} cut off"
        words = [unreadable] * bool(failures or not cut_off) + [early] * bool(cut_off)
        self._title.setText(", ".join(words))
        self._selection_changed()
        return len(listed)

    def retry(self) -> None:
        """Try the selected files again; all of them without a selection."""
        self._app.library.retry(self._paths())

    def show_in_folder(self) -> None:
        """Open the folder of the selected file."""
        paths = self._paths()
        if paths:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths[0].parent)))

    def copy(self) -> None:
        """Copy file and reason, a line each, as a table would take them."""
        rows = self._rows() or range(len(self.model.failures))
        failures = [self.model.failures[row] for row in rows]
        text = "\n".join(f"{shown(failure.path)}\t{failure.reason}" for failure in failures)
        QGuiApplication.clipboard().setText(text)

    def _rows(self) -> list[int]:
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def _paths(self) -> list[Path]:
        rows = self._rows() or range(len(self.model.failures))
        return list(dict.fromkeys(self.model.failures[row].path for row in rows))

    def _selection_changed(self) -> None:
        has_selection = bool(self._rows())
        self._retry.setText("Try again" if has_selection else "Try all again")
        self._folder.setEnabled(has_selection)

    def _table(self, bridge: Bridge) -> QTableView:
        made = RowTable(Column.FILE)
        made.setModel(self.model)
        made.setItemDelegate(FailureDelegate(bridge, made))
        made.setAccessibleName("Files that couldn't be read")
        made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        made.setShowGrid(False)
        made.setWordWrap(False)
        made.setTabKeyNavigation(False)
        made.setMouseTracking(True)
        made.verticalHeader().hide()
        made.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = made.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in _WIDTHS_PX.items():
            header.resizeSection(column, width)
        header.setSectionResizeMode(Column.FOLDER, QHeaderView.ResizeMode.Stretch)
        made.doubleClicked.connect(lambda _index: self.show_in_folder())
        return made

    @staticmethod
    def _button(
        words: str, clicked: Callable[[], object], icon: str, bridge: Bridge
    ) -> QPushButton:
        made = button(words, clicked, "quiet")
        bridge.icons.bind(made, icon, "muted")
        return made

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(_GAP_PX)
        head.addWidget(self._title)
        head.addStretch()
        for part in (self._copy, self._folder, self._retry):
            head.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP_PX)
        column.addLayout(head)
        column.addWidget(self.table, 1)
