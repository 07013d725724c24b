"""A notification when another song begins, while the listener is in another window."""

import html
from collections.abc import Callable
from pathlib import Path

from mecomp_desktop.desktop.session_bus import Service, SessionBus
from mecomp_desktop.domain.track import Track

_SERVICE = Service(
    "org.freedesktop.Notifications",
    "/org/freedesktop/Notifications",
    "org.freedesktop.Notifications",
)
_PROGRAM = "MECOMP Desktop"
_ICON = "mecomp-desktop"
_DEFAULT_TIME_MS = -1
_LOW = 0


class SongNotifications:
    """Tells which song begins; the next song takes the place of the last.

    Args:
        bus: Where the notification service is.
        is_wanted: Whether the listener wants them, and is not looking at the window already.
    """

    def __init__(self, bus: SessionBus, is_wanted: Callable[[], bool]) -> None:
        self._bus = bus
        self._is_wanted = is_wanted
        # On the bus's thread alone: what is on the screen now, to be replaced.
        self._shown_id: object = 0

    def show(self, track: Track, cover: Path | None) -> None:
        """Show a song, if that is wanted. Returns at once."""
        if self._is_wanted():
            self._bus.post(lambda: self._send(track, cover))

    def close(self) -> None:
        """Take the last one away. Returns at once."""
        self._bus.post(self._take_away)

    def _send(self, track: Track, cover: Path | None) -> None:
        # The body is markup: an artist called "<3" would vanish, or break it.
        body = html.escape(" – ".join(filter(None, (track.artist, track.album))), quote=False)
        hints = {
            "desktop-entry": ("s", _ICON),
            "category": ("s", "x-gnome.music"),
            "urgency": ("y", _LOW),
            "transient": ("b", True),
        }
        if cover is not None:
            hints["image-path"] = ("s", cover.as_uri())
        (self._shown_id,) = self._bus.call(
            _SERVICE,
            "Notify",
            "susssasa{sv}i",
            _PROGRAM,
            self._shown_id,
            _ICON,
            track.title,
            body,
            [],
            hints,
            _DEFAULT_TIME_MS,
        )

    def _take_away(self) -> None:
        if self._shown_id:
            self._bus.call(_SERVICE, "CloseNotification", "u", self._shown_id)
            self._shown_id = 0
