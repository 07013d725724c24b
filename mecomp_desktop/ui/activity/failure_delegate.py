"""Draws the rows of the table of unreadable files like those of the songs."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from mecomp_desktop.ui.activity.failure_model import Column
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.drawing import draw_band, draw_text

_PADDING_PX = 8


class FailureDelegate(QStyledItemDelegate):
    """One rounded band a row; the file's name first, the rest quieter."""

    def __init__(self, bridge: Bridge, table: QTableView) -> None:
        super().__init__(table)
        self._bridge = bridge
        self._table = table

    @guarded()
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
        left = 2 * _PADDING_PX if first else _PADDING_PX
        room = option.rect.adjusted(left, 0, -_PADDING_PX, 0)
        # The end of a file's name tells more than its middle; a folder's, its last part.
        cut = Qt.TextElideMode.ElideMiddle
        if index.column() in (Column.REASON, Column.WHEN):
            cut = Qt.TextElideMode.ElideRight
        colour = colours.text if first else colours.muted
        draw_text(painter, room, str(index.data()), self._table.font(), colour, cut=cut)
        painter.restore()

    def _paint_band(self, painter: QPainter, option: QStyleOptionViewItem, row: int) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        current = self._table.hasFocus() and self._table.currentIndex().row() == row
        if not selected and not current:
            return
        colours = self._bridge.theme.colours
        width = self._table.viewport().width()
        band = QRectF(0, option.rect.top() + 1, width, option.rect.height() - 2)
        draw_band(
            painter,
            band,
            fill=colours.selected if selected else None,
            outline=colours.accent if current else None,
        )
