"""The rules of playing: what follows what, and what happens when something cannot be played."""

from collections.abc import Callable

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.queue import PlayQueue, QueueEntry, StopAfter
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.playback.engine_tracks import EngineTracks
from mecomp_desktop.playback.history import Play, PlayLog
from mecomp_desktop.playback.notices import Notices
from mecomp_desktop.playback.passing_over import PassingOver, nothing_is_unwanted
from mecomp_desktop.playback.playable import PlayableEntries
from mecomp_desktop.playback.replay_gain import Gain, as_it_is
from mecomp_desktop.playback.track_finder import TrackFinder, Verdict, no_objection

_RESTART_AFTER_S = 3.0
"""Once a song has played so long, "previous" goes to its beginning first."""


class Transport:
    """Moves along the queue and keeps the engine loaded with what it says.

    Not thread-safe: its owner calls it under a lock. What the listener should be told is
    collected in ``notices``.

    Args:
        queue: What plays next.
        tracks: What the engine has.
        finder: Looks tracks up.
        log: Measures how long a song is heard.
        record: Takes each play that counts.
        verdict: Tells of a track why it must not be played, if so.
        passing_over: Tells what plays only when it is chosen.
        gain: Tells the linear factor by which the song of an entry is played.

    Attributes:
        state: What the player does, or is about to do.
        resume_s: Where a song that is not in the engine goes on, in seconds.
        ran_out: Whether the queue came to its end while it played. A radio that finds its songs
            late goes on then; a listener who stopped is left in peace.
        notices: What the listener should be told.
    """

    def __init__(
        self,
        queue: PlayQueue,
        tracks: EngineTracks,
        finder: TrackFinder,
        log: PlayLog,
        record: Callable[[Play], None],
        verdict: Verdict = no_objection,
        passing_over: PassingOver | None = None,
        gain: Gain = as_it_is,
    ) -> None:
        self.state = PlayerState.STOPPED
        self.resume_s = 0.0
        self.ran_out = False
        self.notices = Notices()
        self._queue = queue
        self._tracks = tracks
        self._finder = finder
        self._record = record
        self._playable = PlayableEntries(
            queue,
            finder,
            verdict,
            passing_over or PassingOver(queue, nothing_is_unwanted),
            self.notices,
        )
        self._gain = gain
        self._log = log

    def begin(self, position_s: float = 0.0, *, is_left: bool = False) -> None:
        """Play the current entry from ``position_s``, or the first after it that can be played.

        Args:
            position_s: Where in the song to begin, in seconds.
            is_left: Whether the listener goes on from the song that plays.
        """
        self.leave(is_left=is_left)
        entry = self._queue.current or self._queue.next()
        skipped: list[QueueEntry] = []
        # With repeat on, a queue in which nothing can be played has no end: each entry is tried
        # once.
        while entry is not None and len(skipped) < len(self._queue.entries):
            track = self._playable.track_of(entry)
            if track is not None:
                self._playable.report_skipped(skipped)
                # The place belongs to the song that was to play, not to the one that takes its
                # turn.
                self._load(entry, track, 0.0 if skipped else position_s)
                return
            skipped.append(entry)
            entry = self._queue.next()
        self._playable.report_skipped(skipped)
        self._end()

    def choose(self) -> None:
        """Play the current entry, which the listener has just chosen: failures are forgotten."""
        # A drive may be back by now. Whoever picks a song again wants to see what is wrong with it,
        # rather than that nothing happens.
        self._playable.forget_failures()
        self._queue.stop_after = StopAfter.NOTHING
        self.begin(is_left=True)

    def restore(self, position_s: float) -> None:
        """Be paused at a place in the current song, without the engine knowing of it yet."""
        self.ran_out = False
        self.state = PlayerState.PAUSED
        self.resume_s = position_s

    def leave(self, *, is_over: bool = False, is_left: bool = False) -> None:
        """Note the play of the song that is left, if enough of it was played; see `PlayLog.end`."""
        play = self._log.end(is_over=is_over, is_left=is_left)
        if play is not None:
            self._record(play)

    def resume(self) -> None:
        """Go on, or begin."""
        if self.state is PlayerState.PLAYING:
            return
        if self._tracks.loaded is None:
            self.begin(self.resume_s)
            return
        self.state = PlayerState.PLAYING
        self._log.resume()
        self._tracks.play()

    def pause(self) -> None:
        """Hold on."""
        if self.state is PlayerState.PLAYING:
            self.state = PlayerState.PAUSED
            self._log.pause()
            self._tracks.pause()

    def toggle(self) -> None:
        """Pause what plays; play what does not."""
        if self.state is PlayerState.PLAYING:
            self.pause()
        else:
            self.resume()

    def stop(self) -> None:
        """Stop; the current entry stays current, at its beginning."""
        self._queue.stop_after = StopAfter.NOTHING
        self.leave()
        self._tracks.unload()
        self.state = PlayerState.STOPPED
        self.resume_s = 0.0
        self.ran_out = False

    def seek(self, position_s: float) -> None:
        """Go to a place in the current song, in seconds."""
        if self._tracks.loaded is None:
            self.resume_s = max(0.0, position_s)
        else:
            self._tracks.seek(max(0.0, position_s))

    def skip(self) -> None:
        """Go to the next entry; at the end, stop."""
        if self._queue.stop_after is StopAfter.SONG:  # that song is left
            self._queue.stop_after = StopAfter.NOTHING
        if self._playable.step_on() is None:
            self.leave(is_left=True)
            self._end()
        else:
            self._play_if_active(is_left=True)

    def back(self, position_s: float) -> None:
        """Go to the entry before, or to the beginning of a song that is under way."""
        current = self._queue.current
        if position_s > _RESTART_AFTER_S or current is None or not self._playable.step_back():
            self.seek(0.0)
        else:
            self._play_if_active()

    def go_on_with(self, entry: QueueEntry) -> None:
        """Play an entry that came after the queue had run out; nothing happens otherwise."""
        # Only after it ran out by itself: a listener who has stopped does not want a radio's late
        # song to break the silence.
        if self.ran_out and self._queue.jump(entry.id) is not None:
            self.begin()

    def after_edit(self, before: QueueEntry | None, position_s: float = 0.0) -> None:
        """Follow a change of the queue.

        Args:
            before: The entry that was current before it.
            position_s: Where another entry that is current now begins, in seconds.
        """
        current = self._queue.current
        # The same entry, wherever it is now: what plays goes on through any edit, and only what
        # follows may be another one.
        if current == before:
            self.prepare()
            return
        self.leave()
        self._tracks.unload()
        self.ran_out = False
        self.resume_s = position_s
        if current is None:
            self.state = PlayerState.STOPPED
        elif self.state is PlayerState.PLAYING:
            self.begin(position_s)

    def carry_over(self, entry: QueueEntry) -> None:
        """Let what plays now go on as another entry of the queue."""
        self._tracks.rename(entry.id)
        self.prepare()
        self.resume()

    def prepare(self) -> None:
        """Hand the engine what follows, early enough for it to join without a gap."""
        if self._tracks.loaded is None:
            return
        following = self._playable.following()
        if following is None or self._playable.stops_before(following[1]):
            self._tracks.uncue()
        else:
            entry, track = following
            self._tracks.cue(entry.id, track, self._gain(entry, track))

    def follow_loudness(self) -> None:
        """Play what plays, and what follows it, as loud as the listener wants it now."""
        current = self._queue.current
        track = self._finder.track(current.track_id) if current is not None else None
        if current is not None and track is not None and self._tracks.loaded == current.id:
            self._tracks.set_gain(self._gain(current, track))
        self.prepare()

    def started(self, token: int) -> None:
        """Follow the engine to the next song, if it went on to one by itself."""
        entry_id = self._tracks.went_on(token)
        if entry_id is None:
            return
        self.leave(is_over=True)
        left_row = self._queue.position
        # The queue follows the engine here, not the other way round: the join has been heard, and
        # going back to what the queue says by now would cut a song that has begun.
        entry = self._queue.jump(entry_id)
        if entry is None:  # it was taken out of the queue at this very moment
            self._advance()
            return
        if left_row is not None and self._queue.position is not None:
            # What lies between was passed over when this one was cued; only now is it sure that it
            # was.
            self._playable.report_skipped(
                list(self._queue.entries[left_row + 1 : self._queue.position])
            )
        self._count_from_now(entry)
        self.prepare()

    def finished(self, token: int) -> None:
        """Go on after the last song that the engine had."""
        # A command may have replaced the song while this was on its way from the engine's thread.
        if token == self._tracks.token:
            self.leave(is_over=True)
            self._tracks.ended(token)
            self._advance()

    def failed(self, token: int, error: UnreadableFile) -> None:
        """Skip a song that cannot be played."""
        entry_id = self._tracks.entry_of(token)
        if entry_id is None:
            return
        # Before anything else is looked for: it must not be found again as what follows itself.
        self._playable.note_failure(entry_id, error)
        # What was to follow has failed while the current song plays on: another follows, and
        # nothing is heard of it.
        if token != self._tracks.token:
            self._tracks.drop_cued(token)
            self.prepare()
            return
        self.leave()
        self._tracks.ended(token)
        self._advance()

    def ended_early(self, token: int, why: str) -> None:
        """Tell the listener that the sound of a track ends before its end."""
        entry_id = self._tracks.entry_of(token)
        entry = self._queue.entry(entry_id) if entry_id is not None else None
        track = self._finder.track(entry.track_id) if entry is not None else None
        if track is not None:
            self.notices.ended_early(track.title, why)

    def _advance(self) -> None:
        """Go to what plays by itself now."""
        following = self._playable.following()
        if following is None:
            self._end()
            return
        entry, track = following
        stops = self._playable.stops_before(track)
        self._queue.jump(entry.id)
        if self.state is PlayerState.PLAYING and not stops:
            self._load(entry, track, 0.0)
            return
        self._tracks.unload()
        self.resume_s = 0.0
        if stops:
            # Once: whoever plays on tomorrow wants to hear more than one song.
            self._queue.stop_after = StopAfter.NOTHING
            self.state = PlayerState.STOPPED

    def _play_if_active(self, *, is_left: bool = False) -> None:
        if self.state is PlayerState.STOPPED:
            self.resume_s = 0.0
        else:
            self.begin(is_left=is_left)

    def _load(self, entry: QueueEntry, track: Track, position_s: float) -> None:
        self.state = PlayerState.PLAYING
        self.ran_out = False
        self.resume_s = position_s
        self._tracks.load(entry.id, track, position_s, self._gain(entry, track))
        self._count_from_now(entry)
        self.prepare()

    def _count_from_now(self, entry: QueueEntry) -> None:
        track = self._finder.track(entry.track_id)
        if track is not None:
            # The position begins anew, also where the same song follows itself: each turn is a
            # play.
            self._log.begin(track)
        if self.state is not PlayerState.PLAYING:
            self._log.pause()

    def _end(self) -> None:
        self._queue.stop_after = StopAfter.NOTHING
        self._tracks.unload()
        self._queue.rewind()
        # It stays true through a second end: a radio whose songs come in two parts goes on with
        # either.
        self.ran_out = self.ran_out or self.state is PlayerState.PLAYING
        self.state = PlayerState.STOPPED
        self.resume_s = 0.0
