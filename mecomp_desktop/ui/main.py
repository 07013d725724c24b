"""Starts the window and stays until the listener closes it."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from mecomp_desktop.app import Application
from mecomp_desktop.paths import resource
from mecomp_desktop.ui import window_state
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.shell import TITLE, Shell
from mecomp_desktop.ui.theme.theme import Theme

DESKTOP_ID = "mecomp-desktop"
"""The name of the desktop file and of the icon."""
# Python answers a signal only when it gets to run; Qt lets it this often.
_SIGNAL_MS = 200
# Ctrl+C; ``kill`` and a shutdown; the closing of the terminal.
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Tie(Protocol):
    """Something outside the window that steers it while it is there."""

    def close(self) -> None:
        """Let go of the window."""


def run(
    app: Application,
    arguments: Sequence[str] = (),
    tie: "Callable[[Session], Tie] | None" = None,
) -> int:
    """Show the window and return the exit code when it is closed.

    Args:
        app: The program, opened and not yet started; the caller closes it.
        arguments: Folders to add to the library, and files to play.
        tie: Ties the window to the desktop around it; let go of at the end.
    """
    qt = qt_application()
    session = Session(app, qt)
    session.show()
    tied = tie(session) if tie is not None else None
    # Everything that reads the disk begins once the window is there.
    QTimer.singleShot(0, app.start)
    if arguments:
        QTimer.singleShot(0, lambda: app.open_paths([Path(argument) for argument in arguments]))
    with _closing_on_signals(session):
        code = qt.exec()
    if tied is not None:
        tied.close()
    session.end()
    return code


class Session:
    """The window from its opening to its end.

    Attributes:
        bridge: The crossing to other threads; closed at the end.
        shell: The window and everything in it.
    """

    def __init__(self, app: Application, qt: QApplication) -> None:
        self._app = app
        self._state_file = app.paths.state / "window.json"
        self._theme = theme = Theme(qt, app.settings.current.theme)
        self.bridge = Bridge(theme)
        with theme.held():
            self.shell = Shell(app, self.bridge)
        self.shell.restore(window_state.load(self._state_file))
        self.shell.window.closing.connect(self._save)
        self.bridge.on(
            app.settings.changed, lambda settings: theme.choose(settings.theme), self.shell
        )

    def show(self) -> None:
        """Show the window, with the keyboard where it was left."""
        window = self.shell.window
        window.show()
        window.activateWindow()
        window.visit(window.page_name)

    def come_forward(self) -> None:
        """Bring the window before all others."""
        window = self.shell.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def close(self) -> None:
        """Close the window, as the listener would."""
        self.shell.window.close()

    def end(self) -> None:
        """End everything that the window started."""
        self.bridge.close()
        self.shell.window.deleteLater()
        self.shell.deleteLater()
        self._theme.deleteLater()

    def _save(self) -> None:
        state = self.shell.state()
        self._app.write_later(lambda: window_state.save(self._state_file, state))


def qt_application() -> QApplication:
    """Return the Qt application, made and named if there is none yet."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setDesktopFileName(DESKTOP_ID)
    made = QApplication(sys.argv[:1])
    made.setApplicationName(DESKTOP_ID)
    made.setApplicationDisplayName(TITLE)
    made.setWindowIcon(QIcon(str(resource("icons/mecomp-desktop.svg"))))
    return made


@contextmanager
def _closing_on_signals(session: Session) -> Iterator[None]:
    """Close the window on Ctrl+C and on any request to end, as if the listener had."""
    timer = QTimer()
    timer.timeout.connect(lambda: None)
    timer.start(_SIGNAL_MS)
    known = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    wanted = [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
    before = [
        signal.signal(number, lambda _number, _frame: session.shell.window.close())
        for number in wanted
    ]
    yield
    for number, handler in zip(wanted, before, strict=True):
        signal.signal(number, handler)
    timer.stop()
