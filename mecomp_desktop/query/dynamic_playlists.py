"""Dynamic playlists: kept in the store, their songs found in the background as things change."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping

from mecomp_desktop.domain.dynamic_playlist import DynamicPlaylist
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import DynamicPlaylistId
from mecomp_desktop.domain.undo import Command, UndoStack
from mecomp_desktop.errors import UserError
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.query.columns import Facts
from mecomp_desktop.query.dynamic_playlist_change import DynamicPlaylistChange
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.found_songs import FoundSongs, KeptSearch, is_same
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.service import QueryService
from mecomp_desktop.query.tree import Query
from mecomp_desktop.query.writer import sort_text, term_text
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.dynamic_playlists import (
    DYNAMIC_PLAYLISTS_REVISION,
    DynamicPlaylistStore,
)
from mecomp_desktop.store.revisions import RevisionWatch
from mecomp_desktop.text import clean, sort_key
from mecomp_desktop.threads import WorkerThread

_LOOK_EVERY_S = 1.0
_CLOCK_EVERY_S = 60.0
# While a scan goes on, the catalog is another one many times a second.
_REST_S = 0.3
_ID_BITS = 52


class DynamicPlaylists:
    """The dynamic playlists. Thread-safe.

    Every method returns at once: changes are there at once and stored in the background, songs
    follow within a second. What another process changes is seen within a second or two.

    Args:
        database: The library database.
        library: Where the songs are.
        queries: Finds them.
        facts: Returns what is known of recordings; another object when that has changed.
        undo: Where changes are kept, to be undone.

    Attributes:
        changed: There are other dynamic playlists, or other songs in one of them.
    """

    def __init__(
        self,
        database: Database,
        library: LibraryService,
        queries: QueryService,
        facts: Callable[[], Facts],
        undo: UndoStack,
    ) -> None:
        self.changed: Event[[]] = Event()
        self._store = DynamicPlaylistStore(database)
        self._watch = RevisionWatch(database, DYNAMIC_PLAYLISTS_REVISION)
        self._library = library
        self._queries = queries
        self._facts = facts
        self._undo = undo
        self._lock = threading.Lock()
        self._playlists: dict[DynamicPlaylistId, DynamicPlaylist] = {}
        self._found: dict[DynamicPlaylistId, FoundSongs] = {}
        self._unwritten = 0
        self._is_waiting = threading.Event()
        self._kept: dict[DynamicPlaylistId, KeptSearch] = {}
        self._vectors = 0
        self._worker = WorkerThread("dynamic playlists", _LOOK_EVERY_S, self._look)
        self._worker.post(self._look)

    # What there is

    def all(self) -> list[DynamicPlaylist]:
        """Return every one, by name."""
        return sorted(self._playlists.values(), key=lambda found: (sort_key(found.name), found.id))

    def get(self, playlist_id: DynamicPlaylistId) -> DynamicPlaylist | None:
        """Return one; ``None`` where it is not there any more."""
        return self._playlists.get(playlist_id)

    def songs(self, playlist_id: DynamicPlaylistId) -> FoundSongs | None:
        """Return the songs of one, as found last; ``None`` where they are still looked for."""
        return self._found.get(playlist_id)

    # Changing it

    def create(self, name: str, text: str) -> DynamicPlaylist:
        """Make one, as a step that can be undone.

        Raises:
            QueryError: The query cannot be understood.
            UserError: The name is empty.
        """
        playlist = playlist_of(DynamicPlaylistId(secrets.randbits(_ID_BITS)), name, parse(text))
        self._change(f"Dynamic playlist “{playlist.name}” created", None, playlist)
        return playlist

    def edit(self, playlist_id: DynamicPlaylistId, name: str, text: str) -> Command | None:
        """Give one another name or query; return the step, ``None`` where nothing changes.

        Raises:
            QueryError: The query cannot be understood.
            UserError: The name is empty.
        """
        before = self._playlists.get(playlist_id)
        after = playlist_of(playlist_id, name, parse(text))
        if before is None or before == after:
            return None
        if before.text == after.text:
            sentence = f"“{before.name}” renamed to “{after.name}”"
        else:
            sentence = f"Dynamic playlist “{after.name}” changed"
        return self._change(sentence, before, after)

    def rename(self, playlist_id: DynamicPlaylistId, name: str) -> Command | None:
        """Give one another name; return the step, ``None`` where nothing changes.

        Raises:
            UserError: The name is empty.
        """
        before = self._playlists.get(playlist_id)
        return None if before is None else self.edit(playlist_id, name, before.text)

    def remove(self, playlist_id: DynamicPlaylistId) -> Command | None:
        """Delete one; return the step, ``None`` where it is not there."""
        before = self._playlists.get(playlist_id)
        if before is None:
            return None
        return self._change(f"Dynamic playlist “{before.name}” deleted", before, None)

    def follow(self) -> None:
        """Look for the songs anew, since something has changed; soon, and once for many calls."""
        if not self._is_waiting.is_set():
            self._is_waiting.set()
            self._worker.post(self._search)

    def follow_vectors(self) -> None:
        """Look for the songs anew, since more of them can be compared by their sound."""
        self._vectors += 1
        self.follow()

    def settle(self, timeout_s: float = 10.0) -> bool:
        """Wait until what was changed is stored and found; return whether it is. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """Store what is to be stored and end the thread. Blocks; idempotent."""
        self._worker.close()

    def _change(
        self, sentence: str, before: DynamicPlaylist | None, after: DynamicPlaylist | None
    ) -> Command:
        playlist = after or before
        assert playlist is not None
        return self._undo.run(
            DynamicPlaylistChange(playlist.id, sentence, before, after, self._put)
        )

    def _put(self, playlist_id: DynamicPlaylistId, playlist: DynamicPlaylist | None) -> None:
        with self._lock:
            playlists = dict(self._playlists)
            if playlist is None:
                playlists.pop(playlist_id, None)
            else:
                playlists[playlist_id] = playlist
            self._playlists = playlists
            self._unwritten += 1
        self._worker.post(lambda: self._write(playlist_id, playlist))
        self.follow()
        self.changed.emit()

    # On its own thread

    def _write(self, playlist_id: DynamicPlaylistId, playlist: DynamicPlaylist | None) -> None:
        try:
            if playlist is None:
                self._store.remove(playlist_id)
            else:
                self._store.put(playlist)
        finally:
            with self._lock:
                self._unwritten -= 1

    def _look(self) -> None:
        """Read them anew if somebody changed them; look for songs anew if it is time to."""
        if self._watch.has_changed():
            stored = {playlist.id: playlist for playlist in self._store.all()}
            with self._lock:
                if self._unwritten:  # changed here meanwhile: read again at the next look
                    self._watch.forget()
                    return
                is_same = stored == self._playlists
                self._playlists = stored
            if not is_same:
                self.changed.emit()
        self._search()

    def _search(self) -> None:
        self._is_waiting.clear()
        if not self._library.has_loaded or self._worker.closed:
            return
        catalog, facts, playlists = self._library.catalog(), self._facts(), self._playlists
        # "30 days ago" moves on by itself; nobody sees that it is a minute late.
        minute = int(time.monotonic() / _CLOCK_EVERY_S)
        is_new = False
        for playlist in playlists.values():
            kept = self._kept.get(playlist.id)
            if kept is None or kept.playlist is not playlist:
                kept = self._kept[playlist.id] = KeptSearch(playlist)
            state = kept.state(catalog, facts, minute, self._vectors)
            if kept.found is not None and is_same(state, kept.searched_in):
                continue
            kept.found, kept.searched_in = self._songs_of(kept), state
            is_new = True
            # Each is shown as soon as it is found: after a scan of a large library, all of them
            # together take seconds.
            self._publish(playlists)
            if self._worker.closed:
                return
        self._publish(playlists)
        self._kept = {key: kept for key, kept in self._kept.items() if key in playlists}
        if is_new:
            self._worker.wait(_REST_S)

    def _publish(self, playlists: Mapping[DynamicPlaylistId, DynamicPlaylist]) -> None:
        found = {
            key: kept.found
            for key, kept in self._kept.items()
            if key in playlists and kept.found is not None
        }
        if found != self._found:
            self._found = found
            self.changed.emit()

    def _songs_of(self, kept: KeptSearch) -> FoundSongs:
        try:
            if kept.query is None:
                kept.query = parse(kept.playlist.text)
            return FoundSongs(tuple(self._queries.find(kept.query)))
        except QueryError as error:
            return FoundSongs(error=str(error))


def playlist_of(playlist_id: DynamicPlaylistId, name: str, query: Query) -> DynamicPlaylist:
    """Return a dynamic playlist of a query.

    Raises:
        UserError: The name is empty.
    """
    cleaned = clean(name)
    if not cleaned:
        raise UserError("a dynamic playlist needs a name")
    return DynamicPlaylist(
        playlist_id,
        cleaned,
        "" if query.term is None else term_text(query.term),
        sort_text(query.sorts).removeprefix("sort by "),
        query.limit,
    )
