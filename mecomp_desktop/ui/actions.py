"""Binds the keyboard shortcuts of the window to what they do."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QListView,
    QTabBar,
    QTreeView,
    QWidget,
)

from mecomp_desktop.ui.shortcuts import SHORTCUTS

# Keys that the control with the keyboard needs for itself. Text fields keep theirs on their own.
_OWN_KEYS: tuple[tuple[frozenset[str], tuple[type[QWidget], ...]], ...] = (
    (frozenset({"Space"}), (QAbstractButton, QComboBox)),
    (
        frozenset({"Left", "Right"}),
        (QAbstractButton, QAbstractSlider, QComboBox, QListView, QTabBar, QTreeView),
    ),
)


class WindowActions(QObject):
    """One action for every shortcut that works in the whole window."""

    def __init__(self, window: QWidget, handlers: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for one in SHORTCUTS:
            if one.everywhere and one.action_id in handlers:
                action = QAction(one.words, window)
                action.setShortcuts([QKeySequence(keys) for keys in one.keys])
                handler = handlers[one.action_id]
                action.triggered.connect(lambda _checked=False, handler=handler: handler())
                window.addAction(action)
                self._actions[one.action_id] = action
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._leave_keys_to)

    def action(self, action_id: str) -> QAction:
        """Return one action.

        Raises:
            KeyError: The window does not offer it.
        """
        return self._actions[action_id]

    def _leave_keys_to(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Switch off the shortcuts that the control with the keyboard answers itself."""
        taken: set[str] = set()
        for keys, kinds in _OWN_KEYS:
            if isinstance(now, kinds):
                taken |= keys
        for action in self._actions.values():
            action.setEnabled(action.shortcut().toString() not in taken)
