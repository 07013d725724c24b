"""Playlists as the window and the command line see them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from mecomp_desktop.domain import playlist as values
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import PlaylistEntryId, PlaylistId, TrackId
from mecomp_desktop.domain.playlist import (
    Playlist,
    PlaylistEntries,
    PlaylistKind,
    Playlists,
)
from mecomp_desktop.domain.playlist_edit import edit_between
from mecomp_desktop.domain.undo import Command, UndoStack
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.playlists import arrangement
from mecomp_desktop.playlists.file_entries import entries_of_file, file_entries
from mecomp_desktop.playlists.files.playlist_file import read_playlist, write_playlist
from mecomp_desktop.playlists.identification import Identification
from mecomp_desktop.playlists.playlist_change import PlaylistChange
from mecomp_desktop.playlists.playlist_memory import PlaylistMemory
from mecomp_desktop.playlists.song_finder import SongFinder
from mecomp_desktop.playlists.songs import PlaylistSongs, playlist_songs
from mecomp_desktop.store.database import Database
from mecomp_desktop.text import isolated

NEW_NAME = "New playlist"
NEW_FOLDER_NAME = "New folder"
_LIST = "list of playlists"


class PlaylistService:
    """Holds all playlists in memory and stores what changes. Thread-safe.

    What changes a playlist is shown at once, stored in the background, and a step that can be
    undone; such a method returns the step, or ``None`` where nothing changes. Whatever another
    process changes (the command line) is seen within a second or two.

    Every method returns at once, unless it says that it blocks.

    Args:
        database: The library database.
        library: Where the songs are.
        undo: Where changes are kept, to be undone; one of its own by default.

    Attributes:
        changed: The playlists are others than before.
    """

    def __init__(
        self, database: Database, library: LibraryService, undo: UndoStack | None = None
    ) -> None:
        self._undo = undo or UndoStack()
        self._library = library
        self._memory = PlaylistMemory(database)
        self._identification = Identification(library, self._memory)

    # What there is

    @property
    def changed(self) -> Event[[]]:
        """The playlists are others than before."""
        return self._memory.changed

    def all(self) -> Playlists:
        """Return all playlists and folders; empty until they have been read."""
        return self._memory.playlists

    @property
    def has_read(self) -> bool:
        """Whether the playlists have been read."""
        return self._memory.has_read

    def get(self, playlist_id: PlaylistId) -> Playlist | None:
        """Return a playlist or folder; ``None`` if it is not there (any more)."""
        return self.all().get(playlist_id)

    def songs(self, entries: PlaylistEntries) -> PlaylistSongs:
        """Return the songs of entries, missing ones included. Blocks."""
        return playlist_songs(entries, self.finder())

    def finder(self) -> SongFinder:
        """Return what finds songs in the library as it is now. What it does blocks."""
        return self._identification.finder()

    # The list of playlists

    def create(
        self,
        name: str = NEW_NAME,
        entries: PlaylistEntries = (),
        parent_id: PlaylistId | None = None,
        kind: PlaylistKind = PlaylistKind.PLAYLIST,
    ) -> Playlist:
        """Make a playlist, or a folder, last among those beside it.

        A name that is taken gets a number: "Road 2".
        """
        playlists = self.all()
        playlist = arrangement.new_playlist(playlists, name, entries, parent_id, kind)
        self._edit(f"{_named(playlist)} created", _LIST, lambda now: {**now, playlist.id: playlist})
        return playlist

    def rename(self, playlist_id: PlaylistId, name: str) -> Command | None:
        """Give a playlist another name; an empty one changes nothing."""
        wanted = arrangement.clean_name(name)
        playlist = self.get(playlist_id)
        if playlist is None or not wanted:
            return None
        return self._edit(
            f"{_named(playlist)} renamed",
            _LIST,
            lambda now: {**now, playlist_id: replace(now[playlist_id], name=wanted)},
        )

    def delete(self, playlist_ids: Collection[PlaylistId]) -> Command | None:
        """Delete playlists, and folders with all that is in them."""
        there = [known for known in map(self.get, playlist_ids) if known is not None]
        if not there:
            return None
        words = _named(there[0]) if len(there) == 1 else f"{len(there):,} playlists"
        return self._edit(
            f"{words} deleted",
            _LIST,
            lambda now: arrangement.without(now, [playlist.id for playlist in there]),
        )

    def duplicate(self, playlist_id: PlaylistId) -> Playlist | None:
        """Make a second playlist of the same songs right below it; return it."""
        playlist = self.get(playlist_id)
        if playlist is None or playlist.is_folder:
            return None
        copied = arrangement.copy_of(self.all(), playlist)
        self._edit(
            f"{_named(playlist)} duplicated",
            _LIST,
            lambda now: arrangement.placed_after(now, copied, playlist.id),
        )
        return copied

    def arrange(
        self, playlist_ids: Sequence[PlaylistId], parent_id: PlaylistId | None, row: int
    ) -> Command | None:
        """Put playlists into a folder (``None``: the top), before its child in this row."""
        words = "1 playlist" if len(playlist_ids) == 1 else f"{len(playlist_ids):,} playlists"
        return self._edit(
            f"{words} moved",
            _LIST,
            lambda now: arrangement.arranged(now, playlist_ids, parent_id, row),
        )

    # The songs of a playlist

    def add(
        self, playlist_id: PlaylistId, track_ids: Iterable[TrackId], row: int | None = None
    ) -> Command | None:
        """Put songs before the entry in this row; ``None``: at the end. Blocks for many songs."""
        return self.add_entries(playlist_id, self.entries_of(track_ids), row)

    def add_entries(
        self, playlist_id: PlaylistId, added: PlaylistEntries, row: int | None = None
    ) -> Command | None:
        """Put entries before the one in this row; ``None``: at the end."""
        return self._edit_entries(
            playlist_id,
            f"{songs(len(added))} added to",
            lambda entries: values.inserted(entries, added, len(entries) if row is None else row),
        )

    def remove(
        self, playlist_id: PlaylistId, entry_ids: Collection[PlaylistEntryId]
    ) -> Command | None:
        """Take entries out."""
        ids = frozenset(entry_ids)
        return self._edit_entries(
            playlist_id,
            f"{songs(len(ids))} removed from",
            lambda entries: values.without(entries, ids),
        )

    def move(
        self, playlist_id: PlaylistId, entry_ids: Collection[PlaylistEntryId], row: int
    ) -> Command | None:
        """Put entries before the one that is now in this row."""
        ids = frozenset(entry_ids)
        return self._edit_entries(
            playlist_id,
            f"{songs(len(ids))} moved in",
            lambda entries: values.moved(entries, ids, row),
        )

    def entries_of(self, track_ids: Iterable[TrackId]) -> PlaylistEntries:
        """Return new entries for songs; those that are not there are left out. Blocks for many."""
        tracks = map(self._library.track, track_ids)
        return tuple(values.entry_of(track) for track in tracks if track is not None)

    # Files

    def read_file(self, path: Path) -> tuple[str, PlaylistEntries]:
        """Return the name and the entries of a playlist file. Blocks.

        Raises:
            UserError: It cannot be read; one sentence that names the file and the reason.
        """
        content = read_playlist(path)
        entries = entries_of_file(content, path.absolute().parent, self.finder())
        return content.name or arrangement.clean_name(path.stem) or NEW_NAME, entries

    def import_file(self, path: Path, parent_id: PlaylistId | None = None) -> Playlist:
        """Make a playlist of a playlist file. Blocks.

        Raises:
            UserError: It cannot be read; one sentence that names the file and the reason.
        """
        name, entries = self.read_file(path)
        return self.create(name, entries, parent_id)

    def export(self, playlist_id: PlaylistId, path: Path, *, relative: bool = True) -> int:
        """Write a playlist to a file; return how many songs are in it. Blocks.

        Args:
            playlist_id: The playlist.
            path: The file; its ending chooses the format.
            relative: Write paths below the file's folder relative to it.

        Raises:
            UserError: It cannot be written; one sentence that names the file and the reason.
            KeyError: There is no such playlist.
        """
        playlist = self.all()[playlist_id]
        entries = file_entries(playlist.entries, self.finder())
        write_playlist(path, playlist.name, entries, relative=relative)
        return len(entries)

    def settle(self, timeout_s: float = 30.0) -> bool:
        """Wait until what was done is stored, and what is stored is shown. Blocks."""
        return self._memory.settle(timeout_s)

    def close(self) -> None:
        """Store what is to be stored and end the thread. Blocks; idempotent."""
        self._memory.close()

    def _edit_entries(
        self,
        playlist_id: PlaylistId,
        words: str,
        change: Callable[[PlaylistEntries], PlaylistEntries],
    ) -> Command | None:
        playlist = self.get(playlist_id)
        if playlist is None or playlist.is_folder:
            return None

        def edited(now: Playlists) -> Playlists:
            entries = change(now[playlist_id].entries)
            return {**now, playlist_id: replace(now[playlist_id], entries=entries)}

        return self._edit(f"{words} {_named(playlist)}", f"playlist {playlist_id}", edited)

    def _edit(
        self, sentence: str, scope: str, change: Callable[[Playlists], Playlists]
    ) -> Command | None:
        before = self.all()
        edit = edit_between(before, change(before))
        if not edit.after:
            return None
        return self._undo.run(PlaylistChange(sentence, scope, edit, self._memory.apply))


def songs(number: int) -> str:
    """Return a number of songs in words."""
    return "1 song" if number == 1 else f"{number:,} songs"


def _named(playlist: Playlist) -> str:
    return f"“{isolated(playlist.name)}”"
