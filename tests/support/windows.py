"""Windows in tests."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


def activate(window: QWidget, qtbot: QtBot) -> None:
    """Show a window and wait until it has the keyboard.

    The offscreen platform now and then forgets to activate a window while other threads are
    busy; showing it again helps.
    """

    def active() -> bool:
        if not window.isActiveWindow():
            window.hide()
            window.show()
            window.activateWindow()
        return window.isActiveWindow()

    qtbot.waitUntil(active)
