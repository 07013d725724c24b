"""Starts the window and stays until the listener closes it."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from mecomp_desktop.app import Application
from mecomp_desktop.paths import resource
from mecomp_desktop.ui import window_state
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.shell import TITLE, Shell
from mecomp_desktop.ui.theme import Theme

DESKTOP_ID = "mecomp-desktop"
"""The name of the desktop file and of the icon."""
# Python answers a signal only when it gets to run; Qt lets it this often.
_SIGNAL_MS = 200


def run(app: Application, arguments: Sequence[str] = ()) -> int:
    """Show the window and return the exit code when it is closed.

    Args:
        app: The program, opened and not yet started.
        arguments: Folders to add to the library.
    """
    qt = qt_application()
    theme = Theme(qt, app.settings.current.theme)
    bridge = Bridge(theme)
    state_file = app.paths.state / "window.json"
    shell = Shell(app, bridge)
    shell.restore(window_state.load(state_file))
    shell.window.closing.connect(lambda: window_state.save(state_file, shell.state()))
    bridge.on(app.settings.changed, lambda settings: theme.choose(settings.theme), shell)
    shell.window.show()
    shell.window.visit(shell.window.place)
    shell.add_folders([path for path in map(Path, arguments) if path.is_dir()])
    # Everything that reads the disk begins once the window is there.
    QTimer.singleShot(0, app.start)
    with _quitting_on_interrupt(shell):
        code = qt.exec()
    bridge.close()
    shell.window.deleteLater()
    return code


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
def _quitting_on_interrupt(shell: Shell) -> Iterator[None]:
    """Close the window on Ctrl+C and on the request to end, as if the listener had."""
    timer = QTimer()
    timer.timeout.connect(lambda: None)
    timer.start(_SIGNAL_MS)
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(one, lambda *_: shell.window.close()) for one in wanted]
    yield
    for one, handler in zip(wanted, before, strict=True):
        signal.signal(one, handler)
    timer.stop()
