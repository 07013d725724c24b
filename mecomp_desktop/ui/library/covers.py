"""Covers: read and scaled off the GUI thread, the last shown ones kept in bounded memory."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial

from cachetools import LRUCache
from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.cover_tiles import tile

MAX_BYTES = 64 * 1024 * 1024
# Two readers fill a screen of tiles in a moment; more would only take turns on one disk.
_MAX_READING = 2
_MAX_WAITING = 96
_BYTES_PER_PIXEL = 4


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: Hashable
    track_id: TrackId
    size_px: int


class Covers(QObject):
    """Hands out covers at once if they are there, and tells when they have come if not.

    What was asked for last is read first, for that is what the listener is looking at; requests
    that were scrolled past long ago are forgotten.

    Attributes:
        ready: The key of a cover that can be had now.
    """

    ready = Signal(object)

    def __init__(
        self,
        read: Callable[[TrackId, int], bytes | None],
        bridge: Bridge,
        max_bytes: int = MAX_BYTES,
        parent: QObject | None = None,
    ) -> None:
        """Start with an empty memory.

        Args:
            read: Returns the picture of a song, its shorter side at most so many pixels, as
                a file; blocks, so it runs on a worker thread.
            bridge: Does the work on other threads, and knows the theme.
            max_bytes: The memory that the pictures take at most.
            parent: Owns it.
        """
        super().__init__(parent or bridge)
        self._read = read
        self._bridge = bridge
        # A picture larger than the whole cache counts as just as large and displaces all others:
        # were it refused, it would be read again, without end, each time it is asked for.
        self._cache: LRUCache[tuple[Hashable, int], QPixmap] = LRUCache(
            max_bytes, getsizeof=lambda picture: min(_bytes(picture), max_bytes)
        )
        self._without: set[Hashable] = set()
        self._doubtful: set[tuple[Hashable, int]] = set()
        self._waiting: OrderedDict[tuple[Hashable, int], _Wanted] = OrderedDict()
        self._reading: set[tuple[Hashable, int]] = set()
        bridge.theme.changed.connect(self._forget_tiles)

    @property
    def bytes_kept(self) -> int:
        """How much memory the pictures take now."""
        return int(self._cache.currsize)

    def cover(self, key: Hashable, name: str, track_id: TrackId, size_px: int) -> QPixmap | None:
        """Return a square cover, or ``None`` while it is being read.

        Args:
            key: What the cover is of; the same key has the same cover.
            name: The album's name, for a drawn cover where there is none.
            track_id: A song that carries it.
            size_px: The length of a side in device pixels.
        """
        place = (key, size_px)
        kept = self._cache.get(place)
        if kept is not None:
            if place in self._doubtful:
                self._doubtful.discard(place)
                self._ask(_Wanted(key, track_id, size_px))
            return kept
        if key in self._without:
            drawn = tile(name, size_px, dark=self._bridge.theme.is_dark)
            self._cache[place] = drawn
            return drawn
        self._ask(_Wanted(key, track_id, size_px))
        return None

    def renew(self) -> None:
        """Read covers anew when they are asked for: files have changed. Till then the old serve."""
        self._doubtful = set(self._cache)

    def _forget_tiles(self) -> None:
        for place in [place for place in self._cache if place[0] in self._without]:
            del self._cache[place]

    def _ask(self, wanted: _Wanted) -> None:
        place = (wanted.key, wanted.size_px)
        if place in self._reading:
            return
        self._waiting[place] = wanted
        self._waiting.move_to_end(place)
        while len(self._waiting) > _MAX_WAITING:
            self._waiting.popitem(last=False)
        self._read_next()

    def _read_next(self) -> None:
        while self._waiting and len(self._reading) < _MAX_READING:
            place, wanted = self._waiting.popitem(last=True)
            self._reading.add(place)
            self._bridge.run(
                partial(self._picture, wanted),
                partial(self._came, place),
                self,
                # A song that is gone or unreadable has no cover; the list tells the rest.
                failed=partial(self._no_picture, place),
            )

    def _picture(self, wanted: _Wanted) -> QImage | None:
        return scaled(self._read(wanted.track_id, wanted.size_px), wanted.size_px)

    def _no_picture(self, place: tuple[Hashable, int], _error: Exception) -> None:
        self._came(place, None)

    def _came(self, place: tuple[Hashable, int], image: QImage | None) -> None:
        self._reading.discard(place)
        if image is None:
            self._cache.pop(place, None)
            self._without.add(place[0])
        else:
            self._without.discard(place[0])
            self._cache[place] = QPixmap.fromImage(image)
        self.ready.emit(place[0])
        self._read_next()


def scaled(data: bytes | None, size_px: int) -> QImage | None:
    """Return the middle square of a picture file in this size, or ``None`` if it is no picture."""
    image = QImage.fromData(data) if data else QImage()
    if image.isNull():
        return None
    side = min(image.width(), image.height())
    left, top = (image.width() - side) // 2, (image.height() - side) // 2
    square = image.copy(QRect(left, top, side, side))
    return square.scaled(
        QSize(size_px, size_px),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _bytes(picture: QPixmap) -> int:
    return picture.width() * picture.height() * _BYTES_PER_PIXEL
