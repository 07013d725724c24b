# ruff: noqa: N802 (the names are those of the MPRIS specification)
"""The two D-Bus interfaces of MPRIS: the program, and the player."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from PySide6.QtCore import ClassInfo, Property, QObject, QUrl, Signal, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusObjectPath

from mecomp_desktop.desktop.mpris_metadata import LOOPS, US_PER_S, Facts
from mecomp_desktop.playback.service import PlaybackService

ROOT = "org.mpris.MediaPlayer2"
PLAYER = "org.mpris.MediaPlayer2.Player"
# Names of C++ types, which Qt takes as text and its stubs do not know.
_INT64 = cast("type", "qlonglong")
_TEXTS = cast("type", "QStringList")
_MAP = cast("type", "QVariantMap")
C = TypeVar("C", bound=type)
_MIME_TYPES = [
    "audio/aac",
    "audio/aiff",
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/opus",
    "audio/vnd.wave",
    "audio/x-ms-wma",
]


def _interface(name: str) -> Callable[[C], C]:
    """Return the class decorator that names a D-Bus interface."""
    info = ClassInfo({"D-Bus Interface": name})  # type: ignore[call-arg]  # a key with a blank is no keyword
    return cast("Callable[[C], C]", info)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desktop may ask of the window.

    Attributes:
        come_forward: Show the window.
        end: Close it.
        open_files: Play these files or folders.
    """

    come_forward: Callable[[], object]
    end: Callable[[], object]
    open_files: Callable[[list[Path]], object]


class Source(Protocol):
    """Where the adaptors look up what is so now."""

    def facts(self) -> Facts:
        """Return what the player is doing."""

    def position_s(self) -> float:
        """Return where in the song it is, in seconds."""


@_interface(ROOT)
class RootAdaptor(QDBusAbstractAdaptor):
    """The program: its name, and how to bring it forward or end it."""

    def __init__(self, owner: QObject, identity: str, desktop_entry: str, desk: Desk) -> None:
        super().__init__(owner)
        self._identity = identity
        self._desktop_entry = desktop_entry
        self._desk = desk

    @Slot()
    def Raise(self) -> None:
        """Show the window."""
        self._desk.come_forward()

    @Slot()
    def Quit(self) -> None:
        """End the program."""
        self._desk.end()

    def _yes(self) -> bool:
        return True

    def _no(self) -> bool:
        return False

    CanQuit = Property(bool, _yes)
    CanRaise = Property(bool, _yes)
    CanSetFullscreen = Property(bool, _no)
    HasTrackList = Property(bool, _no)
    Identity = Property(str, lambda self: self._identity)
    DesktopEntry = Property(str, lambda self: self._desktop_entry)
    SupportedUriSchemes = Property(_TEXTS, lambda _self: ["file"])
    SupportedMimeTypes = Property(_TEXTS, lambda _self: list(_MIME_TYPES))


@_interface(PLAYER)
class PlayerAdaptor(QDBusAbstractAdaptor):
    """The player: what it does, and how to steer it. Times are in microseconds."""

    Seeked = Signal(_INT64)

    def __init__(
        self, owner: QObject, source: Source, playback: PlaybackService, desk: Desk
    ) -> None:
        super().__init__(owner)
        self._source = source
        self._playback = playback
        self._desk = desk

    @Slot()
    def Next(self) -> None:
        """Go to the next song."""
        self._playback.next()

    @Slot()
    def Previous(self) -> None:
        """Go to the song before."""
        self._playback.previous()

    @Slot()
    def Pause(self) -> None:
        """Pause."""
        self._playback.pause()

    @Slot()
    def PlayPause(self) -> None:
        """Pause, or go on."""
        self._playback.toggle()

    @Slot()
    def Stop(self) -> None:
        """Stop."""
        self._playback.stop()

    @Slot()
    def Play(self) -> None:
        """Play, or go on."""
        self._playback.play()

    @Slot("qlonglong")
    def Seek(self, offset_us: int) -> None:
        """Go on or back; past the end is the next song."""
        target_s = self._source.position_s() + offset_us / US_PER_S
        if target_s > self._source.facts().duration_s:
            self._playback.next()
        else:
            self._playback.seek(max(0.0, target_s))

    @Slot("QDBusObjectPath", "qlonglong")
    def SetPosition(self, track: QDBusObjectPath, position_us: int) -> None:
        """Go to a place in a song, unless another song plays by now."""
        facts, position_s = self._source.facts(), position_us / US_PER_S
        if track.path() == facts.entry and 0 <= position_s <= facts.duration_s:
            self._playback.seek(position_s)

    @Slot(str)
    def OpenUri(self, uri: str) -> None:
        """Play a file or folder."""
        url = QUrl(uri)
        if url.isLocalFile():
            self._desk.open_files([Path(url.toLocalFile())])

    def _get_loop(self) -> str:
        return self._source.facts().loop

    def _set_loop(self, name: str) -> None:
        for repeat, loop in LOOPS.items():
            if loop == name:
                self._playback.set_repeat(repeat)

    def _get_shuffle(self) -> bool:
        return self._source.facts().shuffle

    def _set_shuffle(self, shuffle: bool) -> None:
        self._playback.set_shuffle(shuffle)

    def _get_volume(self) -> float:
        return self._source.facts().volume

    def _set_volume(self, volume: float) -> None:
        self._playback.set_volume(min(1.0, max(0.0, volume)))

    def _get_rate(self) -> float:
        return 1.0

    def _set_rate(self, rate: float) -> None:
        # The specification: 0 means pause; other rates that are not offered are ignored.
        if rate == 0.0:
            self._playback.pause()

    def _get_position(self) -> int:
        return round(self._source.position_s() * US_PER_S)

    def _get_metadata(self) -> dict[str, Any]:
        return self._source.facts().metadata()

    def _fact(self, name: str) -> Any:  # noqa: ANN401 (as different as the properties)
        return self._source.facts().properties()[name]

    PlaybackStatus = Property(str, lambda self: self._fact("PlaybackStatus"))
    LoopStatus = Property(str, _get_loop, _set_loop)
    Shuffle = Property(bool, _get_shuffle, _set_shuffle)
    Volume = Property(float, _get_volume, _set_volume)
    Rate = Property(float, _get_rate, _set_rate)
    MinimumRate = Property(float, _get_rate)
    MaximumRate = Property(float, _get_rate)
    Position = Property(_INT64, _get_position)
    Metadata = Property(_MAP, _get_metadata)
    CanGoNext = Property(bool, lambda self: self._fact("CanGoNext"))
    CanGoPrevious = Property(bool, lambda self: self._fact("CanGoPrevious"))
    CanPlay = Property(bool, lambda self: self._fact("CanPlay"))
    CanPause = Property(bool, lambda self: self._fact("CanPause"))
    CanSeek = Property(bool, lambda self: self._fact("CanSeek"))
    CanControl = Property(bool, lambda _self: True)
