"""The page of playlists: their list at the left, the songs of one beside it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mecomp_desktop.domain.ids import PlaylistEntryId, PlaylistId, TrackId
from mecomp_desktop.domain.playlist import Playlist, PlaylistKind, children, in_order
from mecomp_desktop.domain.undo import Command
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.playlists.service import NEW_FOLDER_NAME
from mecomp_desktop.playlists.songs import PlaylistSongs
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.library.empty_states import EmptyState
from mecomp_desktop.ui.library.heading import SIDE_PX
from mecomp_desktop.ui.page import Page, PageContext
from mecomp_desktop.ui.playlists.playlist_list import PlaylistList
from mecomp_desktop.ui.playlists.playlist_menu import playlist_menu
from mecomp_desktop.ui.playlists.playlist_view import PlaylistView
from mecomp_desktop.ui.widgets.basics import icon_button, label, line, show_page, surface
from mecomp_desktop.ui.window_state import Value

_LIST_PX = 224
_FILES = "Playlists (*.m3u8 *.m3u *.xspf *.pls)"
_EXPORTS = "M3U8 (*.m3u8);;XSPF (*.xspf);;PLS (*.pls)"


class PlaylistsPage(Page):
    """Shows playlists, and hands every change of them to their service."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        surface(self, "base")
        self._app, self._bridge = context.app, context.bridge
        self._service = context.app.playlists
        self._shown: tuple[PlaylistId, object, Catalog] | None = None
        self._shown_id: PlaylistId | None = None
        self.list = PlaylistList(self._bridge)
        self.detail = PlaylistView(context, self.choose_export)
        self.table = self.detail.table
        self.empty = EmptyState(self._bridge, "playlist", "New playlist", self.new_playlist)
        self.empty.show_message(
            "No playlists yet",
            "Make one here, or select songs anywhere and press Ctrl+Shift+A. "
            "M3U, XSPF and PLS files can be imported.",
        )
        self._lay_out()
        self._connect()
        self.refresh()

    @property
    def current(self) -> Playlist | None:
        """The playlist or folder that is chosen."""
        chosen = self.list.current_id
        return None if chosen is None else self._service.get(chosen)

    def first_focus(self) -> QWidget | None:
        """Return the list, or the button in its place."""
        return self.list if self.list.count() else self.empty.button

    def selected_songs(self) -> Sequence[TrackId]:
        """Return the selected songs of the playlist that is shown."""
        return self.table.selected_ids() if self.current is not None else ()

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library."""
        self.refresh()

    def set_playing(self, track_id: TrackId | None) -> None:
        """Mark the song that plays."""
        self.table.songs.set_playing(track_id)

    def state(self) -> dict[str, Value]:
        """Return columns and order, as JSON values."""
        return self.table.layout_state()

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up remembered columns; a playlist shows its own order at first."""
        self.table.restore_layout({"columns": state.get("columns")})

    def refresh(self) -> None:
        """Show the playlists, and the songs of the chosen one, as they are now."""
        self.list.show_playlists(self._service.all())
        self._show_current()

    # The list

    def new_playlist(self) -> None:
        """Make an empty playlist beside the chosen one, and let it be named."""
        self._made(self._service.create(parent_id=self._folder_id()))

    def new_folder(self) -> None:
        """Make a folder, and let it be named."""
        self._made(self._service.create(NEW_FOLDER_NAME, kind=PlaylistKind.FOLDER))

    def rename(self) -> None:
        """Let the listener give the chosen one another name."""
        playlist = self.current
        if playlist is None:
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Rename")
        dialog.setLabelText("Name")
        dialog.setTextValue(playlist.name)
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.textValueSelected.connect(partial(self._service.rename, playlist.id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def duplicate(self) -> None:
        """Make a second playlist of the same songs."""
        playlist = self.current
        copied = None if playlist is None else self._service.duplicate(playlist.id)
        if copied is not None:
            self.refresh()
            self.list.choose(copied.id)

    def delete(self) -> None:
        """Delete the chosen one, with a way back."""
        chosen = self.list.current_id
        if chosen is not None:
            self._offer_undo(self._service.delete([chosen]))

    def step(self, step: int) -> None:
        """Move the chosen one up or down among those beside it."""
        playlist = self.current
        if playlist is None:
            return
        beside = [known.id for known in children(self._service.all(), playlist.parent_id)]
        row = beside.index(playlist.id) + (step if step < 0 else step + 1)
        if 0 <= row <= len(beside):
            self._service.arrange([playlist.id], playlist.parent_id, row)

    def folders(self) -> list[Playlist]:
        """Return the folders that a playlist can be put into."""
        return [known for known in in_order(self._service.all()) if known.is_folder]

    def put_into(self, folder_id: PlaylistId | None) -> None:
        """Put the chosen one into a folder, or to the top."""
        chosen = self.list.current_id
        if chosen is not None:
            end = len(children(self._service.all(), folder_id))
            self._service.arrange([chosen], folder_id, end)

    # Files

    def choose_import(self) -> None:
        """Let the listener choose playlist files."""
        dialog = QFileDialog(self, "Import playlists", "", _FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.import_files([Path(n) for n in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def import_files(self, paths: Sequence[Path]) -> None:
        """Make a playlist of each file; what cannot be read is told."""
        for path in paths:
            self._bridge.run(partial(self._service.import_file, path), self._imported, self)

    def choose_export(self) -> None:
        """Let the listener choose the file that the playlist is written to."""
        playlist = self.current
        if playlist is None or playlist.is_folder:
            return
        name = playlist.name.replace("/", "-")
        dialog = QFileDialog(self, "Export playlist", f"{name}.m3u8", _EXPORTS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("m3u8")
        dialog.fileSelected.connect(lambda chosen: self.export_to(playlist.id, Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, playlist_id: PlaylistId, path: Path) -> None:
        """Write a playlist to a file."""

        def exported(count: int) -> None:
            words = formatting.count(count, "song")
            self._bridge.show_message(f"{words} written to {path.name}.")

        self._bridge.run(lambda: self._service.export(playlist_id, path), exported, self)

    def _imported(self, playlist: Playlist) -> None:
        self.refresh()
        self.list.choose(playlist.id)
        words = formatting.count(len(playlist.entries), "song")
        self._bridge.show_message(f"“{playlist.name}” imported: {words}.")

    # The songs of the chosen one

    def _remove(self, entry_ids: Sequence[PlaylistEntryId]) -> None:
        if self._shown_id is not None:
            self._offer_undo(self._service.remove(self._shown_id, entry_ids))

    def _move(self, entry_ids: Sequence[PlaylistEntryId], row: int) -> None:
        if self._shown_id is not None:
            self._service.move(self._shown_id, entry_ids, row)

    def _add(
        self, playlist_id: PlaylistId | None, ids: Sequence[TrackId], row: int | None = None
    ) -> None:
        if playlist_id is not None and ids:
            # On another thread: it looks every song up.
            add = partial(self._service.add, playlist_id, list(ids), row)
            self._bridge.run(add, self._offer_undo, self)

    def _offer_undo(self, command: Command | None) -> None:
        if command is not None:
            undo = partial(self._app.undo.undo_command, command)
            self._bridge.show_message(f"{command.sentence}.", "Undo", undo)

    def _made(self, playlist: Playlist) -> None:
        self.refresh()
        self.list.choose(playlist.id)
        self.rename()

    def _folder_id(self) -> PlaylistId | None:
        current = self.current
        if current is None:
            return None
        return current.id if current.is_folder else current.parent_id

    def _show_current(self) -> None:
        playlist = self.current
        show_page(self._stack, self.empty if playlist is None else self.detail, self.list)
        if playlist is None:
            self._shown = self._shown_id = None
            return
        self.detail.name.show_text(playlist.name)
        if playlist.is_folder:
            self._shown, self._shown_id = None, playlist.id
            words = "Playlists are made in it while it is chosen, and moved into it by their menu."
            self.detail.show_nothing("This is a folder", words)
            return
        if not playlist.entries:
            self._shown, self._shown_id = None, playlist.id
            words = "Drag songs here, or select some anywhere and press Ctrl+Shift+A."
            self.detail.show_nothing("No songs yet", words)
            return
        wanted = (playlist.id, playlist.entries, self._app.library.catalog())
        if self._shown is not None and all(
            known is new for known, new in zip(self._shown[1:], wanted[1:], strict=True)
        ):
            return
        self._shown = wanted
        # On another thread: ten thousand entries are looked up in the library.
        find = partial(self._service.songs, playlist.entries)
        self._bridge.run(find, partial(self._show_songs, wanted), self)

    def _show_songs(self, wanted: tuple[PlaylistId, object, Catalog], songs: PlaylistSongs) -> None:
        if self._shown is not wanted:  # another was chosen meanwhile
            return
        is_same = self._shown_id == wanted[0]
        self._shown_id = wanted[0]
        self.detail.show_songs(songs, is_same_playlist=is_same)

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(lambda _new, _old: self._show_current())
        self.list.songs_dropped.connect(self._add)
        self.list.step_wanted.connect(self.step)
        self.list.removal_wanted.connect(self.delete)
        self.list.rename_wanted.connect(self.rename)
        self.table.removal_wanted.connect(self._remove)
        self.table.move_wanted.connect(self._move)
        self.table.songs_dropped.connect(lambda ids, row: self._add(self._shown_id, ids, row))
        self._bridge.on(self._service.changed, self.refresh, self)

    def _lay_out(self) -> None:
        self.list.menu = playlist_menu(self)
        side = QWidget()
        side.setFixedWidth(_LIST_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(SIDE_PX // 2, 16, SIDE_PX // 2, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(label("Playlists", "heading"), 1)
        entries: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("plus", "New playlist", self.new_playlist),
            ("folder-plus", "New folder of playlists", self.new_folder),
            ("download-simple", "Import playlist files", self.choose_import),
        )
        for icon, words, clicked in entries:
            head.addWidget(icon_button(self._bridge, icon, words, clicked))
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(line(vertical=True))
        row.addWidget(self._stack, 1)
