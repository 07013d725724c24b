"""Puts songs into a playlist, from wherever they are shown."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import PlaylistId, TrackId
from mecomp_desktop.domain.playlist import Playlist, in_order
from mecomp_desktop.domain.undo import Command
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.playlists.add_dialog import AddDialog


class PlaylistAdder(QObject):
    """Lets the listener choose a playlist, and puts songs into it on another thread."""

    def __init__(self, app: Application, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._app = app
        self._bridge = bridge

    def choose(self, ids: Sequence[TrackId], window: QWidget) -> AddDialog:
        """Ask for the playlist; return the dialog, which is open."""
        playlists = self._app.playlists.all()
        lists = [playlist for playlist in in_order(playlists) if not playlist.is_folder]
        dialog = AddDialog(
            lists,
            formatting.count(len(ids), "song"),
            lambda playlist_id, name: self.add(playlist_id, name, ids),
            window,
        )
        dialog.open()
        return dialog

    def add(self, playlist_id: PlaylistId | None, name: str, ids: Sequence[TrackId]) -> None:
        """Put songs into a playlist, or (``None``) into a new one of this name."""
        # On another thread: every song is looked up.
        self._bridge.run(partial(self._add, playlist_id, name, list(ids)), self._show, self)

    def import_files(self, paths: Sequence[Path]) -> None:
        """Make a playlist of each file; what cannot be read is told."""
        for path in paths:
            read = partial(self._app.playlists.import_file, path)
            self._bridge.run(read, self._show_imported, self)

    def _show_imported(self, playlist: Playlist) -> None:
        words = formatting.count(len(playlist.entries), "song")
        self._bridge.show_message(f"“{playlist.name}” imported: {words}.")

    def _add(
        self, playlist_id: PlaylistId | None, name: str, ids: list[TrackId]
    ) -> tuple[str, Command | None]:
        service = self._app.playlists
        if playlist_id is None:
            made = service.create(name, service.entries_of(ids))
            return f"“{made.name}” has {formatting.count(len(made.entries), 'song')} now.", None
        command = service.add(playlist_id, ids)
        return ("" if command is None else f"{command.sentence}."), command

    def _show(self, done: tuple[str, Command | None]) -> None:
        sentence, command = done
        if command is None:
            self._bridge.show_message(sentence)
        else:
            undo = partial(self._app.undo.undo_command, command)
            self._bridge.show_message(sentence, "Undo", undo)
