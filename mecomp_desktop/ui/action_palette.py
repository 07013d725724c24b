"""Palette of actions: type a few letters of what you want, and Enter does it."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mecomp_desktop.text import fold
from mecomp_desktop.ui.action import Action
from mecomp_desktop.ui.qt_guard import guarded

_WIDTH_PX, _HEIGHT_PX = 480, 360
_MARGIN_PX = 12
_ROWS = "QListWidget::item { padding: 6px 8px; }"
_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
_ACTION_ID = Qt.ItemDataRole.UserRole


def matching(actions: Iterable[Action[Any]], typed: str) -> list[Action[Any]]:
    """Return the actions that have every typed word in their words or their group.

    Those whose words begin with what was typed come first; else the order of the table stays.
    """
    wanted = fold(typed).split()
    found = [
        entry
        for entry in actions
        if all(part in fold(f"{entry.group} {entry.words}") for part in wanted)
    ]
    begins = fold(typed).strip()
    return sorted(found, key=lambda entry: not fold(entry.words).startswith(begins))


class ActionPalette(QDialog):
    """Lists the actions that can be done now, narrowed by what is typed.

    Args:
        actions: What is offered.
        parent: The window.

    Signals:
        chosen: The name of the action that the listener wants done; the palette is closed by then.
    """

    chosen = Signal(str)

    def __init__(self, actions: Sequence[Action[Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Actions")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.resize(_WIDTH_PX, _HEIGHT_PX)
        self._actions = actions
        self.field = QLineEdit()
        self.field.setPlaceholderText("What would you like to do?")
        self.field.setAccessibleName("Search actions")
        self.list = QListWidget()
        self.list.setAccessibleName("Actions")
        self.list.setStyleSheet(_ROWS)
        # The keyboard stays in the field; arrow keys move through the list from there.
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(_MARGIN_PX,) * 4)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        self.field.textChanged.connect(self._narrow)
        self.field.returnPressed.connect(self._choose)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._choose())
        self._narrow("")

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Let the arrow keys move through the list while letters go into the field."""
        if isinstance(event, QKeyEvent) and Qt.Key(event.key()) in _MOVES:
            return QCoreApplication.sendEvent(self.list, event)
        return super().eventFilter(watched, event)

    def _narrow(self, typed: str) -> None:
        self.list.clear()
        for entry in matching(self._actions, typed):
            keys = f"  ({entry.first_keys})" if entry.keys else ""
            item = QListWidgetItem(f"{entry.group}: {entry.words}{keys}")
            item.setData(_ACTION_ID, entry.action_id)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        action_id = str(item.data(_ACTION_ID))
        # Closed first: an action may open a dialog of its own, or bring the keyboard elsewhere.
        self.accept()
        self.chosen.emit(action_id)
