"""The player itself: a queue, an engine, and what keeps the two together."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator

from mecomp_desktop.audio.engine import Engine
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.queue import PlayQueue
from mecomp_desktop.errors import MecompError, UnreadableFile
from mecomp_desktop.playback.deck import Deck
from mecomp_desktop.playback.history import Play, PlayLog
from mecomp_desktop.playback.saved_state import PlayerMemory
from mecomp_desktop.playback.snapshots import PlayerStatus, QueueSnapshot
from mecomp_desktop.playback.track_finder import TrackFinder
from mecomp_desktop.playback.transport import Transport
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.threads import WorkerThread

_log = logging.getLogger(__name__)
_SAVE_EVERY_S = 5.0


class Player:
    """Owns the queue and the engine.

    The lock guards the queue. It is never held while the engine is called (a thread of its own
    does that, in order) or while events are told, so nobody waits for anybody in a circle.

    Args:
        engine: What plays; closed together with this.
        finder: Looks tracks up.
        plays: Where what was heard is noted.
        memory: Where the queue is kept across a restart.
        log: Measures how long a song is heard; by the system's clock by default.

    Attributes:
        queue_changed: The queue, its order, its mode or the current entry has changed.
        notice: One plain sentence that the listener should see.
    """

    def __init__(
        self,
        engine: Engine,
        finder: TrackFinder,
        plays: Plays,
        memory: PlayerMemory,
        log: PlayLog | None = None,
    ) -> None:
        self.queue_changed: Event[[]] = Event()
        self.notice: Event[[str]] = Event()
        self._engine = engine
        self._finder = finder
        self._plays = plays
        self._memory = memory
        self._lock = threading.RLock()
        self._queue = PlayQueue()
        self._saved: QueueSnapshot | None = None
        self._volume, self._muted = memory.volume()
        self._worker = WorkerThread("player commands", _SAVE_EVERY_S, self.save_state)
        self._deck = Deck(engine, self._worker, self._failed)
        self._transport = Transport(self._queue, self._deck, finder, log or PlayLog(), self._record)
        self._disconnects = (
            engine.track_started.connect(self._started),
            engine.track_finished.connect(self._finished),
            engine.track_failed.connect(self._failed),
            engine.device_lost.connect(self._device_lost),
        )
        self._send_volume()

    # What there is

    def queue_snapshot(self) -> QueueSnapshot:
        """Return the queue as it is now."""
        with self._lock:
            queue, current = self._queue, self._queue.current
            return QueueSnapshot(
                entries=queue.entries,
                current_id=current.id if current else None,
                repeat=queue.repeat,
                shuffle=queue.shuffle,
                radio_seeds=queue.radio_seeds,
                can_undo=queue.can_undo,
                can_redo=queue.can_redo,
            )

    def status(self) -> PlayerStatus:
        """Return what the player does now."""
        engine = self._engine.status()
        with self._lock:
            current = self._queue.current
            track = self._finder.track(current.track_id) if current else None
            duration_s = track.duration_s if track else 0.0
            position_s = self._transport.resume_s if current else 0.0
            if engine.token is not None and engine.token == self._deck.token:
                position_s, duration_s = engine.position_s, engine.duration_s or duration_s
            return PlayerStatus(
                self._transport.state,
                current.id if current else None,
                current.track_id if current else None,
                position_s,
                duration_s,
                self._volume,
                self._muted,
                engine.device_error,
            )

    # Across a restart

    def save_state(self) -> None:
        """Write down the queue, the place in it and the volume, as far as they have changed."""
        status, snapshot = self.status(), self.queue_snapshot()
        if snapshot != self._saved:
            with self._lock:
                state = self._queue.to_state()
            self._memory.keep_queue(state)
            self._saved = snapshot
        self._memory.keep_position(status.track_id, status.position_s)
        self._memory.keep_volume(self._volume, self._muted)

    def restore_state(self) -> None:
        """Bring the saved queue back, paused where it was, unless there is a queue already.

        Reads the store and needs the library's tracks: for a background thread, once they are
        loaded.
        """
        state = self._memory.queue()
        known = self._finder.track_ids()
        with self._changing():
            if state is None or self._queue.entries:
                return
            with contextlib.suppress(ValueError):  # another version's: nothing to bring back
                self._queue.from_state(state, known)
            current = self._queue.current
            if current is not None:
                position_s = self._memory.position_s(current.track_id)
                self._transport.restore(position_s)

    def close(self) -> None:
        """Save, fall silent and end every thread. May be called twice."""
        if self._worker.closed:
            return
        with self._lock:
            self._transport.leave()
        try:
            self.save_state()
        except MecompError as error:  # a full disk must not keep the program from ending
            _log.warning("the queue is not saved: %s", error)
        for disconnect in self._disconnects:
            disconnect()
        self._worker.close()
        self._engine.close()

    # For those who command it

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the lock; afterwards, without it, tell what has changed."""
        with self._lock:
            before = self.queue_snapshot()
            yield
            changed = self.queue_snapshot() != before
            notices, self._transport.notices = self._transport.notices, []
        if changed:
            self.queue_changed.emit()
        for notice in notices:
            self.notice.emit(notice)

    def _edit(self, edit: Callable[[], object]) -> None:
        """Change the queue and let the engine follow."""
        with self._changing():
            before = self._queue.current
            edit()
            self._transport.after_edit(before)

    def _do(self, action: Callable[[], object]) -> None:
        """Steer the player."""
        with self._changing():
            action()

    def _send_volume(self) -> None:
        level, muted = self._volume, self._muted
        self._worker.post(lambda: self._engine.set_volume(level))
        self._worker.post(lambda: self._engine.set_muted(muted))

    # What the engine tells, on a thread of its own

    def _started(self, token: int) -> None:
        self._do(lambda: self._transport.started(token))

    def _finished(self, token: int) -> None:
        self._do(lambda: self._transport.finished(token))

    def _failed(self, token: int, error: UnreadableFile) -> None:
        self._do(lambda: self._transport.failed(token, error))

    def _device_lost(self, name: str) -> None:
        self.notice.emit(f"The sound device {name} is gone; the music goes on without sound.")

    def _record(self, play: Play) -> None:
        self._worker.post(lambda: self._plays.record(*play))
