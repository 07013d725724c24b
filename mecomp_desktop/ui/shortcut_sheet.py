"""List of the keyboard shortcuts, made from the table that binds them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mecomp_desktop.ui.action import Action, groups
from mecomp_desktop.ui.actions import ACTIONS
from mecomp_desktop.ui.widgets.basics import button, label

_MARGIN_PX = 32
_COLUMN_PX = 360
_ROW_PX = 22
_BADGE_PX = 20
_WITH_KEYS = tuple(entry for entry in ACTIONS if entry.keys)


class ShortcutsDialog(QDialog):
    """Lists every shortcut by group; Escape closes it. The window behind stays usable."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setModal(False)
        columns = QHBoxLayout()
        columns.setSpacing(_MARGIN_PX)
        parts = [self._group(group) for group in groups(_WITH_KEYS)]
        middle = _middle([int(part.property("rows")) for part in parts])
        for half in (parts[:middle], parts[middle:]):
            column = QVBoxLayout()
            column.setSpacing(24)
            for part in half:
                column.addWidget(part)
            column.addStretch()
            columns.addLayout(column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_MARGIN_PX, 24, _MARGIN_PX, 24)
        whole.setSpacing(24)
        whole.addWidget(label("Keyboard shortcuts", "title"))
        whole.addLayout(columns, 1)
        close = button("Close", self.close)
        close.setDefault(True)
        whole.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def _group(self, name: str) -> QWidget:
        part = QWidget()
        part.setFixedWidth(_COLUMN_PX)
        part.setAccessibleName(name)
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(16)
        grid.addWidget(label(name, "heading"), 0, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        entries = [entry for entry in _WITH_KEYS if entry.group == name]
        for row, entry in enumerate(entries, start=1):
            words = label(entry.words)
            words.setWordWrap(True)
            grid.addWidget(words, row, 0)
            top_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            grid.addWidget(_keys(entry), row, 1, top_right)
            grid.setRowMinimumHeight(row, _ROW_PX)
        part.setProperty("rows", grid.rowCount() + 1)
        return part


def _keys(entry: Action[Any]) -> QLabel:
    native = QKeySequence.SequenceFormat.NativeText
    shown = [QKeySequence(keys).toString(native) for keys in entry.keys]
    # "Return" and "Enter" are one key to a listener.
    if len(shown) > 1 and shown[0].replace("Return", "Enter") == shown[1]:
        shown = shown[1:]
    made = label("  or  ".join(shown), "badge")
    made.setFixedHeight(_BADGE_PX)
    made.setAccessibleName(" or ".join(shown))
    return made


def _middle(rows: Sequence[int]) -> int:
    """Return where to cut a list of lengths so that the longer half is as short as can be."""
    return min(range(len(rows) + 1), key=lambda cut: max(sum(rows[:cut]), sum(rows[cut:])))
