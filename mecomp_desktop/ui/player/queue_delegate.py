"""Draws one row of the queue: what it is, how long it is, and how close it sounds."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mecomp_desktop.domain.queue import QueueEntry
from mecomp_desktop.domain.track import Track
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import clock, closeness_number
from mecomp_desktop.ui.player.queue_model import CurrentRole, EntryRole, PlayedRole, TrackRole
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.colours import Colours, mix
from mecomp_desktop.ui.theme.theme import CAPTION_PX, TEXT_PX, sized, tabular
from mecomp_desktop.ui.widgets.drawing import RIGHT, draw_band, draw_text

HEIGHT_PX = 48
_INSET_PX = 6
_MARK_PX = 24
_RIGHT_PX = 72
_TIME_PX = 48
_BAR_PX = 40
_BAR_HEIGHT_PX = 4
_GAP_PX = 8

_State = QStyle.StateFlag


class QueueDelegate(QStyledItemDelegate):
    """Two lines a row: title and closeness, artist and length."""

    def __init__(self, bridge: Bridge, view: QWidget) -> None:
        super().__init__(view)
        self._bridge = bridge

    @guarded(QSize)
    def sizeHint(  # noqa: N802 (Qt's name)
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Every row is equally high."""
        return QSize(160, HEIGHT_PX)

    @guarded()
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one row."""
        entry: QueueEntry = index.data(EntryRole)
        track: Track | None = index.data(TrackRole)
        colours = self._bridge.theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, colours)
        room: QRect = option.rect.adjusted(_INSET_PX, 4, -_INSET_PX - _GAP_PX, -4)
        half = room.height() // 2
        upper = QRect(room.left(), room.top(), room.width(), half)
        lower = QRect(room.left(), room.top() + half, room.width(), half)
        current = bool(index.data(CurrentRole))
        if current:
            self._paint_mark(painter, room)
        strong = self._text_colour(index, track, colours)
        title = track.title if track else "No longer in the library"
        beside = 0 if entry.closeness is None else _RIGHT_PX
        room_for_title = upper.adjusted(0, 0, -beside, 0)
        self._paint_line(painter, room_for_title, title, strong, TEXT_PX, semibold=current)
        soft = colours.of("muted")
        artist = track.artist if track else ""
        room_for_artist = lower.adjusted(0, 0, -_TIME_PX, 0)
        self._paint_line(painter, room_for_artist, artist, soft, CAPTION_PX, semibold=False)
        painter.setFont(tabular(sized(painter.font(), CAPTION_PX)))
        painter.setPen(soft)
        painter.drawText(lower, RIGHT, clock(track.duration_s) if track else "")
        if entry.closeness is not None:
            self._paint_closeness(painter, upper, entry.closeness, colours)
        painter.restore()

    @staticmethod
    def _text_colour(
        index: QModelIndex | QPersistentModelIndex, track: Track | None, colours: Colours
    ) -> QColor:
        if index.data(CurrentRole):
            return colours.of("accent")
        missing = track is None or not track.available
        return colours.of("muted" if missing or index.data(PlayedRole) else "text")

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, colours: Colours) -> None:
        state = option.state
        ground = QRectF(option.rect).adjusted(_INSET_PX, 1, -_INSET_PX, -1)
        fill = None
        if state & _State.State_Selected:
            fill = mix(colours.surface, colours.accent, 0.16)
        elif state & _State.State_MouseOver:
            fill = mix(colours.surface, colours.text, 0.05)
        focus = state & _State.State_HasFocus and state & _State.State_KeyboardFocusChange
        draw_band(painter, ground, fill=fill, outline=colours.accent if focus else None)

    def _paint_mark(self, painter: QPainter, room: QRect) -> None:
        mark = self._bridge.icons.pixmap("speaker-high-fill", 16, "accent")
        size = mark.deviceIndependentSize()
        middle = QPointF(room.left() + _MARK_PX / 2, room.center().y())
        painter.drawPixmap(middle - QPointF(size.width() / 2, size.height() / 2), mark)

    @staticmethod
    def _paint_line(
        painter: QPainter, line: QRect, text: str, colour: QColor, size_px: int, *, semibold: bool
    ) -> None:
        font: QFont = sized(painter.font(), size_px, semibold=semibold)
        if not semibold:
            font.setWeight(QFont.Weight.Normal)
        draw_text(painter, line.adjusted(_MARK_PX, 0, -_GAP_PX, 0), text, font, colour)

    @staticmethod
    def _paint_closeness(
        painter: QPainter, line: QRect, closeness: float, colours: Colours
    ) -> None:
        number = closeness_number(closeness)
        painter.setPen(colours.of("text"))
        painter.drawText(line, RIGHT, str(number))
        left = line.right() - _RIGHT_PX + _GAP_PX
        top = line.center().y() - _BAR_HEIGHT_PX / 2 + 1
        bar = QRectF(left, top, _BAR_PX, _BAR_HEIGHT_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(colours.surface, colours.text, 0.16)))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(max(float(_BAR_HEIGHT_PX), _BAR_PX * number / 100))
        painter.setBrush(colours.of("accent"))
        painter.drawRoundedRect(bar, 2, 2)
