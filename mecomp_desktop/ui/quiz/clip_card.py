"""One of the three clips: a number and how far it is played. Neither name, cover nor shape."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.colours import mix

_HEIGHT_PX, _MIN_WIDTH_PX = 112, 150
_MARGIN_PX, _ROUND_PX = 16, 8
_NUMBER_PX, _LINE_PX = 20, 6


class ClipCard(QWidget):
    """Plays a clip on a click, on Enter and on its number.

    Args:
        bridge: For the colours.
        number: 1, 2 or 3.
        play: Called when the listener wants to hear it.
    """

    def __init__(self, bridge: Bridge, number: int, play: Callable[[], object]) -> None:
        super().__init__()
        self._bridge = bridge
        self._number = number
        self._play = play
        self._ready = False
        self._progress: float | None = None
        self.setMinimumSize(_MIN_WIDTH_PX, _HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"Song {number}")
        self.setToolTip(f"Play song {number}  ({number})")
        bridge.theme.changed.connect(self.update)

    @property
    def playing(self) -> bool:
        """Whether this clip is playing."""
        return self._progress is not None

    def show_ready(self, ready: bool) -> None:
        """Show whether there is a clip to play; it starts from its beginning."""
        self._ready = ready
        self._progress = None
        self.setEnabled(ready)
        self.update()

    def show_progress(self, share: float | None) -> None:
        """Show how far it is played, 0 to 1; ``None`` while it does not play."""
        if share != self._progress:
            self._progress = share
            words = "playing" if share is not None else ""
            self.setAccessibleDescription(words)
            self.update()

    @guarded(QSize)
    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wide enough to see how far it is."""
        return QSize(220, _HEIGHT_PX)

    @guarded()
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Play it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._play()

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Play it on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._play()
        else:
            super().keyPressEvent(event)

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw frame, number and progress."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._bridge.theme.colours
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        marked = self.hasFocus() or self.playing
        painter.setPen(QPen(QColor(colours.accent if marked else colours.line), 2 if marked else 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(frame, _ROUND_PX, _ROUND_PX)
        self._draw_number(painter)
        self._draw_progress(painter)

    def _draw_number(self, painter: QPainter) -> None:
        font = self.font()
        font.setPixelSize(_NUMBER_PX)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(self._bridge.theme.colours.text))
        painter.drawText(_MARGIN_PX, _MARGIN_PX + _NUMBER_PX, str(self._number))
        icon = "speaker-high" if self.playing else "play-fill"
        picture = self._bridge.icons.pixmap(icon, _NUMBER_PX, "accent" if self.playing else "muted")
        painter.drawPixmap(self.width() - _MARGIN_PX - _NUMBER_PX, _MARGIN_PX, picture)

    def _draw_progress(self, painter: QPainter) -> None:
        if not self._ready:
            return
        colours = self._bridge.theme.colours
        # A plain line: a shape would let the eye answer for the ear, an invented one would lie.
        top = self.height() / 2 + _MARGIN_PX - _LINE_PX / 2
        groove = QRectF(_MARGIN_PX, top, self.width() - 2 * _MARGIN_PX, _LINE_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(colours.raised, colours.text, 0.2)))
        painter.drawRoundedRect(groove, _LINE_PX / 2, _LINE_PX / 2)
        if self._progress is not None:
            groove.setWidth(groove.width() * min(1.0, self._progress))
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(groove, _LINE_PX / 2, _LINE_PX / 2)
