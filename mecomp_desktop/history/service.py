"""Plays and skips: counts in memory, each one in the store."""

import threading
from collections.abc import Mapping

from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.play_counts import NEVER_PLAYED, PlayCounts
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import HISTORY_REVISION, Plays
from mecomp_desktop.store.revisions import RevisionWatch
from mecomp_desktop.threads import WorkerThread

_LOOK_EVERY_S = 1.0


class HistoryService:
    """How often and when each recording was played. Thread-safe.

    What another process changes (an import from the command line) is seen within a second or
    two.

    Args:
        database: The library database.

    Attributes:
        changed: Something was played or skipped.
    """

    def __init__(self, database: Database) -> None:
        self.changed: Event[[]] = Event()
        self._plays = Plays(database)
        self._watch = RevisionWatch(database, HISTORY_REVISION)
        self._lock = threading.Lock()
        self._counts: Mapping[AudioId, PlayCounts] = {}
        self._recorded = 0
        self._worker = WorkerThread("history", _LOOK_EVERY_S, self._look)
        self._worker.post(self._look)

    def counts(self) -> Mapping[AudioId, PlayCounts]:
        """Return plays and skips of each recording that has any; never changed, only replaced."""
        return self._counts

    def of(self, audio_id: AudioId) -> PlayCounts:
        """Return plays and skips of a recording."""
        return self._counts.get(audio_id, NEVER_PLAYED)

    def log(self) -> list[tuple[AudioId, float, float]]:
        """Return each play, see `Plays.log`. Blocks: for a background thread."""
        return self._plays.log()

    def record(self, audio_id: AudioId, started_at_s: float, played_s: float) -> None:
        """Store a play; see `Plays.record`. Blocks: for a background thread."""
        self._plays.record(audio_id, started_at_s, played_s)
        self._count(audio_id)

    def record_skip(self, audio_id: AudioId, started_at_s: float, played_s: float) -> None:
        """Store a skip; see `Plays.record_skip`. Blocks: for a background thread."""
        self._plays.record_skip(audio_id, started_at_s, played_s)
        self._count(audio_id)

    def settle(self, timeout_s: float = 10.0) -> bool:
        """Wait until the history has been read; return whether it is. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """End the thread. Blocks; idempotent."""
        self._worker.close()

    def _count(self, audio_id: AudioId) -> None:
        # Asked of the store, and not one more than before: `_look` may have read it already.
        count = self._plays.history_of(audio_id)
        with self._lock:
            self._recorded += 1
            self._counts = {**self._counts, audio_id: count}
        self.changed.emit()

    def _look(self) -> None:
        """Read the counts anew if somebody changed them, on a thread of its own."""
        if not self._watch.has_changed():
            return
        with self._lock:
            recorded = self._recorded
        counts = self._plays.history()
        with self._lock:
            if self._recorded != recorded:  # played meanwhile: read again at the next look
                self._watch.forget()
                return
            is_same = counts == self._counts
            self._counts = counts
        if not is_same:
            self.changed.emit()
