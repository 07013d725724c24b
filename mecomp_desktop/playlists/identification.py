"""Gives entries of unknown songs their identity once the songs have come into the library."""

import threading
from dataclasses import replace

from mecomp_desktop.domain.playlist_edit import edit_between
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.playlists.file_entries import identified
from mecomp_desktop.playlists.playlist_memory import PlaylistMemory
from mecomp_desktop.playlists.song_finder import SongFinder


class Identification:
    """Follows the library and the playlists. Thread-safe.

    Args:
        library: Where the songs are.
        memory: Where the playlists are.
    """

    def __init__(self, library: LibraryService, memory: PlaylistMemory) -> None:
        self._library = library
        self._memory = memory
        self._lock = threading.Lock()
        self._finder = SongFinder(library.catalog())
        self._is_due = threading.Event()
        library.changed.connect(self._post)
        memory.changed.connect(self._post)

    def finder(self) -> SongFinder:
        """Return what finds songs in the library as it is now. What it does blocks."""
        catalog = self._library.catalog()
        with self._lock:
            if self._finder.catalog is not catalog:
                self._finder = SongFinder(catalog)
            return self._finder

    def _post(self) -> None:
        if not self._is_due.is_set():
            self._is_due.set()
            self._memory.post(self._identify)

    def _identify(self) -> None:
        # No step that could be undone: the listener did nothing. An entry that has its identity
        # is found from now on wherever its file goes.
        self._is_due.clear()
        before, finder = self._memory.playlists, self.finder()
        if not len(finder.catalog):
            return
        after = {
            playlist.id: replace(playlist, entries=identified(playlist.entries, finder))
            for playlist in before.values()
        }
        edit = edit_between(before, after)
        if edit.after:
            self._memory.apply(edit)
