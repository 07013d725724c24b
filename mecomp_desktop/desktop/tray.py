"""The icon in the desktop's tray: what plays, and the few commands that one wants from there."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from mecomp_desktop.desktop.mpris_adaptors import Desk
from mecomp_desktop.domain.track import Track
from mecomp_desktop.paths import resource
from mecomp_desktop.playback.service import PlaybackService

_PROGRAM = "MECOMP Desktop"


class Tray(QObject):
    """A tray icon with a menu.

    Args:
        playback: What the menu steers.
        desk: Brings the window forward, or closes it.
    """

    def __init__(self, playback: PlaybackService, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._icon = QSystemTrayIcon(QIcon(str(resource("icons/mecomp-desktop.svg"))), self)
        # A tray icon does not own its menu: without a reference it would be gone at once.
        self.menu = QMenu()
        self._song = self.menu.addAction("")
        self._song.setEnabled(False)
        self._song.setVisible(False)
        self.menu.addSeparator()
        self._toggle = self.menu.addAction("Play", playback.toggle)
        self.menu.addAction("Next song", playback.next)
        self.menu.addAction("Previous song", playback.previous)
        self.menu.addSeparator()
        self.menu.addAction("Show the window", desk.come_forward)
        self.menu.addAction("Quit", desk.end)
        self._icon.setContextMenu(self.menu)
        self._icon.setToolTip(_PROGRAM)
        self._icon.activated.connect(self._activated)

    @property
    def tooltip(self) -> str:
        """What is shown when the pointer rests on the icon."""
        return self._icon.toolTip()

    def set_visible(self, visible: bool) -> None:
        """Show the icon, or take it away."""
        self._icon.setVisible(visible)

    def show_playing(self, playing: bool) -> None:
        """Name the command by what it would do now."""
        self._toggle.setText("Pause" if playing else "Play")

    def show_song(self, track: Track) -> None:
        """Name the song that plays."""
        name = f"{track.title} – {track.artist}"
        # In a menu, "&" marks the letter of a shortcut.
        self._song.setText(name.replace("&", "&&"))
        self._song.setVisible(True)
        self._icon.setToolTip(name)

    def close(self) -> None:
        """Take the icon away for good."""
        self._icon.hide()
        self._icon.setContextMenu(None)  # type: ignore[arg-type]  # Qt takes none; the stubs do not
        self.menu.deleteLater()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self._desk.come_forward()
