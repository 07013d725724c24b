"""The player: a queue, an engine, and what keeps the two together."""

import contextlib
import logging
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Concatenate, ParamSpec

from mecomp_desktop.audio.engine import Engine, OutputDevice, PlayerState
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import EntryId, TrackId
from mecomp_desktop.domain.queue import PlayQueue, Repeat, StopAfter, state_of
from mecomp_desktop.domain.queue_order import Entries
from mecomp_desktop.domain.undo import Command, UndoStack
from mecomp_desktop.errors import MecompError
from mecomp_desktop.playback.engine_tracks import EngineTracks
from mecomp_desktop.playback.history import Play, PlayLog, PlayRecorder
from mecomp_desktop.playback.passing_over import IsUnwanted, PassingOver, nothing_is_unwanted
from mecomp_desktop.playback.queue_changes import QueueChanges
from mecomp_desktop.playback.queue_edit import songs
from mecomp_desktop.playback.radio_queue import RadioQueue
from mecomp_desktop.playback.replay_gain import ReplayGain
from mecomp_desktop.playback.saved_state import PlayerMemory
from mecomp_desktop.playback.snapshots import PlayerStatus, QueueSnapshot, best_duration_s
from mecomp_desktop.playback.track_finder import TrackFinder, Verdict, no_objection
from mecomp_desktop.playback.transport import Transport
from mecomp_desktop.playback.volume import Volume
from mecomp_desktop.settings import LoudnessSettings
from mecomp_desktop.threads import WorkerThread

__all__ = ["PlaybackService", "PlayerStatus", "QueueSnapshot"]

_log = logging.getLogger(__name__)
_SAVE_EVERY_S = 5.0
P = ParamSpec("P")


class PlaybackService:
    """Owns the queue and the engine. Thread-safe.

    Every method returns at once, unless it says otherwise. The lock guards the queue. The engine
    is called under it, since it only queues its commands; events are told without it, so nobody
    waits for anybody in a circle.

    Args:
        engine: What plays; closed together with this.
        finder: Looks tracks up.
        plays: Where plays and skips are kept.
        memory: Where the queue is kept across a restart.
        log: Measures how long a track is played; by the system's clock by default.
        verdict: Tells of a track why it must not be played, if so; quick.
        undo: Where edits of the queue are kept, to be undone; one of its own by default.
        is_unwanted: Tells of a track whether it plays only when the listener chooses it.
        loudness: Tells how songs are brought to the same loudness; asked under a lock: quick.

    Attributes:
        queue_changed: The queue, its order, its mode or the current entry has changed.
        notice: One plain sentence that the listener should see.
        measured: A track was decoded to its end: its real length in seconds, and whether that is
            clearly less than its header promises.
    """

    def __init__(
        self,
        engine: Engine,
        finder: TrackFinder,
        plays: PlayRecorder,
        memory: PlayerMemory,
        log: PlayLog | None = None,
        verdict: Verdict = no_objection,
        undo: UndoStack | None = None,
        is_unwanted: IsUnwanted = nothing_is_unwanted,
        loudness: Callable[[], LoudnessSettings] = LoudnessSettings,
    ) -> None:
        self._undo = undo or UndoStack()
        self.measured: Event[[TrackId, float, bool]] = Event()
        self._engine = engine
        self._finder = finder
        self._plays = plays
        self._memory = memory
        self._lock = threading.RLock()
        self._queue = PlayQueue()
        self._saved: QueueSnapshot | None = None
        self._volume = Volume(engine, *memory.volume())
        # The store may wait for its lock; neither the engine's thread nor the window does.
        self._writer = WorkerThread("player state", _SAVE_EVERY_S, self.save_state)
        self._tracks = EngineTracks(engine)
        self._passing_over = PassingOver(self._queue, is_unwanted)
        self._transport = Transport(
            self._queue,
            self._tracks,
            finder,
            log or PlayLog(),
            self._record,
            verdict,
            self._passing_over,
            ReplayGain(self._queue, finder, loudness),
        )
        self._radio = RadioQueue(self._queue, self._tracks, self._transport)
        self._changes = QueueChanges(
            self._lock,
            self._queue,
            self._transport,
            lambda: self.status().position_s,
            self._undo,
        )
        self.queue_changed, self.notice = self._changes.queue_changed, self._changes.notice
        self._disconnects = (
            engine.track_started.connect(self._changes.steering(self._transport.started)),
            engine.track_finished.connect(self._changes.steering(self._transport.finished)),
            engine.track_failed.connect(self._changes.steering(self._transport.failed)),
            engine.track_ended_early.connect(self._changes.steering(self._transport.ended_early)),
            engine.track_measured.connect(self._measured),
            engine.device_lost.connect(self._device_lost),
        )

    def queue_snapshot(self) -> QueueSnapshot:
        """Return the queue as it is now."""
        with self._lock:
            return QueueSnapshot.of(self._queue)

    def status(self) -> PlayerStatus:
        """Return what the player does now."""
        engine = self._engine.status()
        with self._lock:
            current = self._queue.current
            track = self._finder.track(current.track_id) if current else None
            duration_s = track.duration_s if track else 0.0
            position_s = self._transport.resume_s if current else 0.0
            if engine.token is not None and engine.token == self._tracks.token:
                position_s = engine.position_s
                duration_s = best_duration_s(engine, duration_s)
            return PlayerStatus(
                self._transport.state,
                current.id if current else None,
                current.track_id if current else None,
                position_s,
                duration_s,
                self._volume.level,
                self._volume.muted,
                engine.device_error,
            )

    def play_tracks(
        self, track_ids: Sequence[TrackId], start: int = 0, chosen: Iterable[TrackId] | None = None
    ) -> None:
        """Replace the queue by these tracks and play the one at ``start``.

        Args:
            track_ids: The tracks.
            start: The row of the one that plays first.
            chosen: Those that the listener has chosen one by one, which a shuffle plays even if
                they were put away; by default the first to play.
        """
        with self._changes.changing("The queue was replaced"):
            self._passing_over.choose_only(
                track_ids[start : start + 1] if chosen is None else chosen
            )
            self._queue.replace(track_ids, start)
            self._transport.choose()

    def enqueue(self, track_ids: Iterable[TrackId]) -> None:
        """Add tracks at the end."""
        self._add(self._queue.append_entries, track_ids)

    def play_next(self, track_ids: Iterable[TrackId]) -> None:
        """Add tracks right after the one that plays."""
        self._add(self._queue.insert_entries_next, track_ids)

    def insert(self, track_ids: Iterable[TrackId], to_row: int) -> None:
        """Add tracks before the entry that is now in row ``to_row``."""
        self._add(self._queue.insert_entries, track_ids, to_row)

    def move(self, entry_ids: Collection[EntryId], to_row: int) -> None:
        """Put entries before the one that is now in row ``to_row``."""
        self._changes.edit("Songs moved in the queue", self._queue.move, entry_ids, to_row)

    def remove(self, entry_ids: Collection[EntryId]) -> Command | None:
        """Take entries out; if what plays is among them, the next plays."""
        sentence = f"{songs(len(entry_ids))} removed from the queue"
        return self._changes.edit(sentence, self._queue.remove, entry_ids)

    def clear(self) -> Command | None:
        """Empty the queue but for the track that plays or is paused, which goes on."""
        stopped = self._transport.state is PlayerState.STOPPED
        edit = self._queue.clear if stopped else self._queue.keep_current
        return self._changes.edit("The queue was cleared", edit)

    def undo(self) -> None:
        """Take the last step back, see `UndoStack`."""
        self._undo.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self._undo.redo()

    def start_radio(self, seeds: Sequence[TrackId], first: TrackId | None = None) -> None:
        """Replace the queue by a radio's first song; the others come with ``extend_radio``.

        If a seed is what plays now, it goes on playing.

        Args:
            seeds: What the radio starts from, one at least.
            first: What plays first; the first seed by default.
        """
        with self._changes.changing("A radio was started"):
            self._radio.start(seeds, seeds[0] if first is None else first)

    def extend_radio(
        self,
        seeds: Sequence[TrackId],
        track_ids: Sequence[TrackId],
        closeness: Sequence[float | None],
        instead_of: Collection[EntryId] = (),
        *,
        requested: bool = False,
    ) -> bool:
        """Add tracks of a radio, some of them in place of others; return whether it still runs.

        Args:
            seeds: What the radio started from.
            track_ids: Its tracks.
            closeness: How close each of them is.
            instead_of: Entries that make way for them.
            requested: Whether the listener asked for it: then it is a step that can be undone.
        """
        sentence = "The radio's songs were chosen anew" if requested else ""
        with self._changes.changing(sentence):
            return self._radio.extend(seeds, track_ids, closeness, instead_of)

    def stop_radio(self) -> None:
        """Let no radio fill the queue any more; its tracks stay."""
        self._changes.steering(self._queue.stop_radio)()

    def toggle(self) -> None:
        """Play or pause."""
        self._changes.steering(self._transport.toggle)()

    def play(self) -> None:
        """Play, or go on."""
        self._changes.steering(self._transport.resume)()

    def pause(self) -> None:
        """Hold on."""
        self._changes.steering(self._transport.pause)()

    def stop(self) -> None:
        """Stop; the current track starts over when played again."""
        self._changes.steering(self._transport.stop)()

    def next(self) -> None:
        """Play the next track; at the end of the queue, stop."""
        self._changes.steering(self._transport.skip)()

    def previous(self) -> None:
        """Play the track before, or this one from its beginning once it is under way."""
        position_s = self.status().position_s
        self._changes.steering(self._transport.back)(position_s)

    def seek(self, position_s: float) -> None:
        """Go to a place in the track, in seconds; a stopped one will begin there."""
        self._changes.steering(self._transport.seek)(position_s)

    def jump(self, entry_id: EntryId) -> None:
        """Play an entry of the queue."""
        with self._changes.changing():
            if self._queue.jump(entry_id) is not None:
                self._transport.choose()

    def set_repeat(self, repeat: Repeat) -> None:
        """Choose what follows the end of a track or of the queue."""
        with self._changes.changing():
            self._queue.repeat = repeat
            self._transport.prepare()

    def set_stop_after(self, stop_after: StopAfter) -> None:
        """Choose whether the music ends with the song or the album that plays."""
        with self._changes.changing():
            self._queue.stop_after = stop_after
            self._transport.prepare()

    def set_shuffle(self, shuffle: bool) -> None:
        """Shuffle what is still to come, or go back to the listener's order."""
        self._changes.edit("", self._queue.set_shuffle, shuffle)

    def set_volume(self, volume: float) -> None:
        """Set the volume, 0…1; values outside are brought in."""
        self._volume.set_level(volume)

    def set_muted(self, muted: bool) -> None:
        """Make it silent, or heard again."""
        self._volume.set_muted(muted)

    def follow_loudness(self) -> None:
        """Play as loud as ``loudness`` tells now; it has changed."""
        self._changes.steering(self._transport.follow_loudness)()

    def devices(self) -> Sequence[OutputDevice]:
        """Return the sound cards. May take a moment: for a worker thread."""
        return self._engine.devices()

    def set_device(self, device_id: str | None) -> None:
        """Play through another sound card; ``None`` for the system's own choice."""
        self._engine.set_device(device_id)

    def save_state(self) -> None:
        """Write down the queue, the place in it and the volume, as far as they have changed."""
        with self._lock:
            status, snapshot = self.status(), QueueSnapshot.of(self._queue)
            order = self._queue.order
        # Without the lock: the store may have to wait, and the window must not wait for a queue
        # of many thousand songs to be taken apart.
        state = None
        if snapshot != self._saved:
            state = state_of(order, snapshot.repeat, snapshot.shuffle)
        self._memory.save(status, state)
        self._saved = snapshot

    def restore_state(self) -> None:
        """Bring the saved queue back, paused where it was, unless there is a queue already.

        Reads the store and needs the library's tracks: for a background thread, once they are
        loaded.
        """
        state = self._memory.queue()
        if state is None:
            return
        restored = PlayQueue()
        with contextlib.suppress(ValueError):  # another version's: nothing to bring back
            restored.from_state(state, self._finder.track_ids())
        with self._changes.changing():
            if self._queue.entries:
                return
            self._queue.take_over(restored)
            if (current := self._queue.current) is not None:
                self._transport.restore(self._memory.position_s(current.track_id))

    def close(self) -> None:
        """Save, fall silent and end every thread. Idempotent."""
        if self._writer.closed:
            return
        with self._lock:
            self._transport.leave()
        try:
            self.save_state()
        except MecompError as error:  # a full disk must not keep the program from ending
            _log.warning("the queue is not saved: %s", error)
        for disconnect in self._disconnects:
            disconnect()
        self._writer.close()
        self._engine.close()

    def follow_ratings(self) -> None:
        """Hand the engine what follows, as the listener has put something away or taken it back."""
        self._changes.steering(self._transport.prepare)()

    def _add(
        self,
        add: Callable[Concatenate[Entries, P], object],
        track_ids: Iterable[TrackId],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        added = tuple(track_ids)
        with self._lock:
            self._passing_over.choose(added)
        # Made before the lock is taken: nobody waits for the entries of 20,000 songs.
        entries = self._queue.make_entries(added)
        self._changes.edit("Songs added to the queue", add, entries, *args, **kwargs)

    def _measured(self, token: int, duration_s: float, ends_early: bool) -> None:
        with self._lock:
            entry_id = self._tracks.entry_of(token)
            entry = self._queue.entry(entry_id) if entry_id is not None else None
        if entry is not None:
            self.measured.emit(entry.track_id, duration_s, ends_early)

    def _device_lost(self, name: str) -> None:
        self.notice.emit(f"The sound device {name} is gone; the music goes on without sound.")

    def _record(self, play: Play) -> None:
        record = self._plays.record_skip if play.is_skip else self._plays.record
        self._writer.post(lambda: record(play.audio_id, play.started_at_s, play.played_s))
