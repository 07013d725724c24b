"""All playlists in memory, ahead of the store by what is still to be written."""

import threading
from collections import deque
from collections.abc import Callable
from functools import reduce

from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.playlist import Playlists
from mecomp_desktop.domain.playlist_edit import PlaylistEdit
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.playlists import PLAYLISTS_REVISION, PlaylistStore, StoredPlaylists
from mecomp_desktop.store.revisions import RevisionWatch
from mecomp_desktop.threads import WorkerThread

_LOOK_EVERY_S = 1.0


class PlaylistMemory:
    """Shows an edit at once and stores it in the background. Thread-safe.

    What is shown is what is stored, with the edits that wait applied to it. When another process
    has changed something meanwhile, the same edits are applied to what it left.

    Args:
        database: The library database.

    Attributes:
        changed: The playlists are others than before.
    """

    def __init__(self, database: Database) -> None:
        self.changed: Event[[]] = Event()
        self._store = PlaylistStore(database)
        self._watch = RevisionWatch(database, PLAYLISTS_REVISION)
        self._lock = threading.Lock()
        self._stored = StoredPlaylists()
        self._waiting: deque[PlaylistEdit] = deque()
        self._shown: Playlists = {}
        self._read_once = threading.Event()
        self._worker = WorkerThread("playlists", _LOOK_EVERY_S, self._look)
        self._worker.post(self._look)

    @property
    def playlists(self) -> Playlists:
        """All playlists as they are now; empty until they have been read."""
        return self._shown

    @property
    def has_read(self) -> bool:
        """Whether the playlists have been read."""
        return self._read_once.is_set()

    def apply(self, edit: PlaylistEdit) -> None:
        """Make an edit. Returns at once."""
        with self._lock:
            self._waiting.append(edit)
            self._shown = edit.apply(self._shown)
        self._worker.post(self._write)
        self.changed.emit()

    def post(self, job: Callable[[], object]) -> None:
        """Have something done in the background, after the edits so far are stored."""
        self._worker.post(job)

    def settle(self, timeout_s: float = 30.0) -> bool:
        """Wait until what was done is stored, and what is stored is shown. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """Store what is to be stored and end the thread. Blocks; idempotent."""
        self._worker.close()

    # On a thread of its own

    def _write(self) -> None:
        edit = self._waiting[0]
        try:
            stored = self._store.change(self._stored, edit.apply)
        except BaseException:
            # What is shown must be what is stored; that it failed is told by the thread.
            self._show(self._store.all(), done=True)
            raise
        self._show(stored, done=True)

    def _look(self) -> None:
        """Read the playlists anew if somebody else has changed them."""
        if self._watch.has_changed() and self._store.revision() != self._stored.revision:
            self._show(self._store.all(), done=False)
        self._read_once.set()

    def _show(self, stored: StoredPlaylists, *, done: bool) -> None:
        with self._lock:
            if done:
                self._waiting.popleft()
            self._stored = stored
            shown: Playlists = reduce(
                lambda playlists, edit: edit.apply(playlists), self._waiting, stored.playlists
            )
            is_same, self._shown = shown == self._shown, shown
        if not is_same:
            self.changed.emit()
