"""All artists at the left, the songs of one of them at the right."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QSplitter,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mecomp_desktop.domain.album import Artist
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.collection_detail import Detail
from mecomp_desktop.ui.library.empty_states import EmptyState
from mecomp_desktop.ui.library.filterable_list import ITEM_ROLE, FilterableListModel
from mecomp_desktop.ui.library.group_list import GroupList
from mecomp_desktop.ui.library.heading import Heading
from mecomp_desktop.ui.library.song_model import Column
from mecomp_desktop.ui.page import Page, PageContext
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.theme import CAPTION_PX, sized
from mecomp_desktop.ui.widgets.basics import show_page, surface
from mecomp_desktop.ui.widgets.drawing import draw_band, draw_text

_LIST_PX = 264
_ROW_PX = 52
_INSET_PX = 16
_TOP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_BOTTOM = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom


class ArtistsPage(Page):
    """The artist picked at the left is shown at the right, sorted by album."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        surface(self, "base")
        bridge, actions = context.bridge, context.songs
        self._bridge = bridge
        self._catalog: Catalog | None = None
        self._stale = False
        self._artist: Artist | None = None
        self.heading = Heading(bridge, "Artists")
        self.artists: FilterableListModel[Artist] = FilterableListModel(
            lambda artist: artist.name, lambda artist: artist.key, self
        )
        self.list = GroupList(bridge, actions, self.artists, "Artists", self)
        self.list.setItemDelegate(_ArtistDelegate(bridge, self.list))
        self.list.setMinimumWidth(160)
        self.detail = Detail(
            bridge, actions, (Column.NUMBER, Column.TITLE, Column.ALBUM, Column.YEAR, Column.TIME)
        )
        self.empty = EmptyState(bridge, "microphone")
        self._stack = QStackedWidget()
        self._lists = self._both()
        self._stack.addWidget(self._lists)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self._stack, 1)
        self.heading.search.searched.connect(self._search)
        self.heading.search.left.connect(self.list.setFocus)
        self.list.selectionModel().currentChanged.connect(self._picked)
        self._count()

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library; done when the page is looked at, not before."""
        self._catalog = catalog
        self._stale = True
        if self.isVisible():
            self._renew()

    @guarded()
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802, Qt's name
        """Catch up with the library."""
        super().showEvent(event)
        self._renew()

    def set_playing(self, track_id: TrackId | None) -> None:
        """Mark the song that plays."""
        self.detail.table.songs.set_playing(track_id)

    def first_focus(self) -> QWidget | None:
        """Return the list of artists, or what stands in its place."""
        return self.empty if self._stack.currentWidget() is self.empty else self.list

    def search_field(self) -> QLineEdit:
        """Return the search of all artists."""
        return self.heading.search

    def selected_songs(self) -> Sequence[TrackId]:
        """Return the selected songs of the artist, or all of them where none is selected."""
        artist_ids = self._artist.track_ids if self._artist is not None else ()
        return self.detail.table.selected_ids() or artist_ids

    @property
    def shown(self) -> Artist | None:
        """The artist that is shown."""
        return self._artist

    def _renew(self) -> None:
        catalog = self._catalog
        if catalog is None or not self._stale:
            return
        self._stale = False
        self._bridge.run(catalog.artists, self._show_artists, self)

    def _show_artists(self, artists: tuple[Artist, ...]) -> None:
        self.artists.show_items(artists)
        self._count()
        self._pick_again()

    def _search(self, words: str) -> None:
        self.artists.set_search(words)
        self._count()
        self._pick_again()

    def _pick_again(self) -> None:
        """Show the artist that was shown before, or else the first."""
        row = self.artists.row_of(self._artist.key) if self._artist else -1
        if self.artists.rowCount():
            self.list.setCurrentIndex(self.artists.index(max(0, row)))

    def _picked(self, index: QModelIndex) -> None:
        artist = index.data(ITEM_ROLE)
        if not isinstance(artist, Artist):
            return
        self._artist = artist
        self.detail.show_message(artist.name, "", facts(artist))
        self.detail.show_songs(self._catalog, artist.track_ids)

    def _count(self) -> None:
        number, words = self.artists.rowCount(), self.artists.search
        self.heading.set_count(formatting.count(number, "artist") if number or words else "")
        if words:
            self.empty.show_message("Nothing found", f"No artist matches “{words}”.")
        else:
            self.empty.show_message("No artists yet", "They appear here as your songs are found.")
        page, focus = (self._lists, self.list) if number else (self.empty, self.empty)
        show_page(self._stack, page, focus)

    def _both(self) -> QWidget:
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setHandleWidth(1)
        both.setChildrenCollapsible(False)
        both.addWidget(self.list)
        both.addWidget(self.detail)
        both.setStretchFactor(1, 1)
        both.setSizes([_LIST_PX, 3 * _LIST_PX])
        return both


class _ArtistDelegate(QStyledItemDelegate):
    """The name, and below it how much there is."""

    def __init__(self, bridge: Bridge, view: QListView) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._view = view

    @guarded(QSize)
    def sizeHint(  # noqa: N802, Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Every artist is as high."""
        return QSize(160, _ROW_PX)

    @guarded()
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one artist."""
        artist = index.data(ITEM_ROLE)
        if not isinstance(artist, Artist):
            return
        colours = self._bridge.theme.colours
        rect = option.rect
        state = option.state
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focus = bool(state & QStyle.StateFlag.State_HasFocus) and self._view.hasFocus()
        painter.save()
        draw_band(
            painter,
            QRectF(rect).adjusted(8, 1, -8, -1),
            fill=colours.selected if selected else colours.hover if hovered else None,
            outline=colours.accent if focus else None,
        )
        inner, font = rect.adjusted(_INSET_PX + 8, 8, -_INSET_PX, -8), self._view.font()
        draw_text(painter, inner, artist.name, font, colours.text, _TOP)
        small = sized(font, CAPTION_PX)
        draw_text(painter, inner, facts(artist), small, colours.muted, _BOTTOM)
        painter.restore()


def facts(artist: Artist) -> str:
    """Return how much there is of an artist: ``3 albums · 41 songs``."""
    songs = formatting.count(len(artist.track_ids), "song")
    if not artist.album_keys:
        return songs
    return f"{formatting.count(len(artist.album_keys), 'album')} · {songs}"
