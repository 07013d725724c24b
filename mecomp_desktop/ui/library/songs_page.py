"""All songs: the table, or the page that tells why there is none."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.search_text import hint, search_query
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.library.empty_states import EmptyState, FirstStart
from mecomp_desktop.ui.library.heading import Heading
from mecomp_desktop.ui.library.search_hint import SearchHint
from mecomp_desktop.ui.library.song_model import Column
from mecomp_desktop.ui.library.song_query import SongQuery
from mecomp_desktop.ui.library.song_table import SongTable
from mecomp_desktop.ui.page import Page, PageContext
from mecomp_desktop.ui.widgets.basics import show_page, surface
from mecomp_desktop.ui.window_state import Value

_NO_MATCH = "No song, artist, album or genre matches “{}”."


class SongsPage(Page):
    """Shows the whole library, searched and sorted.

    Attributes:
        shown: After what the page shows has changed.
    """

    shown = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        surface(self, "base")
        bridge = context.bridge
        self._app = context.app
        self._loaded = False
        self.heading = Heading(bridge, "Songs")
        self.hint = SearchHint()
        self.table = SongTable(bridge, context.songs)
        self.table.horizontalHeader().setSortIndicator(Column.ARTIST, Qt.SortOrder.AscendingOrder)
        choose_folder = partial(bridge.requested.emit, "library.add_folder")
        self.first_start = FirstStart(bridge, choose_folder)
        self.waiting = EmptyState(bridge, "music-notes")
        self.no_music = EmptyState(bridge, "folder-open", "Choose another folder", choose_folder)
        self.no_match = EmptyState(
            bridge, "magnifying-glass", "Clear the search", self.clear_search
        )
        self._stack = QStackedWidget()
        for page in (self.waiting, self.table, self.first_start, self.no_music, self.no_match):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self.hint)
        column.addWidget(self._stack, 1)
        self._queries = SongQuery(context.app, bridge, self)
        self._queries.found.connect(self._show_found)
        self._queries.failed.connect(self.hint.show_hint)
        self.heading.search.searched.connect(self._search)
        self.heading.search.left.connect(self.table.setFocus)
        self.waiting.show_message("One moment", "Your library is being opened.")

    @property
    def state_shown(self) -> QWidget | None:
        """The table, or the state in its place."""
        return self._stack.currentWidget()

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library."""
        self._loaded = True
        self.table.show_catalog(catalog)
        self._queries.show_catalog(catalog)
        self.refresh()

    def refresh(self) -> None:
        """Show the table or the state that fits: no folder, still looking, nothing there."""
        if not self._loaded:
            return
        songs = self.table.songs
        count = songs.rowCount()
        self.heading.set_count(formatting.count(count, "song") if count or songs.search else "")
        page: QWidget = self.table
        if count == 0 and songs.search:
            self.no_match.show_message("Nothing found", _NO_MATCH.format(songs.search))
            page = self.no_match
        elif count == 0:
            page = self._empty()
        self.heading.search.setVisible(count > 0 or bool(songs.search))
        show_page(self._stack, page)
        self.shown.emit()

    def clear_search(self) -> None:
        """Show all songs again."""
        self.heading.search.clear()
        self.heading.search.setFocus()

    def first_focus(self) -> QWidget | None:
        """Return the table, or the button of what stands in its place."""
        return self._stack.currentWidget()

    def search_field(self) -> QLineEdit:
        """Return the search of all songs."""
        return self.heading.search

    def selected_songs(self) -> Sequence[TrackId]:
        """Return the selected songs, top to bottom."""
        return self.table.selected_ids()

    def set_playing(self, track_id: TrackId | None) -> None:
        """Mark the song that plays."""
        self.table.songs.set_playing(track_id)

    def state(self) -> dict[str, Value]:
        """Return columns and order, as JSON values."""
        return self.table.layout_state()

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up remembered columns and order."""
        self.table.restore_layout(state)

    def _search(self, typed: str) -> None:
        try:
            query = search_query(typed)
        except QueryError as error:
            # Half a query is nothing to show an error for: the songs stay, and a line says why.
            self.hint.show_hint(hint(error, typed))
            return
        self.hint.show_hint("")
        self._queries.ask(typed, query)
        if query is None:
            self.table.set_search(typed)
            self.refresh()

    def _show_found(self, typed: str, ids: NDArray[np.int64]) -> None:
        self.table.show_found(typed, ids)
        self.refresh()

    def _empty(self) -> QWidget:
        roots = self._app.library.roots()
        if not roots:
            return self.first_start
        if self._app.library.scan_status().running:
            self.waiting.show_message(
                "Looking for songs",
                "They appear here as they are found; you can play them at once.",
            )
            return self.waiting
        folders = ", ".join(root.path.name or str(root.path) for root in roots)
        if all(not root.available for root in roots):
            self.no_music.show_message(
                "Your music is not there",
                f"{folders} cannot be reached. Is the drive connected? Nothing is forgotten: "
                "the songs come back with it.",
            )
        else:
            self.no_music.show_message(
                "No songs found", f"There is no music that can be read in {folders}."
            )
        return self.no_music
