"""The files that could not be read, as a table."""

import os
from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from mecomp_desktop.errors import Reason
from mecomp_desktop.store.failures import Failure
from mecomp_desktop.ui.qt_guard import guarded

AnyIndex = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class Column(IntEnum):
    """What the table tells of each file."""

    FILE = 0
    REASON = 1
    FOLDER = 2
    WHEN = 3


_NAMES = {
    Column.FILE: "File",
    Column.REASON: "What is wrong with it",
    Column.FOLDER: "Folder",
    Column.WHEN: "When",
}


def shown(path: Path | str) -> str:
    """Return a name for the eye: bytes that are no UTF-8 become question marks."""
    return os.fsencode(path).decode("utf-8", "replace")


def when(seconds: float, now_s: float) -> str:
    """Return a moment in words: today's by the clock, others by the date."""
    moment, now = datetime.fromtimestamp(seconds), datetime.fromtimestamp(now_s)
    if moment.date() == now.date():
        return f"today, {moment:%H:%M}"
    return f"{moment:%Y-%m-%d}" if moment.year != now.year else f"{moment.day} {moment:%b, %H:%M}"


class FailureModel(QAbstractTableModel):
    """One row a file; rows come and go one by one, so that the selection survives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._failures: list[Failure] = []

    @property
    def failures(self) -> Sequence[Failure]:
        """All rows."""
        return self._failures

    def show_failures(self, failures: Sequence[Failure]) -> None:
        """Become this list, which is sorted by path and stage."""
        wanted = {_key(failure) for failure in failures}
        for row in range(len(self._failures) - 1, -1, -1):
            if _key(self._failures[row]) not in wanted:
                self.beginRemoveRows(NO_INDEX, row, row)
                del self._failures[row]
                self.endRemoveRows()
        known = {_key(failure) for failure in self._failures}
        for row, failure in enumerate(failures):
            if _key(failure) not in known:
                self.beginInsertRows(NO_INDEX, row, row)
                self._failures.insert(row, failure)
                self.endInsertRows()
        if self._failures != list(failures):
            self._failures = list(failures)
            last = self.index(len(failures) - 1, len(Column) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @guarded(0)
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:  # noqa: N802 (Qt's name)
        """Return the number of files."""
        return 0 if parent.isValid() else len(self._failures)

    @guarded(0)
    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:  # noqa: N802 (Qt's name)
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    @guarded()
    def headerData(  # noqa: N802 (Qt's name)
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 (Qt's type)
        """Return a column's name."""
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole and across and 0 <= section < len(Column):
            return _NAMES[Column(section)]
        return None

    @guarded()
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 (Qt's type)
        """Return what one cell shows."""
        if not index.isValid() or index.row() >= len(self._failures):
            return None
        failure = self._failures[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = (shown(failure.path), _sentence(failure), failure.detail)
            return "\n".join(words for words in lines if words)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{shown(failure.path.name)} {_sentence(failure)}"
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(failure, Column(index.column()))
        return None

    @staticmethod
    def _words(failure: Failure, column: Column) -> str:
        if column == Column.FILE:
            return shown(failure.path.name)
        if column == Column.REASON:
            return str(failure.reason)
        if column == Column.FOLDER:
            return shown(failure.path.parent)
        return when(failure.failed_at_s, datetime.now().timestamp())


def _key(failure: Failure) -> tuple[Path, str, float | None]:
    return failure.path, failure.stage, failure.start_s


def _sentence(failure: Failure) -> str:
    """Return what is wrong with a file, as it stands behind its name."""
    if failure.reason is Reason.ENDS_EARLY:
        return f"ends early: {failure.reason}"
    return f"couldn't be read: {failure.reason}"
