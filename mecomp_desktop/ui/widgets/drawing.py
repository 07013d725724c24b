"""What the delegates of lists and tables draw alike: the band behind a row, and a line of text."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

_ROUND_PX = 6
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_RIGHT_CUT = Qt.TextElideMode.ElideRight


def draw_band(
    painter: QPainter,
    band: QRectF,
    *,
    fill: str | None = None,
    outline: str | None = None,
    round_px: float = _ROUND_PX,
) -> None:
    """Draw the rounded ground of a row.

    Args:
        painter: Its pen and brush are others afterwards.
        band: Where.
        fill: A colour for what is selected or under the mouse.
        outline: A colour for what has the keyboard.
        round_px: The radius of the corners.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if fill is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(band, round_px, round_px)
    if outline is not None:
        painter.setPen(QPen(QColor(outline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(band.adjusted(0.5, 0.5, -0.5, -0.5), round_px, round_px)


def draw_text(
    painter: QPainter,
    room: QRect,
    text: str,
    font: QFont,
    colour: QColor | str,
    side: Qt.AlignmentFlag = LEFT,
    cut: Qt.TextElideMode = _RIGHT_CUT,
) -> None:
    """Draw one line, cut off with an ellipsis where it does not fit.

    Args:
        painter: Its font and pen are others afterwards.
        room: Where.
        text: What.
        font: In which font.
        colour: In which colour.
        side: At which side of the room.
        cut: Which part of a long text is left out.
    """
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(room, side, painter.fontMetrics().elidedText(text, cut, room.width()))
