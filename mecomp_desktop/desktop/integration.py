"""Ties a running window to the desktop: second starts, media keys, notifications, the tray."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from mecomp_desktop.app import Application
from mecomp_desktop.desktop.mpris import Mpris
from mecomp_desktop.desktop.mpris_adaptors import Desk
from mecomp_desktop.desktop.notifications import SongNotifications
from mecomp_desktop.desktop.session_bus import SessionBus
from mecomp_desktop.desktop.single_instance import SingleInstance
from mecomp_desktop.desktop.suspend import SuspendInhibitor
from mecomp_desktop.desktop.tray import Tray
from mecomp_desktop.domain.track import Track
from mecomp_desktop.settings import SettingsStore

__all__ = ["Desk", "Integration"]


class Integration(QObject):
    """Everything of the desktop that steers the window, as long as the window is there.

    Args:
        app: The program.
        instance: The claim to be the only one; it is closed with this.
        desk: What the desktop may ask of the window.
        mpris: Offers the player; on the session's bus by default.
        bus: Where the desktop's services are; the session's by default.
    """

    _settings_changed = Signal()

    def __init__(
        self,
        app: Application,
        instance: SingleInstance,
        desk: Desk,
        mpris: Mpris | None = None,
        bus: SessionBus | None = None,
    ) -> None:
        super().__init__()
        self._settings = app.settings
        self._instance = instance
        self._desk = desk
        self._playing = False
        self._bus = bus or SessionBus()
        self._mpris = mpris or Mpris(app.playback, app.library, app.ratings, app.paths.cache, desk)
        self._suspend = SuspendInhibitor(self._bus)
        self._notifications = SongNotifications(
            self._bus, partial(_wants_notification, app.settings)
        )
        self.tray = Tray(app.playback, desk)
        instance.handed_over.connect(self._handed_over)
        self._mpris.playing_changed.connect(self._playing_changed)
        self._mpris.song_began.connect(self._song_began)
        # Settings change on any thread; a signal comes over to the window's.
        self._settings_changed.connect(self._apply_settings)
        self._disconnect: Callable[[], object] = app.settings.changed.connect(
            lambda _settings: self._settings_changed.emit()
        )
        self._apply_settings()
        # A bus that does not answer must not hold up the window.
        QTimer.singleShot(0, self, self._mpris.open)

    def close(self) -> None:
        """Leave the desktop alone. Idempotent."""
        # What it refers to refers to this: Qt objects in a circle would wait for the garbage
        # collector, which may delete them on any thread.
        disconnect, self._disconnect = self._disconnect, _nothing
        disconnect()
        self._mpris.close()
        self._suspend.close()
        self._notifications.close()
        self._bus.close()
        self.tray.close()
        self._instance.close()

    def _handed_over(self, files: list[Path]) -> None:
        self._desk.come_forward()
        if files:
            self._desk.open_files(files)

    def _playing_changed(self, playing: bool) -> None:
        self._playing = playing
        self.tray.show_playing(playing)
        self._suspend.set_playing(playing and self._settings.current.stay_awake)

    def _song_began(self, track: Track, cover: Path | None) -> None:
        self.tray.show_song(track)
        self._notifications.show(track, cover)

    def _apply_settings(self) -> None:
        settings = self._settings.current
        self.tray.set_visible(settings.tray_icon)
        self._suspend.set_playing(self._playing and settings.stay_awake)


def _wants_notification(settings: SettingsStore) -> bool:
    active = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
    return settings.current.notify_song and not active


def _nothing() -> None:
    """Do nothing."""
