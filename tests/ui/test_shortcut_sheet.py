from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.shortcut_sheet import ShortcutsDialog
from mecomp_desktop.ui.shortcuts import SHORTCUTS, groups


def test_lists_every_shortcut(qtbot: QtBot, app: Application, bridge: Bridge) -> None:
    dialog = ShortcutsDialog(app, bridge)
    qtbot.addWidget(dialog)
    words = [one.text() for one in dialog.findChildren(QLabel)]
    for one in SHORTCUTS:
        assert one.words in words
    for group in groups():
        assert group in words


def test_escape_closes_and_nothing_is_blocked(
    qtbot: QtBot, app: Application, bridge: Bridge
) -> None:
    dialog = ShortcutsDialog(app, bridge)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.isModal()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
