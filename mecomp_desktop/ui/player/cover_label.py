"""The cover of the song that plays."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.domain.track import Track
from mecomp_desktop.text import isolated
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.covers import Covers
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.colours import mix

_ROUND_PX = 6
_FEW_BYTES = 4 * 1024 * 1024


class CoverLabel(QWidget):
    """A square picture; the one before stays until the next has come, so nothing flickers."""

    def __init__(
        self, app: Application, bridge: Bridge, size_px: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._size_px = size_px
        self._track: Track | None = None
        self._picture: QPixmap | None = None
        self._covers = Covers(app.library.cover, bridge, _FEW_BYTES, self)
        self._covers.ready.connect(self._came)
        self.setFixedSize(QSize(size_px, size_px))
        bridge.theme.changed.connect(self._fetch)
        self.show_track(None)

    def show_track(self, track: Track | None) -> None:
        """Show the cover of a track, or an empty place."""
        self._track = track
        words = f"Cover of {isolated(track.album)}" if track else ""
        self.setAccessibleName(words)
        self.setToolTip(words)
        if track is None:
            self._picture = None
            self.update()
        else:
            self._fetch()

    def forget(self) -> None:
        """Read the picture anew: the files have changed."""
        self._covers.renew()
        self._fetch()

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the picture with round corners."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), _ROUND_PX, _ROUND_PX)
        painter.setClipPath(shape)
        if self._picture is not None:
            painter.drawPixmap(self.rect(), self._picture)
            return
        colours = self._bridge.theme.colours
        painter.fillRect(self.rect(), QColor(mix(colours.surface, colours.text, 0.07)))
        note = self._bridge.icons.pixmap("music-note", self._size_px // 3, "muted")
        size = note.deviceIndependentSize()
        left = (self._size_px - size.width()) / 2
        painter.drawPixmap(QRectF(left, left, size.width(), size.height()).toRect(), note)

    def _came(self, key: object) -> None:
        if self._track is not None and key == self._track.id:
            self._fetch()

    def _fetch(self) -> None:
        track = self._track
        if track is None:
            self.update()
            return
        side = round(self._size_px * self.devicePixelRatioF())
        picture = self._covers.cover(track.id, track.album, track.id, side)
        if picture is not None:
            self._picture = picture
            self.update()
