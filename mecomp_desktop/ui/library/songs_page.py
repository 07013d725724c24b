"""All songs: the table, or the page that tells why there is none."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.empty_states import EmptyState, FirstStart
from mecomp_desktop.ui.library.heading import Heading
from mecomp_desktop.ui.library.song_actions import SongActions
from mecomp_desktop.ui.library.song_model import Column
from mecomp_desktop.ui.library.song_table import SongTable
from mecomp_desktop.ui.widgets.basics import show_page, surface
from mecomp_desktop.ui.window_state import Value


class SongsPage(QWidget):
    """Shows the whole library, searched and sorted.

    Attributes:
        shown: After what the page shows has changed.
    """

    shown = Signal()

    def __init__(
        self,
        app: Application,
        bridge: Bridge,
        actions: SongActions,
        choose_folder: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        surface(self, "base")
        self._app = app
        self._loaded = False
        self.heading = Heading(bridge, "Songs")
        self.table = SongTable(bridge, actions)
        self.table.horizontalHeader().setSortIndicator(Column.ARTIST, Qt.SortOrder.AscendingOrder)
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
        column.addWidget(self._stack, 1)
        self.heading.search.searched.connect(self._search)
        self.heading.search.left.connect(self.table.setFocus)
        self.setFocusProxy(self.waiting)
        self.waiting.show_message("One moment", "Your library is being opened.")

    @property
    def state_shown(self) -> QWidget | None:
        """The table, or the state in its place."""
        return self._stack.currentWidget()

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library."""
        self._loaded = True
        self.table.show_catalog(catalog)
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
            self.no_match.show_message(
                "Nothing found", f"No song, artist, album or genre matches “{songs.search}”."
            )
            page = self.no_match
        elif count == 0:
            page = self._empty()
        self.heading.search.setVisible(count > 0 or bool(songs.search))
        show_page(self._stack, page, self)
        self.shown.emit()

    def clear_search(self) -> None:
        """Show all songs again."""
        self.heading.search.clear()
        self.heading.search.setFocus()

    def layout_state(self) -> dict[str, Value]:
        """Return what to remember, as JSON values."""
        return self.table.layout_state()

    def restore_layout(self, state: Mapping[str, Value]) -> None:
        """Take up a remembered state."""
        self.table.restore_layout(state)

    def _search(self, words: str) -> None:
        self.table.set_search(words)
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
