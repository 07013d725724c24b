"""Binds the actions of the whole window to keys, and shows them in a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QListView,
    QMenu,
    QTabBar,
    QTreeView,
    QWidget,
)

from mecomp_desktop.ui.action import Action, fill_menu, groups
from mecomp_desktop.ui.action_targets import Commands
from mecomp_desktop.ui.actions import WINDOW_ACTIONS
from mecomp_desktop.ui.theme.icons import Icons

# Keys that the control with the keyboard needs for itself. Text fields keep theirs on their own.
# In a list, letters are typed ahead.
_OWN_KEYS: tuple[tuple[frozenset[str], tuple[type[QWidget], ...]], ...] = (
    (frozenset({"Space"}), (QAbstractButton, QComboBox)),
    (frozenset({"M"}), (QAbstractItemView,)),
    (
        frozenset({"Left", "Right"}),
        (QAbstractButton, QAbstractSlider, QComboBox, QListView, QTabBar, QTreeView),
    ),
)


class WindowActions(QObject):
    """One ``QAction`` for every row of the table of window actions.

    Attributes:
        table: The rows.

    Signals:
        done: The name of an action that was carried out.
    """

    done = Signal(str)

    def __init__(
        self,
        window: QWidget,
        commands: Commands,
        actions: Sequence[Action[Commands]] = WINDOW_ACTIONS,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self.table = actions
        self._actions: dict[str, QAction] = {}
        for entry in actions:
            made = QAction(entry.words, window)
            made.setShortcuts([QKeySequence(keys) for keys in entry.keys])
            made.triggered.connect(lambda _checked=False, entry=entry: self._run(entry))
            window.addAction(made)
            self._actions[entry.action_id] = made
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._leave_keys_to)

    def action(self, action_id: str) -> QAction:
        """Return one action.

        Raises:
            KeyError: The window does not offer it.
        """
        return self._actions[action_id]

    def run(self, action_id: str) -> None:
        """Do one action, if it can be done now.

        A key that a control needs for itself (see ``_OWN_KEYS``) keeps nobody from choosing the
        action by its name.
        """
        self._run(next(entry for entry in self.table if entry.action_id == action_id))

    def menu(self, icons: Icons) -> QMenu:
        """Return the menu of the window: a submenu a group."""
        menu = QMenu(self._window)
        for group in groups(self.table):
            entries = [entry for entry in self.table if entry.group == group and entry.in_menu]
            if entries:
                fill_menu(menu.addMenu(group), entries, self._commands, icons)
        # Not on close: a submenu that Qt closes on its own would take the menu along.
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _run(self, entry: Action[Commands]) -> None:
        if entry.enabled(self._commands):
            entry.run(self._commands)
            self.done.emit(entry.action_id)

    def _leave_keys_to(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Switch off the shortcuts that the control with the keyboard answers itself."""
        taken: set[str] = set()
        for keys, kinds in _OWN_KEYS:
            if isinstance(now, kinds):
                taken |= keys
        for action in self._actions.values():
            action.setEnabled(action.shortcut().toString() not in taken)
