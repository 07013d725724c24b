"""Draws the rows of a song table."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from mecomp_desktop.domain.track import Track
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.rating_cells import CELL_PADDING_PX, draw_heart, draw_rating
from mecomp_desktop.ui.library.song_model import (
    NEVER_ROLE,
    NUMBERS,
    PLAYING_ROLE,
    RATING_ROLE,
    TRACK_ROLE,
    Column,
)
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.theme import sized, tabular
from mecomp_desktop.ui.widgets.drawing import LEFT, RIGHT, draw_band, draw_text

PADDING_PX = CELL_PADDING_PX
_DRAWN = {Column.LIKED: draw_heart, Column.RATING: draw_rating}
_FIRST_PX = 16
_LAST_PX = 20
_ICON_PX = 16


class SongDelegate(QStyledItemDelegate):
    """One rounded band a row, the title in the text's colour, the rest quieter."""

    def __init__(self, bridge: Bridge, table: QTableView, parent: QObject | None = None) -> None:
        super().__init__(parent or table)
        self._bridge = bridge
        self._table = table
        self.hovered_row = -1

    @guarded()
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one cell."""
        rect: QRect = option.rect
        track = index.data(TRACK_ROLE)
        if not isinstance(track, Track):
            return
        painter.save()
        painter.setClipRect(rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_band(painter, rect, index.row(), selected)
        playing = bool(index.data(PLAYING_ROLE))
        column = Column(index.column())
        inner = self._inner(rect, column)
        if column == Column.NUMBER and playing:
            self._paint_icon(painter, inner, "speaker-high-fill", "accent")
        elif column == Column.NUMBER and not track.available:
            self._paint_icon(painter, inner, "link-break", "muted")
        elif column == Column.NUMBER and index.data(NEVER_ROLE):
            self._paint_icon(painter, inner, "prohibit", "muted")
        elif column in _DRAWN:
            hovered = index.row() == self.hovered_row
            _DRAWN[column](painter, self._bridge, inner, index.data(RATING_ROLE), hovered=hovered)
        else:
            colour = self._colour(track, column, playing)
            font = self._font(column, playing)
            side = RIGHT if column in NUMBERS else LEFT
            draw_text(painter, inner, index.data(), font, colour, side)
        painter.restore()

    def _paint_band(self, painter: QPainter, rect: QRect, row: int, selected: bool) -> None:
        colours = self._bridge.theme.colours
        current = self._table.hasFocus() and self._table.currentIndex().row() == row
        if not (selected or current or row == self.hovered_row):
            return
        width = self._table.viewport().width()
        band = QRectF(PADDING_PX, rect.top() + 1, width - 2 * PADDING_PX, rect.height() - 2)
        hovered = row == self.hovered_row
        draw_band(
            painter,
            band,
            fill=colours.selected if selected else colours.hover if hovered else None,
            outline=colours.accent if current else None,
        )

    def _inner(self, rect: QRect, column: Column) -> QRect:
        """Return where the text goes: as the headings stand, with room at the band's two ends."""
        header = self._table.horizontalHeader()
        shown = [each for each in Column if not self._table.isColumnHidden(each)]
        place = header.visualIndex(column)
        first = place == min(map(header.visualIndex, shown))
        last = place == max(map(header.visualIndex, shown))
        left = _FIRST_PX if first else PADDING_PX
        return rect.adjusted(left, 0, -(_LAST_PX if last else PADDING_PX), 0)

    def _paint_icon(self, painter: QPainter, inner: QRect, name: str, role: str) -> None:
        pixmap = self._bridge.icons.pixmap(name, _ICON_PX, role)
        top = inner.top() + (inner.height() - _ICON_PX) // 2
        painter.drawPixmap(inner.right() - _ICON_PX + 1, top, pixmap)

    def _font(self, column: Column, playing: bool) -> QFont:
        font = self._table.font()
        if column in NUMBERS:
            return tabular(font)
        if column == Column.TITLE and playing:
            return sized(font, font.pixelSize(), semibold=True)
        return font

    def _colour(self, track: Track, column: Column, playing: bool) -> str:
        colours = self._bridge.theme.colours
        if not track.available or column != Column.TITLE:
            return colours.muted
        return colours.accent if playing else colours.text
