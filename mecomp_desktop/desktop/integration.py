"""Ties a running window to the desktop: second starts, media keys, the player in the panel."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from mecomp_desktop.app import Application
from mecomp_desktop.desktop.mpris import Mpris
from mecomp_desktop.desktop.mpris_adaptors import Desk
from mecomp_desktop.desktop.single_instance import SingleInstance

__all__ = ["Desk", "Integration"]


class Integration(QObject):
    """Everything of the desktop that steers the window, as long as the window is there.

    Args:
        app: The program.
        instance: The claim to be the only one; it is closed with this.
        desk: What the desktop may ask of the window.
    """

    def __init__(self, app: Application, instance: SingleInstance, desk: Desk) -> None:
        super().__init__()
        self._instance = instance
        self._desk = desk
        self._mpris = Mpris(app.playback, app.library, app.paths.cache, desk)
        instance.handed_over.connect(self._handed_over)
        # A bus that does not answer must not hold up the window.
        QTimer.singleShot(0, self, self._mpris.open)

    def close(self) -> None:
        """Leave the desktop alone. May be called twice."""
        self._mpris.close()
        self._instance.close()

    def _handed_over(self, files: list[Path]) -> None:
        self._desk.come_forward()
        if files:
            self._desk.open_files(files)
