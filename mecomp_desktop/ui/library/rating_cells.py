"""Hearts and stars in a song table: drawn, and clicked."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QTableView

from mecomp_desktop.domain.rating import Rating
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.columns import Column
from mecomp_desktop.ui.library.rating_actions import RatingActions
from mecomp_desktop.ui.library.song_model import SongModel
from mecomp_desktop.ui.qt_guard import guarded

STAR_PX = 16
CELL_PADDING_PX = 8
_STARS = 5
_CLICKED = (Column.LIKED, Column.RATING)


def draw_rating(
    painter: QPainter, bridge: Bridge, rect: QRect, rating: Rating, *, hovered: bool
) -> None:
    """Draw five stars from the left of a rectangle; empty ones only under the pointer."""
    half_stars = rating.half_stars or 0
    top = rect.top() + (rect.height() - STAR_PX) // 2
    for place in range(_STARS):
        filled = half_stars - 2 * place
        if filled <= 0 and not hovered:
            break
        name = "star-fill" if filled >= 2 else "star-half-fill" if filled == 1 else "star"
        role = "accent" if filled > 0 else "muted"
        painter.drawPixmap(
            rect.left() + place * STAR_PX, top, bridge.icons.pixmap(name, STAR_PX, role)
        )


def draw_heart(
    painter: QPainter, bridge: Bridge, rect: QRect, rating: Rating, *, hovered: bool
) -> None:
    """Draw a heart at the left of a rectangle; an empty one only under the pointer."""
    if not (rating.liked or hovered):
        return
    name, role = ("heart-fill", "accent") if rating.liked else ("heart", "muted")
    top = rect.top() + (rect.height() - STAR_PX) // 2
    painter.drawPixmap(rect.left(), top, bridge.icons.pixmap(name, STAR_PX, role))


def half_stars_at(x_px: int, left_px: int) -> int | None:
    """Return the half stars that a click means; ``None`` where it takes the rating away.

    Args:
        x_px: Where it was clicked.
        left_px: Where the stars begin.
    """
    halves = (x_px - left_px) // (STAR_PX // 2) + 1
    return min(2 * _STARS, halves) if halves > 0 else None


class RatingCells(QObject):
    """Carries out clicks on hearts and stars."""

    def __init__(self, table: QTableView, model: SongModel, actions: RatingActions) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._actions = actions
        table.viewport().installEventFilter(self)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802, Qt's name
        """Take clicks in the two columns; a double click there plays nothing."""
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            index = self._table.indexAt(event.position().toPoint())
            mine = index.isValid() and index.column() in _CLICKED and not event.modifiers()
            if mine and event.type() == QEvent.Type.MouseButtonDblClick:
                return True
            if mine and event.type() == QEvent.Type.MouseButtonRelease:
                self._click(index.row(), Column(index.column()), event.position().toPoint())
        return super().eventFilter(watched, event)

    def _click(self, row: int, column: Column, where: QPoint) -> None:
        ids = self._model.ids([row])
        if column is Column.LIKED:
            self._actions.toggle_like(ids)
            return
        left = self._table.visualRect(self._model.index(row, column)).left() + CELL_PADDING_PX
        wanted = half_stars_at(where.x(), left)
        # The same star again takes the rating away, as in other players.
        self._actions.rate(ids, None if wanted == self._actions.common_rating(ids) else wanted)
