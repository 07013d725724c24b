"""The list of what is never to be played again, and the way back."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from mecomp_desktop.domain.rating import Subject, SubjectKind
from mecomp_desktop.text import isolated
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.heading import SIDE_PX
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.theme import ROW_PX
from mecomp_desktop.ui.widgets.basics import button, label
from mecomp_desktop.ui.widgets.row_table import RowTable

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_EDGE_PX = 8


class PutAway(NamedTuple):
    """One row.

    Attributes:
        subject: What was put away.
        name: What the listener reads.
        at_s: When, in seconds since the epoch.
    """

    subject: Subject
    name: str
    at_s: float


class Column(IntEnum):
    """What the list shows."""

    NAME = 0
    KIND = 1
    SINCE = 2


_HEADINGS = {Column.NAME: "Never again", Column.KIND: "What", Column.SINCE: "Since"}
_KINDS = {
    SubjectKind.SONG: "Song",
    SubjectKind.ALBUM: "Album",
    SubjectKind.ARTIST: "Artist",
    SubjectKind.FOLDER: "Folder",
}


class PutAwayModel(QAbstractTableModel):
    """The rows of the list, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PutAway] = []

    @property
    def rows(self) -> Sequence[PutAway]:
        """Everything that was put away."""
        return self._rows

    def show_rows(self, rows: Sequence[PutAway]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    @guarded(0)
    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802, Qt's name
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._rows)

    @guarded(0)
    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802, Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    @guarded()
    def headerData(  # noqa: N802, Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading."""
        is_heading = orientation == Qt.Orientation.Horizontal and 0 <= section < len(Column)
        if is_heading and role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[Column(section)]
        return None

    @guarded()
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.name
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        match Column(index.column()):
            case Column.NAME:
                return row.name
            case Column.KIND:
                return _KINDS[row.subject.kind]
            case Column.SINCE:
                return formatting.day(row.at_s)


class NeverAgainList(QWidget):
    """What was put away, with a button that lets it play again."""

    def __init__(self, bridge: Bridge, take_back: Callable[[list[Subject]], object]) -> None:
        super().__init__()
        self._take_back = take_back
        self.model = PutAwayModel(self)
        self.table = RowTable(Column.NAME)
        self.table.setModel(self.model)
        self._set_up_table()
        self.button = button("Let it play again", self.take_back)
        self.button.setToolTip("Play what is selected as everything else  (Delete)")
        bridge.icons.bind(self.button, "arrow-counter-clockwise", "text")
        QShortcut(
            QKeySequence(Qt.Key.Key_Delete),
            self.table,
            self.take_back,
            context=Qt.ShortcutContext.WidgetShortcut,
        )
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self._lay_out()
        self._selection_changed()

    def show_rows(self, rows: Sequence[PutAway]) -> None:
        """Show what is put away now."""
        if list(rows) != self.model.rows:
            self.model.show_rows(rows)
        self._selection_changed()

    def take_back(self) -> None:
        """Let what is selected play again."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        if rows:
            self._take_back([self.model.rows[row].subject for row in rows])

    def _selection_changed(self) -> None:
        self.button.setEnabled(self.table.selectionModel().hasSelection())

    def _set_up_table(self) -> None:
        table = self.table
        table.setAccessibleName("Never again")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setShowGrid(False)
        # As far in as the headings stand.
        table.setStyleSheet(f"QTableView::item {{ padding: 0 {_EDGE_PX}px; }}")
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setCornerButtonEnabled(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(Column.KIND, 96)
        header.resizeSection(Column.SINCE, 136)

    def _lay_out(self) -> None:
        words = label(
            "Radio, shuffle and the quiz pass these over. They still play when you choose them.",
            "muted",
        )
        words.setWordWrap(True)
        row = QHBoxLayout()
        row.setContentsMargins(SIDE_PX, 0, SIDE_PX, 12)
        row.setSpacing(16)
        row.addWidget(words, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        table = QHBoxLayout()
        table.setContentsMargins(_EDGE_PX, 0, _EDGE_PX, 0)
        table.addWidget(self.table)
        column.addLayout(table, 1)


def name_of(subject: Subject, title: str) -> str:
    """Return what the listener reads.

    Args:
        subject: What was put away.
        title: Title and artist, where it is a song of the library.
    """
    if subject.kind is SubjectKind.SONG:
        return title or "A song that is no longer in the library"
    if subject.kind is SubjectKind.ALBUM:
        return f"{isolated(subject.name)} — {isolated(subject.artist)}"
    return subject.name.encode("utf-8", "replace").decode()
