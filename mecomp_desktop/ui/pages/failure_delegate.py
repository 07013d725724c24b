"""Draws the rows of the table of unreadable files like those of the songs."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.pages.failure_model import Column

_ROUND_PX = 6
_PADDING_PX = 8


class FailureDelegate(QStyledItemDelegate):
    """One rounded band a row; the file's name first, the rest quieter."""

    def __init__(self, bridge: Bridge, table: QTableView) -> None:
        super().__init__(table)
        self._bridge = bridge
        self._table = table

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one cell."""
        colours = self._bridge.theme.colours
        painter.save()
        painter.setClipRect(option.rect)
        self._paint_band(painter, option, index.row())
        first = index.column() == Column.FILE
        painter.setPen(colours.of("text" if first else "muted"))
        painter.setFont(self._table.font())
        left = 2 * _PADDING_PX if first else _PADDING_PX
        room = option.rect.adjusted(left, 0, -_PADDING_PX, 0)
        # The end of a file's name tells more than its middle; a folder's, its last part.
        cut = Qt.TextElideMode.ElideMiddle
        if index.column() in (Column.REASON, Column.WHEN):
            cut = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(str(index.data()), cut, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_band(self, painter: QPainter, option: QStyleOptionViewItem, row: int) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        current = self._table.hasFocus() and self._table.currentIndex().row() == row
        if not selected and not current:
            return
        colours = self._bridge.theme.colours
        width = self._table.viewport().width()
        band = QRectF(0, option.rect.top() + 1, width, option.rect.height() - 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected:
            painter.setBrush(QColor(colours.selected))
            painter.drawRoundedRect(band, _ROUND_PX, _ROUND_PX)
        if current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.of("accent"), 1))
            painter.drawRoundedRect(band.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND_PX, _ROUND_PX)
