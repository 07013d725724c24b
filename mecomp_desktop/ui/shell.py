"""Puts the window together and connects its parts with each other and with the services."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.rating import SubjectKind
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.playback.service import PlaybackService
from mecomp_desktop.ui import player_commands
from mecomp_desktop.ui.action_palette import ActionPalette
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.idle_watch import IdleWatch
from mecomp_desktop.ui.library.albums_page import AlbumsPage
from mecomp_desktop.ui.library.catalog_updater import CatalogUpdater
from mecomp_desktop.ui.library.songs_page import SongsPage
from mecomp_desktop.ui.main_window import MainWindow, Parts
from mecomp_desktop.ui.navigation import Navigation
from mecomp_desktop.ui.page import Page, PageContext, PageSpec
from mecomp_desktop.ui.pages import PAGES
from mecomp_desktop.ui.player.now_playing_bar import NowPlayingBar
from mecomp_desktop.ui.player.queue_panel import QueuePanel
from mecomp_desktop.ui.player.status_strip import StatusStrip
from mecomp_desktop.ui.playlists.playlist_adder import PlaylistAdder
from mecomp_desktop.ui.problem_dialog import ProblemDialog
from mecomp_desktop.ui.shortcut_sheet import ShortcutsDialog
from mecomp_desktop.ui.window_actions import WindowActions
from mecomp_desktop.ui.window_state import Value

TITLE = "MECOMP Desktop"


class Shell(QObject):
    """The window and everything in it; carries out the actions of the window.

    Args:
        app: The program.
        bridge: The crossing to other threads.
        pages: The table of pages.

    Attributes:
        window: The window; not shown yet.
        actions: The actions of the window, bound to their keys.
    """

    def __init__(self, app: Application, bridge: Bridge, pages: Sequence[PageSpec] = PAGES) -> None:
        super().__init__()
        self._app = app
        self._bridge = bridge
        self._shortcuts: ShortcutsDialog | None = None
        self._catalog: Catalog | None = None
        self._context = PageContext.of(app, bridge)
        self.playlist_adder = PlaylistAdder(app, bridge)
        self.navigation = Navigation(bridge, pages)
        self.player = NowPlayingBar(app, bridge, self._context.songs)
        self.queue = QueuePanel(app, bridge)
        self.status = StatusStrip(app, bridge)
        self.window = MainWindow(
            Parts(self.navigation, pages, self._make_page, self.queue, self.player, self.status),
            TITLE,
        )
        self._updater = CatalogUpdater(
            app, bridge, lambda: self.songs.table.songs.order, self._show
        )
        self.actions = WindowActions(self.window, self)
        self._idle_watch = IdleWatch(self.window)
        self._idle_watch.idle_changed.connect(app.analysis.set_window_idle)
        self._connect_parts()
        self._follow_services()

    @property
    def songs(self) -> SongsPage:
        """The page with all songs."""
        page = self.window.pages["songs"]
        assert isinstance(page, SongsPage)
        return page

    @property
    def albums(self) -> AlbumsPage:
        """The page with all albums."""
        page = self.window.pages["albums"]
        assert isinstance(page, AlbumsPage)
        return page

    # Commands, as the table of actions wants them

    @property
    def playback(self) -> PlaybackService:
        """The player."""
        return self._app.playback

    @property
    def has_song(self) -> bool:
        """Whether a song plays or is paused."""
        return self._app.playback.status().track_id is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._app.undo.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self._app.undo.can_redo

    def undo(self) -> None:
        """Take the last change back."""
        # On another thread: the queue that comes back may hold many thousand songs.
        self._bridge.run(self._app.undo.undo, partial(self._show_change, "Undone"), self)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._bridge.run(self._app.undo.redo, partial(self._show_change, "Redone"), self)

    def _show_change(self, what: str, sentence: str) -> None:
        if sentence:
            self._bridge.show_message(f"{what}: {sentence}.")

    def step(self, seconds: float) -> None:
        """Go on in the song, or back."""
        position_s = player_commands.step(self._app.playback, seconds)
        if position_s is not None:
            self.player.show_position(position_s)

    def change_volume(self, change: float) -> None:
        """Make it louder, or quieter."""
        volume = player_commands.change_volume(self._app.playback, change)
        self.player.volume.show_volume(volume, muted=False)

    def toggle_mute(self) -> None:
        """Switch the sound off or on."""
        self.player.volume.toggle_mute()

    def toggle_shuffle(self) -> None:
        """Shuffle, or go back to the listener's order."""
        player_commands.toggle_shuffle(self._app.playback)

    def next_repeat(self) -> None:
        """Go on to the next way of repeating."""
        player_commands.next_repeat(self._app.playback)

    def start_radio(self) -> None:
        """Start radio from the selected songs, or from the one that plays."""
        selected = list(self.window.page.selected_songs())
        playing = self._app.playback.status().track_id
        if selected:
            self._context.songs.start_radio(selected)
        elif playing is not None:
            self._context.songs.start_radio([playing])
        else:
            self._bridge.show_message("Select a song first: radio plays what sounds close to it.")

    def toggle_like(self) -> None:
        """Like the selected songs, or the one that plays; or no longer."""
        self._context.songs.ratings.toggle_like(self._meant())

    def rate(self, half_stars: int | None) -> None:
        """Rate the selected songs, or the one that plays."""
        self._context.songs.ratings.rate(self._meant(), half_stars)

    def change_rating(self, half_stars: int) -> None:
        """Give the selected songs, or the one that plays, half a star more or less."""
        self._context.songs.ratings.change_rating(self._meant(), half_stars)

    def toggle_away(self) -> None:
        """Never play the selected songs, or the one that plays, again; or take that back."""
        self._context.songs.ratings.toggle_away(self._meant(), SubjectKind.SONG)

    def _meant(self) -> list[TrackId]:
        """Return the songs that an action is about: what is selected, or else what plays."""
        selected = list(self.window.page.selected_songs())
        playing = self._app.playback.status().track_id
        return selected or ([] if playing is None else [playing])

    def add_to_playlist(self) -> None:
        """Let the listener choose a playlist for the selected songs, or for the playing one."""
        selected = list(self.window.page.selected_songs())
        playing = self._app.playback.status().track_id
        if not selected and playing is not None:
            selected = [playing]
        if selected:
            self._choose_playlist(selected)
        else:
            self._bridge.show_message("Select a song first: it is put into a playlist then.")

    def save_queue(self) -> None:
        """Make a playlist of the queue."""
        queued = [entry.track_id for entry in self._app.playback.queue_snapshot().entries]
        if queued:
            self.playlist_adder.add(None, "Queue", queued)
        else:
            self._bridge.show_message("The queue is empty: there is nothing to save.")

    def _choose_playlist(self, ids: Sequence[TrackId]) -> None:
        self.playlist_adder.choose(ids, self.window)

    def visit(self, name: str) -> None:
        """Show a page and bring the keyboard to it."""
        self.window.visit(name)

    def search(self) -> None:
        """Bring the keyboard to the search of this page, or else to that of all songs."""
        field = self.window.page.search_field()
        if field is None or not field.isVisible():
            self.window.go("songs")
            field = self.songs.search_field()
        field.setFocus()
        field.selectAll()

    def show_playing(self) -> None:
        """Show the song that plays among all songs."""
        self.player.go_to_playing()

    def focus_queue(self) -> None:
        """Bring the keyboard to the queue, which is shown for it."""
        self.window.drawer.show_queue(True)
        self.queue.take_keyboard()

    def toggle_queue(self) -> None:
        """Show or hide the queue."""
        self.window.drawer.toggle()

    def choose_folder(self) -> None:
        """Let the listener choose a folder of music."""
        dialog = QFileDialog(self.window, "Choose your music folder", str(self._music_folder()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.add_folders([Path(name)]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def rescan(self) -> None:
        """Look for new and changed songs."""
        self._app.library.rescan()

    def show_shortcuts(self) -> None:
        """Show the list of shortcuts."""
        if self._shortcuts is None:
            self._shortcuts = ShortcutsDialog(self.window)
        self._shortcuts.show()
        self._shortcuts.raise_()

    def show_palette(self) -> None:
        """Let the listener type what they want done."""
        offered = [entry for entry in self.actions.table if entry.enabled(self)]
        palette = ActionPalette(offered, self.window)
        palette.chosen.connect(self.actions.run)
        palette.open()

    def report_problem(self) -> None:
        """Show what a report of a problem needs."""
        dialog = ProblemDialog(self._app, self._bridge, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def quit(self) -> None:
        """Close the window."""
        self.window.close()

    # What else the window does

    def state(self) -> dict[str, Value]:
        """Return sizes, columns and the page, as JSON values."""
        return {"window": self.window.state()}

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up a remembered state."""
        window = state.get("window")
        if isinstance(window, dict):
            self.window.restore(window)

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

    def _music_folder(self) -> Path:
        """Return where a folder dialog opens: in the music folder, once there is one."""
        roots = [root.path for root in self._app.library.roots() if root.available]
        standard = QStandardPaths.StandardLocation.MusicLocation
        return roots[0] if roots else Path(QStandardPaths.writableLocation(standard))

    def _make_page(self, spec: PageSpec) -> Page:
        page = spec.make(self._context)
        page.badge_changed.connect(partial(self.navigation.set_badge, spec.name))
        if self._catalog is not None:
            page.show_catalog(self._catalog)
        page.set_playing(self._app.playback.status().track_id)
        return page

    def _show_menu(self) -> None:
        button = self.navigation.menu_button
        menu = self.actions.menu(self._bridge.icons)
        menu.popup(button.mapToGlobal(button.rect().topRight()))

    def _connect_parts(self) -> None:
        self._context.songs.album_wanted.connect(self.show_album)
        self._context.songs.playlist_wanted.connect(self._choose_playlist)
        self.navigation.menu_wanted.connect(self._show_menu)
        self.player.show_track.connect(self.show_track)
        self.player.radio_wanted.connect(lambda track: self._context.songs.start_radio([track]))
        self.player.queue_wanted.connect(self.toggle_queue)
        self.window.drawer.shown_changed.connect(self.player.show_queue_shown)
        self.queue.show_track.connect(self.show_track)
        self.queue.radio_wanted.connect(self._context.songs.start_radio)
        ratings = self._context.songs.ratings
        self.queue.view.like_wanted.connect(ratings.toggle_like)
        self.queue.view.away_wanted.connect(ratings.toggle_songs_away)
        self.status.settings_wanted.connect(partial(self.window.visit, "settings"))
        self.status.activity_wanted.connect(partial(self.window.visit, "activity"))
        self.window.folders_dropped.connect(self.add_folders)
        self.window.playlists_dropped.connect(self.playlist_adder.import_files)
        self.window.dropping.connect(self.songs.first_start.set_dropping)
        self._bridge.message.connect(self.status.show_message)
        self._bridge.requested.connect(lambda action_id: self.actions.action(action_id).trigger())

    def _follow_services(self) -> None:
        library, playback = self._app.library, self._app.playback
        self._bridge.on(playback.queue_changed, self._mark_playing, self)
        self._bridge.on(library.changed, lambda: self.songs.refresh(), self)
        self._bridge.on(library.scanned, self._context.covers.renew, self)
        if library.has_loaded or len(library.catalog()):
            self._updater.renew()
        self._mark_playing()

    def _song_order(self) -> tuple[str, bool]:
        return self.songs.table.songs.order

    def _show(self, catalog: Catalog) -> None:
        self._catalog = catalog
        for page in self.window.pages.values():
            page.show_catalog(catalog)

    def _mark_playing(self) -> None:
        playing = self._app.playback.status().track_id
        for page in self.window.pages.values():
            page.set_playing(playing)
