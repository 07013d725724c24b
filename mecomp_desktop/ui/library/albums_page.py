"""All albums, and one of them when it is opened."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from mecomp_desktop.domain.album import Album
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.library.album_grid import AlbumGrid
from mecomp_desktop.ui.library.collection_detail import Detail
from mecomp_desktop.ui.library.empty_states import EmptyState
from mecomp_desktop.ui.library.filterable_list import FilterableListModel
from mecomp_desktop.ui.library.heading import Heading
from mecomp_desktop.ui.library.song_model import Column
from mecomp_desktop.ui.page import Page, PageContext
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import button, show_page, surface

_COVER_PX = 176


class AlbumsPage(Page):
    """A grid of covers; a click shows the album's songs, Escape the grid again."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        surface(self, "base")
        bridge, actions, covers = context.bridge, context.songs, context.covers
        self._bridge = bridge
        self._covers = covers
        self._catalog: Catalog | None = None
        self._stale = False
        self._album: Album | None = None
        self.heading = Heading(bridge, "Albums")
        self.albums: FilterableListModel[Album] = FilterableListModel(
            lambda album: f"{album.title} by {album.artist}", lambda album: album.key, self
        )
        self.grid = AlbumGrid(bridge, actions, covers, self.albums)
        self.detail = Detail(
            bridge, actions, (Column.NUMBER, Column.TITLE, Column.ARTIST, Column.TIME), _COVER_PX
        )
        self.empty = EmptyState(bridge, "disc")
        self._stack = QStackedWidget()
        self._grid_view = self._all_albums()
        self._count()
        self._album_view = self._make_album_view()
        self._stack.addWidget(self._grid_view)
        self._stack.addWidget(self._album_view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.grid.opened.connect(self.open)
        self.detail.back_requested.connect(self.back)
        self.heading.search.searched.connect(self._search)
        self.heading.search.left.connect(self.grid.setFocus)
        covers.ready.connect(self._cover_came)
        bridge.theme.changed.connect(self._show_cover)

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library; done when the page is looked at, not before."""
        self._catalog = catalog
        self._stale = True
        if self.isVisible():
            self._renew()

    @guarded()
    def showEvent(self, event: object) -> None:  # noqa: N802, Qt's name
        """Catch up with the library."""
        self._renew()

    def first_focus(self) -> QWidget | None:
        """Return the songs of the opened album, else the grid or what stands in its place."""
        if self._album is not None:
            return self.detail.table
        return self._grid_or_state.currentWidget()

    def search_field(self) -> QLineEdit | None:
        """Return the search of all albums; an opened album has none."""
        return self.heading.search if self._album is None else None

    def selected_songs(self) -> Sequence[TrackId]:
        """Return the selected songs of the opened album, or all of the selected album."""
        if self._album is not None:
            return self.detail.table.selected_ids()
        return self.grid.selected_songs()

    def open(self, album: Album) -> None:
        """Show one album."""
        self._album = album
        self._show_album(album)
        self._stack.setCurrentWidget(self._album_view)
        self.detail.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_album_of(self, track_id: TrackId) -> None:
        """Show the album that a song is on, and the song in it."""
        catalog = self._catalog
        if catalog is None:
            return

        def found(album: Album | None) -> None:
            if album is None:
                self._bridge.show_message("The file names no album.")
                return
            self.open(album)
            self.detail.table.reveal(track_id)

        self._bridge.run(lambda: catalog.album_of(track_id), found, self)

    def back(self) -> None:
        """Show all albums, at the place where the listener left."""
        album, self._album = self._album, None
        self._stack.setCurrentWidget(self._grid_view)
        self.grid.setFocus()
        row = self.albums.row_of(album.key) if album else -1
        if row >= 0:
            self.grid.setCurrentIndex(self.albums.index(row))

    @property
    def opened(self) -> Album | None:
        """The album that is shown, or ``None`` while all are."""
        return self._album

    def set_playing(self, track_id: TrackId | None) -> None:
        """Mark the song that plays."""
        self.detail.table.songs.set_playing(track_id)

    def _renew(self) -> None:
        catalog = self._catalog
        if catalog is None or not self._stale:
            return
        self._stale = False
        self._bridge.run(catalog.albums, self._show_albums, self)

    def _show_albums(self, albums: tuple[Album, ...]) -> None:
        self.albums.show_items(albums)
        self._count()
        if self._album is not None:
            row = self.albums.row_of(self._album.key)
            if row < 0:
                self.back()
            else:
                self._album = self.albums.item(row)
                self._show_album(self._album)

    def _show_album(self, album: Album) -> None:
        facts = [str(album.year)] if album.year else []
        facts.append(formatting.count(len(album.track_ids), "song"))
        facts.append(formatting.length(album.duration_s))
        self.detail.show_message(album.title, album.artist, " · ".join(facts))
        self.detail.show_songs(self._catalog, album.track_ids)
        self._show_cover()

    def _show_cover(self) -> None:
        if self._album is None:
            return
        ratio = self.devicePixelRatioF()
        album = self._album
        side = round(_COVER_PX * ratio)
        picture = self._covers.cover(album.key, album.title, album.track_ids[0], side)
        if picture is not None:
            picture = picture.copy()
            picture.setDevicePixelRatio(ratio)
        self.detail.set_cover(picture)

    def _cover_came(self, key: object) -> None:
        if self._album is not None and key == self._album.key:
            self._show_cover()

    def _search(self, words: str) -> None:
        self.albums.set_search(words)
        self._count()

    def _count(self) -> None:
        number, words = self.albums.rowCount(), self.albums.search
        self.heading.set_count(formatting.count(number, "album") if number or words else "")
        if words:
            self.empty.show_message("Nothing found", f"No album or artist matches “{words}”.")
        else:
            self.empty.show_message("No albums yet", "They appear here as your songs are found.")
        show_page(self._grid_or_state, self.grid if number else self.empty)

    def _all_albums(self) -> QWidget:
        self._grid_or_state = QStackedWidget()
        self._grid_or_state.addWidget(self.grid)
        self._grid_or_state.addWidget(self.empty)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self._grid_or_state, 1)
        return page

    def _make_album_view(self) -> QWidget:
        back = button("All albums", self.back, "quiet")
        back.setToolTip("All albums  (Esc)")
        self._bridge.icons.bind(back, "arrow-left")
        row = QHBoxLayout()
        row.setContentsMargins(12, 12, 12, 0)
        row.addWidget(back)
        row.addStretch()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.detail, 1)
        return page
