"""The seek bar: the song's own shape, or a plain bar until that is known."""

import itertools

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip, QWidget

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import position as clock
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.colours import mix

STEP_MS = 5_000
_PAGE_MS = 30_000
_BAR_PX = 2
_PITCH_PX = 3
_HEIGHT_PX = 40
_MARGIN_PX = 4
_PLAIN_PX = 4
# Today's records are nearly as loud everywhere; this brings their shape out.
_CONTRAST = 1.6


class Waveform(QSlider):
    """A slider over the song's milliseconds that is drawn as its waveform.

    Being a slider, it is one to screen readers and to the keyboard, too.

    Signals:
        sought: The listener wants to be here (seconds).
        scrubbed: While dragging: where a release would seek to (seconds).
    """

    sought = Signal(float)
    scrubbed = Signal(float)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._bridge = bridge
        self._peaks = b""
        self._columns: list[float] = []
        self._hover_x: float | None = None
        self._following = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSingleStep(STEP_MS)
        self.setPageStep(_PAGE_MS)
        self.setAccessibleName("Position in the song")
        self.valueChanged.connect(self._request_seek)
        bridge.theme.changed.connect(self.update)
        self.show_song(0.0)

    # What it shows

    def show_song(self, duration_s: float) -> None:
        """Start over for another song, without its shape; 0 where there is none."""
        self._following = True
        self.setSliderDown(False)
        self.setRange(0, max(0, round(duration_s * 1000)))
        self.setValue(0)
        self._following = False
        self.setEnabled(duration_s > 0)
        self.show_peaks(b"")

    @property
    def peaks(self) -> bytes:
        """The shape that is drawn; empty for the plain bar."""
        return self._peaks

    def show_peaks(self, peaks: bytes) -> None:
        """Draw this shape: one byte a column, quiet to loud; empty for the plain bar."""
        self._peaks = peaks
        self._columns = []
        self.update()

    def show_position(self, position_s: float) -> None:
        """Follow the music, unless the listener is holding the handle."""
        if self.isSliderDown():
            return
        self._following = True
        self.setValue(round(position_s * 1000))
        self._following = False

    @guarded(QSize)
    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return a comfortable size."""
        return QSize(320, _HEIGHT_PX)

    @guarded(QSize)
    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return the size below which it says nothing."""
        return QSize(96, _HEIGHT_PX)

    # What the listener does

    def _request_seek(self, value: int) -> None:
        if not self._following and not self.isSliderDown():
            self.sought.emit(value / 1000)

    @guarded()
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Take hold of the position."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setSliderDown(True)
        self._scrub(event.position().x())

    @guarded()
    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Show the time under the pointer, and drag."""
        self._hover_x = event.position().x()
        if self.isSliderDown():
            self._scrub(self._hover_x)
        QToolTip.showText(
            event.globalPosition().toPoint(), clock(self._time_ms(self._hover_x) / 1000), self
        )
        self.update()

    @guarded()
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Seek to where it was let go."""
        if event.button() != Qt.MouseButton.LeftButton or not self.isSliderDown():
            return
        where_ms = self._time_ms(event.position().x())
        self._following = True
        self.setValue(where_ms)
        self.setSliderDown(False)
        self._following = False
        self.sought.emit(where_ms / 1000)

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Escape lets go without seeking; the other keys are a slider's."""
        if event.key() == Qt.Key.Key_Escape and self.isSliderDown():
            self._following = True
            self.setSliderDown(False)
            self._following = False
            return
        super().keyPressEvent(event)

    @guarded()
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the wheel alone: it is too easily turned by accident here."""
        event.ignore()

    @guarded()
    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Show the line under the pointer."""
        self._hover_x = event.position().x()
        super().enterEvent(event)

    @guarded()
    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Take the line away."""
        self._hover_x = None
        self.update()
        super().leaveEvent(event)

    def _scrub(self, x: float) -> None:
        self._following = True
        self.setValue(self._time_ms(x))
        self._following = False
        self.scrubbed.emit(self.value() / 1000)

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)

    def _time_ms(self, x: float) -> int:
        room = self._room()
        share = (x - room.left()) / max(1.0, room.width())
        return round(self.maximum() * min(1.0, max(0.0, share)))

    # How it is drawn

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the shape (or the plain bar), the played part in the accent."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._bridge.theme.colours
        room = self._room()
        share = self.value() / self.maximum() if self.maximum() else 0.0
        played_x = room.left() + share * room.width()
        rest = QColor(mix(colours.surface, colours.text, 0.28 if self.isEnabled() else 0.12))
        painter.setPen(Qt.PenStyle.NoPen)
        if self._peaks and self.isEnabled():
            self._paint_columns(painter, room, played_x, rest)
        else:
            self._paint_plain(painter, room, played_x, rest)
        if self._hover_x is not None and self.isEnabled():
            painter.setPen(QPen(colours.of("text"), 1))
            x = min(room.right(), max(room.left(), self._hover_x))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        if self.hasFocus():
            painter.setPen(QPen(colours.of("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _paint_columns(
        self, painter: QPainter, room: QRectF, played_x: float, rest: QColor
    ) -> None:
        accent = self._bridge.theme.colours.of("accent")
        middle = room.center().y()
        for number, loudness in enumerate(self._heights(int(room.width()) // _PITCH_PX)):
            x = room.left() + number * _PITCH_PX
            height = max(2.0, loudness * room.height())
            column = QRectF(x, middle - height / 2, _BAR_PX, height)
            whole = x + _BAR_PX <= played_x
            painter.setBrush(accent if whole else rest)
            painter.drawRoundedRect(column, 1, 1)
            if not whole and x < played_x:
                column.setWidth(played_x - x)
                painter.fillRect(column, accent)

    def _paint_plain(self, painter: QPainter, room: QRectF, played_x: float, rest: QColor) -> None:
        groove = QRectF(room.left(), room.center().y() - _PLAIN_PX / 2, room.width(), _PLAIN_PX)
        painter.setBrush(rest)
        painter.drawRoundedRect(groove, 2, 2)
        if self.isEnabled():
            groove.setRight(played_x)
            painter.setBrush(self._bridge.theme.colours.of("accent"))
            painter.drawRoundedRect(groove, 2, 2)
            painter.drawEllipse(QPointF(played_x, groove.center().y()), 6, 6)

    def _heights(self, columns: int) -> list[float]:
        if columns > 0 and len(self._columns) != columns:
            loudest = max(*self._peaks, 1)
            ends = [len(self._peaks) * n // columns for n in range(columns + 1)]
            self._columns = [
                (max(self._peaks[start : max(end, start + 1)], default=0) / loudest) ** _CONTRAST
                for start, end in itertools.pairwise(ends)
            ]
        return self._columns
