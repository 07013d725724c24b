"""The albums as a grid of covers."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mecomp_desktop.domain.album import Album
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.ui.action import Action
from mecomp_desktop.ui.action_targets import SongTarget
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.covers import Covers
from mecomp_desktop.ui.library.filterable_list import ITEM_ROLE, FilterableListModel
from mecomp_desktop.ui.library.group_list import Group, GroupList, group_at
from mecomp_desktop.ui.library.song_actions import SongActions
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.theme import sized
from mecomp_desktop.ui.widgets.drawing import draw_band, draw_text

COVER_PX = 160
_PADDING_PX = 8
_TEXT_PX = 44
_CELL = QSize(COVER_PX + 2 * _PADDING_PX, COVER_PX + 2 * _PADDING_PX + _TEXT_PX + 8)
_ROUND_PX = 8


class AlbumGrid(GroupList):
    """Covers with title and artist; a click or Enter opens the album.

    Attributes:
        opened: The album that was picked.
    """

    opened = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        actions: SongActions,
        covers: Covers,
        model: FilterableListModel[Album],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(bridge, actions, model, "Albums", parent)
        self.setItemDelegate(_AlbumDelegate(bridge, covers, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        # IconMode lets icons be dragged about and keeps where they were dropped: a grid of albums
        # stays in order.
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setGridSize(_CELL)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setViewportMargins(16, 0, 8, 0)
        self.verticalScrollBar().setSingleStep(48)
        self.clicked.connect(lambda index: self.opened.emit(index.data(ITEM_ROLE)))
        covers.ready.connect(self._came)

    def selected_songs(self) -> Sequence[TrackId]:
        """Return the songs of the current album."""
        album = group_at(self.currentIndex())
        return album.track_ids if album is not None else ()

    def act(self, action: Action[SongTarget], group: Group) -> None:
        """Enter opens the album; with Ctrl or Shift the song actions are carried out."""
        if action.action_id == "songs.play":
            self.opened.emit(group)
        else:
            super().act(action, group)

    @guarded()
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, Qt's name
        """Spread the columns over the width."""
        width = self.viewport().width() - 2
        columns = max(1, width // _CELL.width())
        # Set before Qt lays the items out anew, and only if it is another one: each change is a
        # layout of all albums.
        size = QSize(width // columns, _CELL.height())
        if size != self.gridSize():
            self.setGridSize(size)
        super().resizeEvent(event)

    def _came(self, _key: object) -> None:
        self.viewport().update()


class _AlbumDelegate(QStyledItemDelegate):
    """A cover, the title, the artist."""

    def __init__(self, bridge: Bridge, covers: Covers, grid: QListView) -> None:
        super().__init__(grid)
        self._bridge = bridge
        self._covers = covers
        self._grid = grid

    @guarded(QSize)
    def sizeHint(  # noqa: N802, Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Every album takes one cell."""
        return self._grid.gridSize()

    @guarded()
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one album."""
        album = index.data(ITEM_ROLE)
        if not isinstance(album, Album):
            return
        rect: QRect = option.rect
        card = QRect(rect.topLeft(), _CELL).adjusted(0, 0, 0, -8)
        painter.save()
        state = option.state
        focus = bool(state & QStyle.StateFlag.State_HasFocus) and self._grid.hasFocus()
        self._paint_card(painter, card, bool(state & QStyle.StateFlag.State_MouseOver), focus)
        place = QRect(card.left() + _PADDING_PX, card.top() + _PADDING_PX, COVER_PX, COVER_PX)
        self._paint_cover(painter, place, album)
        self._paint_words(painter, place, album)
        painter.restore()

    def _paint_card(self, painter: QPainter, card: QRect, hovered: bool, focus: bool) -> None:
        colours = self._bridge.theme.colours
        draw_band(
            painter,
            QRectF(card).adjusted(1, 1, -1, -1),
            fill=colours.hover if hovered else None,
            outline=colours.accent if focus else None,
            round_px=_ROUND_PX,
        )

    def _paint_cover(self, painter: QPainter, place: QRect, album: Album) -> None:
        ratio = self._grid.devicePixelRatioF()
        picture = self._covers.cover(
            album.key, album.title, album.track_ids[0], round(COVER_PX * ratio)
        )
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(place), _ROUND_PX, _ROUND_PX)
        if picture is None:
            painter.fillPath(shape, QColor(self._bridge.theme.colours.surface))
            return
        painter.save()
        painter.setClipPath(shape)
        # Scaled by Qt: the picture has the screen's pixels, and the place has logical ones.
        painter.drawPixmap(place, QPixmap(picture))
        painter.restore()

    def _paint_words(self, painter: QPainter, place: QRect, album: Album) -> None:
        colours = self._bridge.theme.colours
        font = self._grid.font()
        top = place.bottom() + 8
        lines: tuple[tuple[str, QFont, str], ...] = (
            (album.title, sized(font, font.pixelSize(), semibold=True), colours.text),
            (album.artist, font, colours.muted),
        )
        for text, line_font, colour in lines:
            height = QFontMetrics(line_font).height()
            box = QRect(place.left(), top, place.width(), height)
            draw_text(painter, box, text, line_font, colour)
            top += height + 2
