"""Puts the window together and connects its parts with each other and with the services."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.actions import WindowActions
from mecomp_desktop.ui.activity.page import ActivityPage
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.albums_page import AlbumsPage
from mecomp_desktop.ui.library.artists_page import ArtistsPage
from mecomp_desktop.ui.library.catalog_updater import CatalogUpdater
from mecomp_desktop.ui.library.covers import Covers
from mecomp_desktop.ui.library.heading import Heading
from mecomp_desktop.ui.library.song_actions import SongActions
from mecomp_desktop.ui.library.song_table import SongTable
from mecomp_desktop.ui.library.songs_page import SongsPage
from mecomp_desktop.ui.main_window import MainWindow, Parts
from mecomp_desktop.ui.navigation import Navigation
from mecomp_desktop.ui.player.now_playing_bar import NowPlayingBar
from mecomp_desktop.ui.player.queue_panel import QueuePanel
from mecomp_desktop.ui.player.status_strip import StatusStrip
from mecomp_desktop.ui.shortcut_sheet import ShortcutsDialog
from mecomp_desktop.ui.widgets.lazy_page import LazyPage
from mecomp_desktop.ui.window_state import Value

TITLE = "MECOMP Desktop"


class Shell(QObject):
    """The window and everything in it.

    Attributes:
        window: The window; not shown yet.
        songs: The page with all songs.
        albums: The page with all albums.
        artists: The page with all artists.
    """

    def __init__(self, app: Application, bridge: Bridge) -> None:
        super().__init__()
        self._app = app
        self._bridge = bridge
        self._shortcuts: ShortcutsDialog | None = None
        self._actions = SongActions(app, bridge)
        self._covers = covers = Covers(app.library.cover, bridge)
        self.songs = SongsPage(app, bridge, self._actions, self.choose_folder)
        self.albums = AlbumsPage(bridge, self._actions, covers)
        self.artists = ArtistsPage(bridge, self._actions)
        self.navigation = Navigation(bridge)
        self.player = NowPlayingBar(app, bridge)
        self.queue = QueuePanel(app, bridge)
        self.status = StatusStrip(app, bridge)
        self.activity = ActivityPage(app, bridge)
        pages: dict[str, QWidget] = {
            "songs": self.songs,
            "albums": self.albums,
            "artists": self.artists,
            "quiz": LazyPage(self._make_quiz),
            "activity": self.activity,
            "settings": LazyPage(self._make_settings),
        }
        self.window = MainWindow(
            Parts(self.navigation, pages, self.queue, self.player, self.status), TITLE
        )
        self._places = tuple(pages)
        self._feed = CatalogUpdater(app, bridge, lambda: self.songs.table.songs.order, self._show)
        self.actions = WindowActions(self.window, self._all_handlers())
        self._connect_parts()
        self._follow_services()

    # What is remembered

    def state(self) -> dict[str, Value]:
        """Return sizes, columns and the place, as JSON values."""
        return {"window": self.window.state(), "songs": self.songs.layout_state()}

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up a remembered state."""
        window, songs = state.get("window"), state.get("songs")
        if isinstance(window, dict):
            self.window.restore(window)
        if isinstance(songs, dict):
            self.songs.restore_layout(songs)

    # What the window does

    def choose_folder(self) -> None:
        """Let the listener choose a folder of music."""
        dialog = QFileDialog(self.window, "Choose your music folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.add_folders([Path(name)]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add_folders(self, folders: Sequence[Path]) -> None:
        """Add folders to the library; their songs appear as they are found."""
        for folder in folders:
            add = partial(self._app.library.add_root, folder)
            self._bridge.run(add, lambda _root: self.songs.refresh(), self)

    def show_track(self, track_id: TrackId) -> None:
        """Show a song among all songs."""
        self.window.go("songs")
        if not self.songs.table.reveal(track_id):
            self.songs.clear_search()
            self.songs.table.set_search("")
            self.songs.table.reveal(track_id)
        self.songs.table.setFocus()

    def show_album(self, track_id: TrackId) -> None:
        """Show the album that a song is on."""
        self.window.go("albums")
        self.albums.open_album_of(track_id)

    def start_radio(self) -> None:
        """Start radio from the selected songs, or from the one that plays."""
        table = self._table()
        selected = table.selected_ids() if table is not None else []
        playing = self._app.playback.status().track_id
        if selected:
            self._actions.start_radio(selected)
        elif playing is not None:
            self._actions.start_radio([playing])
        else:
            self._bridge.message.emit("Select a song first: radio plays what sounds close to it.")

    def search(self) -> None:
        """Bring the keyboard to the search of this page, or else to that of all songs."""
        heading = getattr(self.window.page, "heading", None)
        if not isinstance(heading, Heading) or not heading.search.isVisible():
            self.window.go("songs")
            heading = self.songs.heading
        heading.search.setFocus()
        heading.search.selectAll()

    def show_shortcuts(self) -> None:
        """Show the list of shortcuts."""
        if self._shortcuts is None:
            self._shortcuts = ShortcutsDialog(self._app, self._bridge, self.window)
        self._shortcuts.show()
        self._shortcuts.raise_()

    # Pages that are made when they are looked at

    def _make_quiz(self) -> QWidget:
        from mecomp_desktop.ui.quiz.page import QuizPage

        return QuizPage(self._app, self._bridge)

    def _make_settings(self) -> QWidget:
        from mecomp_desktop.ui.settings.page import SettingsPage

        page = SettingsPage(self._app, self._bridge)
        page.message.connect(self.status.show_message)
        return page

    # Connections

    def _table(self) -> SongTable | None:
        """Return the song table of the page that is shown."""
        match self.window.page:
            case SongsPage() as page:
                return page.table
            case AlbumsPage() as page if page.opened is not None:
                return page.detail.table
            case ArtistsPage() as page:
                return page.detail.table
        return None

    def _all_handlers(self) -> dict[str, Callable[[], object]]:
        handlers: dict[str, Callable[[], object]] = {
            f"go.{place}": partial(self.window.visit, place) for place in self._places
        }
        handlers |= {
            "radio.start": self.start_radio,
            "go.search": self.search,
            "go.shortcuts": self.show_shortcuts,
            "library.add_folder": self.choose_folder,
            "library.rescan": self._app.library.rescan,
            "app.quit": self.window.close,
        }
        return handlers | dict(self.player.handlers()) | dict(self.queue.handlers())

    def _connect_parts(self) -> None:
        for table in (self.songs.table, self.albums.detail.table, self.artists.detail.table):
            table.album_asked.connect(self.show_album)
        self.player.show_track.connect(self.show_track)
        self.player.radio_wanted.connect(lambda one: self._actions.start_radio([one]))
        self.queue.show_track.connect(self.show_track)
        self.queue.radio_wanted.connect(self._actions.start_radio)
        self.queue.message.connect(self.status.show_message)
        self.activity.count_changed.connect(partial(self.navigation.set_badge, "activity"))
        self.status.settings_wanted.connect(partial(self.window.go, "settings"))
        self.status.activity_wanted.connect(partial(self.window.go, "activity"))
        self.window.folders_dropped.connect(self.add_folders)
        self.window.dropping.connect(self.songs.first_start.set_dropping)
        self._bridge.message.connect(self.status.show_message)
        self._bridge.requested.connect(lambda action_id: self.actions.action(action_id).trigger())

    def _follow_services(self) -> None:
        library, playback = self._app.library, self._app.playback
        self._bridge.on(playback.queue_changed, self._mark_playing, self)
        self._bridge.on(library.changed, self.songs.refresh, self)
        self._bridge.on(library.scanned, self._covers.renew, self)
        if library.has_loaded or len(library.catalog()):
            self._feed.renew()
        self._mark_playing()

    def _show(self, catalog: Catalog) -> None:
        for page in (self.songs, self.albums, self.artists):
            page.show_catalog(catalog)

    def _mark_playing(self) -> None:
        playing = self._app.playback.status().track_id
        self.songs.table.songs.set_playing(playing)
        self.albums.set_playing(playing)
        self.artists.set_playing(playing)
