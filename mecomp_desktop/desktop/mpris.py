"""MPRIS: the desktop's media keys, its player in the panel, and the lock screen steer us."""

import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtDBus import QDBusConnection, QDBusMessage

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.desktop.mpris_adaptors import PLAYER, ROOT, Desk, PlayerAdaptor, RootAdaptor
from mecomp_desktop.desktop.mpris_metadata import US_PER_S, Facts
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.rating import NO_RATING, Subject
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.playback.service import PlaybackService
from mecomp_desktop.ratings.service import RatingsService

_log = logging.getLogger(__name__)
_PATH = "/org/mpris/MediaPlayer2"
_IDENTITY = "MECOMP Desktop"
_DESKTOP_ENTRY = "mecomp-desktop"
_NAME = f"{ROOT}.mecomp_desktop"
_PACE_MS = 500
# A position that is so far from where the music should be was sought, not played to.
_JUMP_S = 1.0


class PlayerView:
    """What the adaptors look at.

    It is plain Python on purpose: a circle of Qt objects would wait for the garbage collector,
    which may run, and then delete them, on any thread.

    Attributes:
        cover: The song whose cover is known, and the cover as a file; ``None`` before the first.
    """

    def __init__(
        self, playback: PlaybackService, library: LibraryService, ratings: RatingsService
    ) -> None:
        self._playback = playback
        self._ratings = ratings
        self._library = library
        self.cover: tuple[TrackId, Path | None] | None = None

    def facts(self) -> Facts:
        """Return what the player is doing."""
        status, queue = self._playback.status(), self._playback.queue_snapshot()
        if status.track_id is None:
            return Facts.of(status, queue, None, None)
        cover = self.cover[1] if self.cover and self.cover[0] == status.track_id else None
        track = self._library.track(status.track_id)
        rating = NO_RATING if track is None else self._ratings.of(Subject.song(track))
        return Facts.of(status, queue, track, cover, rating)

    def position_s(self) -> float:
        """Return where in the song it is, in seconds."""
        return self._playback.status().position_s


class Mpris(QObject):
    """Offers the player on the session bus and tells what changes.

    Args:
        playback: What is steered.
        library: Knows the songs and their covers.
        ratings: Knows what the listener thinks of them.
        cache: Where the cover of the song that plays is put as a file.
        desk: What the desktop may ask of the window.
        bus: The bus; the session's by default.

    Signals:
        playing_changed: Whether music plays now.
        song_began: The song that plays (`Track`), and a file with its cover (`Path` or ``None``).
    """

    playing_changed = Signal(bool)
    song_began = Signal(object, object)
    _came = Signal(object, object)

    def __init__(
        self,
        playback: PlaybackService,
        library: LibraryService,
        ratings: RatingsService,
        cache: Path,
        desk: Desk,
        bus: QDBusConnection | None = None,
    ) -> None:
        super().__init__()
        self._playback = playback
        self._library = library
        self._cover_file = cache / "now-playing-cover"
        self._bus = QDBusConnection.sessionBus() if bus is None else bus
        self._facts = Facts()
        self._view = PlayerView(playback, library, ratings)
        self._expected: tuple[str, float, float] | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="mpris cover")
        # Its adaptors relay every signal of the object they are on; ours come from other threads.
        self._object = QObject(self)
        RootAdaptor(self._object, _IDENTITY, _DESKTOP_ENTRY, desk)
        self._player = PlayerAdaptor(self._object, self._view, playback, desk)
        self._came.connect(self._cover_came)
        self._timer = QTimer(self)
        self._timer.setInterval(_PACE_MS)
        self._timer.timeout.connect(self.refresh)
        self._name = ""

    def open(self) -> bool:
        """Appear on the bus; return whether there is one that takes us."""
        # A second program of ours on the same bus takes the specification's other form of name.
        for name in (_NAME, f"{_NAME}.instance{os.getpid()}"):
            if self._bus.isConnected() and self._bus.registerService(name):
                self._name = name
                break
        if not self._name or not self._bus.registerObject(_PATH, self._object):
            _log.info("no session bus: no media keys, no player in the desktop's panel")
            return False
        self.refresh()
        self._timer.start()
        return True

    def close(self) -> None:
        """Leave the bus and end the thread. May be called twice."""
        self._timer.stop()
        if self._name:
            self._bus.unregisterObject(_PATH)
            self._bus.unregisterService(self._name)
            self._name = ""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def refresh(self) -> None:
        """Tell the bus what has changed since the last look."""
        facts = self._view.facts()
        if facts != self._facts:
            before, now = self._facts.properties(), facts.properties()
            self._facts = facts
            if now["PlaybackStatus"] != before["PlaybackStatus"]:
                self.playing_changed.emit(facts.is_playing)
            self._emit_changed(
                {name: value for name, value in now.items() if value != before[name]}
            )
        self._emit_seeked(facts)
        track = facts.track
        if track is not None and (self._view.cover is None or self._view.cover[0] != track.id):
            self._view.cover = (track.id, None)
            self._pool.submit(self._fetch_cover, track.id)

    def _emit_changed(self, changed: dict[str, Any]) -> None:
        if not self._name or not changed:
            return
        signal = QDBusMessage.createSignal(
            _PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged"
        )
        signal.setArguments([PLAYER, changed, []])
        self._bus.send(signal)

    def _emit_seeked(self, facts: Facts) -> None:
        position_s, now_s = self._view.position_s(), time.monotonic()
        if self._expected is not None and self._expected[0] == facts.entry:
            _entry, then_s, at_s = self._expected
            running = self._playback.status().state is PlayerState.PLAYING
            should_be_s = then_s + (now_s - at_s if running else 0.0)
            if abs(position_s - should_be_s) > _JUMP_S:
                self._player.Seeked.emit(round(position_s * US_PER_S))
        self._expected = (facts.entry, position_s, now_s)

    # The cover, as a file that the desktop can open

    def _fetch_cover(self, track_id: TrackId) -> None:
        picture = self._library.cover(track_id)
        path = None
        if picture:
            # Another name for another song, or the desktop would show what it has kept.
            path = self._cover_file.with_name(f"{self._cover_file.name}-{track_id}")
            try:
                for old in path.parent.glob(f"{self._cover_file.name}-*"):
                    old.unlink(missing_ok=True)
                path.write_bytes(picture)
            except OSError as error:
                _log.warning("the cover could not be written for the desktop: %s", error)
                path = None
        self._came.emit(track_id, path)

    def _cover_came(self, track_id: TrackId, path: Path | None) -> None:
        known = self._view.cover
        if known is not None and known[0] == track_id:
            self._view.cover = (track_id, path)
            self.refresh()
            track = self._facts.track
            if track is not None and track.id == track_id and self._facts.is_playing:
                self.song_began.emit(track, path)
