"""The cover of an album that has none: a quiet two-tone tile made from its name."""

import hashlib

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

_SATURATION = 0.28
_LIGHT = (0.80, 0.71)
_DARK = (0.25, 0.33)


def tile(name: str, size_px: int, *, dark: bool) -> QPixmap:
    """Return a square picture, the same for the same name at every start.

    Args:
        name: The album's name; it decides hue and shape.
        size_px: The length of a side in device pixels.
        dark: For the dark theme.
    """
    digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=4).digest()
    hue = digest[0] / 256
    behind, before = (
        QColor.fromHslF(hue, _SATURATION, lightness) for lightness in (_DARK if dark else _LIGHT)
    )
    picture = QPixmap(size_px, size_px)
    picture.fill(behind)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(before)
    _SHAPES[digest[1] % len(_SHAPES)](painter, size_px, digest[2] % 4)
    painter.end()
    return picture


def _record(painter: QPainter, size: int, turn: int) -> None:
    """A disc that leans out of one corner."""
    corner = QPointF(size * (turn & 1), size * (turn >> 1))
    painter.drawEllipse(corner, size * 0.72, size * 0.72)


def _wave(painter: QPainter, size: int, turn: int) -> None:
    """Bars of a sound, in one of four rhythms."""
    heights = ((3, 6, 4, 7, 2), (5, 3, 7, 4, 6), (2, 5, 7, 5, 2), (7, 4, 2, 4, 7))[turn]
    width = size / 11
    for place, height in enumerate(heights):
        tall = size * height / 10
        bar = QRectF(width * (1 + 2 * place), (size - tall) / 2, width, tall)
        painter.drawRoundedRect(bar, width / 2, width / 2)


def _horizon(painter: QPainter, size: int, turn: int) -> None:
    """A hill of one of four heights."""
    radius = size * (0.7 + 0.1 * turn)
    painter.drawEllipse(QPointF(size * 0.5, size * 0.55 + radius), radius * 1.2, radius)


_SHAPES = (_record, _wave, _horizon)
