from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.action import groups
from mecomp_desktop.ui.actions import ACTIONS
from mecomp_desktop.ui.shortcut_sheet import ShortcutsDialog
from mecomp_desktop.ui.theme.theme import Theme


def test_lists_every_shortcut(qtbot: QtBot, theme: Theme) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    words = [found.text() for found in dialog.findChildren(QLabel)]
    for entry in ACTIONS:
        assert (entry.words in words) == bool(entry.keys), entry
    for group in groups(entry for entry in ACTIONS if entry.keys):
        assert group in words


def test_escape_closes_and_nothing_is_blocked(qtbot: QtBot, theme: Theme) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.isModal()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
