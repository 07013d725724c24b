"""Nothing but the window itself ever becomes a window."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.ui.main import Session
from mecomp_desktop.ui.pages import PAGES


class WindowsShown(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802, Qt's name
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(watched)
        return False


def test_a_part_that_has_no_parent_yet_is_not_shown(
    app: Application, qapp: QApplication, qtbot: QtBot
) -> None:
    shown = WindowsShown()
    qapp.installEventFilter(shown)
    session = Session(app, qapp)
    session.show()
    for page in PAGES:
        session.shell.visit(page.name)
        qtbot.wait(20)
    qapp.removeEventFilter(shown)
    assert shown.seen == [session.shell.window]
    session.close()
    session.end()
