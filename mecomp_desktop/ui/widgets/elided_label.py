"""Text that ends in "…" where it does not fit, and is whole in its tooltip then."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.theme import sized


class ElidedLabel(QLabel):
    """One line of plain text that shrinks with its place.

    Args:
        role: As in the style sheet (``muted``, ``caption`` …).
    """

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        # A title that is written from right to left stands where the others stand.
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
        self.setAlignment(left | Qt.AlignmentFlag.AlignVCenter)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""

    @property
    def whole(self) -> str:
        """The text before it was cut."""
        return self._whole

    def show_text(self, text: str) -> None:
        """Show one line of text."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    @guarded(QSize)
    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return the size of the whole text."""
        width = self.fontMetrics().horizontalAdvance(self._whole)
        return QSize(width, super().sizeHint().height())

    @guarded(QSize)
    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """It may become as narrow as need be."""
        return QSize(24, super().minimumSizeHint().height())

    @guarded()
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Cut the text anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, width)
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class ElidedButton(QAbstractButton):
    """Text that can be clicked: underlined under the pointer, ringed under the keyboard.

    Args:
        bridge: For the colours.
        hint: What a click does, for the tooltip.
        size_px: The size of the text, in pixels.
    """

    def __init__(
        self, bridge: Bridge, hint: str, size_px: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._hint = hint
        self.setFont(sized(self.font(), size_px, semibold=True))
        # The style sheet sets every widget's size; this one keeps its own.
        self.setStyleSheet(f"font-size: {size_px}px; font-weight: 600;")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show one line of text; nothing to click where it is empty."""
        self.setText(text)
        self.setEnabled(bool(text))
        self.setAccessibleName(text or "Nothing plays")
        self.setToolTip(f"{text}\n{self._hint}" if text else "")
        self.updateGeometry()

    @guarded(QSize)
    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return the size of the whole text."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height() + 4)

    @guarded(QSize)
    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """It may become as narrow as need be."""
        return QSize(24, self.sizeHint().height())

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the text, cut where it does not fit."""
        colours = self._bridge.theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setUnderline(self.underMouse() and self.isEnabled())
        painter.setFont(font)
        painter.setPen(colours.of("text"))
        room = self.rect().adjusted(0, 0, -1, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if self.hasFocus():
            painter.setPen(QPen(colours.of("accent"), 1))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
