"""Which entries of the queue can be played, and which of those play by themselves."""

from mecomp_desktop.domain.ids import EntryId, TrackId
from mecomp_desktop.domain.queue import PlayQueue, QueueEntry, StopAfter
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.playback.notices import Notices
from mecomp_desktop.playback.passing_over import PassingOver
from mecomp_desktop.playback.track_finder import TrackFinder, Verdict


class PlayableEntries:
    """Knows what failed, what is away and what the listener has put away.

    Not thread-safe: its owner calls it under a lock.

    Args:
        queue: The entries.
        finder: Looks tracks up.
        verdict: Tells of a track why it must not be played, if so.
        passing_over: Tells what plays only when it is chosen.
        notices: Where the listener is told of what is not played.
    """

    def __init__(
        self,
        queue: PlayQueue,
        finder: TrackFinder,
        verdict: Verdict,
        passing_over: PassingOver,
        notices: Notices,
    ) -> None:
        self._queue = queue
        self._finder = finder
        self._verdict = verdict
        self._passing_over = passing_over
        self._notices = notices
        self._failed: set[TrackId] = set()

    def track_of(self, entry: QueueEntry) -> Track | None:
        """Return the track of an entry that can be played."""
        track = self._finder.track(entry.track_id)
        if track is None or not track.available or track.id in self._failed:
            return None
        objection = self._verdict(track)
        if objection is not None:
            self._refuse(track.id, track.title, objection)
            return None
        return track

    def by_itself(self, entry: QueueEntry) -> Track | None:
        """Return the track of an entry that can be played and needs no choosing."""
        return None if self.is_passed_over(entry) else self.track_of(entry)

    def following(self) -> tuple[QueueEntry, Track] | None:
        """Return what plays by itself after the current entry; ``None`` at the end."""
        for entry in self._queue.following():
            track = self.by_itself(entry)
            if track is not None:
                return entry, track
        return None

    def stops_before(self, track: Track) -> bool:
        """Return whether the music is to end between the current song and one that follows."""
        if self._queue.stop_after is StopAfter.NOTHING:
            return False
        current = self._queue.current
        playing = self._finder.track(current.track_id) if current is not None else None
        if self._queue.stop_after is StopAfter.SONG or playing is None or not playing.tags.album:
            return True
        return (playing.album, playing.album_artist) != (track.album, track.album_artist)

    def is_passed_over(self, entry: QueueEntry) -> bool:
        """Return whether an entry plays only when the listener chooses it."""
        track = self._finder.track(entry.track_id)
        return track is not None and self._passing_over.passes_over(entry, track)

    def step_on(self) -> QueueEntry | None:
        """Go to the next entry that is not passed over; ``None`` at the end."""
        for _ in self._queue.entries:
            entry = self._queue.next()
            if entry is None or not self.is_passed_over(entry):
                return entry
        return None

    def step_back(self) -> bool:
        """Go to the last entry before that can be played; return whether there is one."""
        current = self._queue.current
        for _ in self._queue.entries:
            entry = self._queue.previous()
            if entry is None:
                break
            if self.by_itself(entry) is not None:
                return True
        if current is not None:
            self._queue.jump(current.id)
        return False

    def forget_failures(self) -> None:
        """Try everything again."""
        self._failed.clear()

    def note_failure(self, entry_id: EntryId, error: UnreadableFile) -> None:
        """Play an entry's track no more, and say why."""
        entry = self._queue.entry(entry_id)
        if entry is None:
            return
        track = self._finder.track(entry.track_id)
        self._refuse(entry.track_id, track.title if track else error.path.stem, error.reason)

    def report_skipped(self, skipped: list[QueueEntry]) -> None:
        """Tell the listener of entries whose files are away."""
        # Those that failed were reported when they failed; the listener put others away.
        away = [
            entry
            for entry in skipped
            if entry.track_id not in self._failed and not self.is_passed_over(entry)
        ]
        self._notices.away(self._finder.track(entry.track_id) for entry in away)

    def _refuse(self, track_id: TrackId, title: str, why: str) -> None:
        self._failed.add(track_id)
        self._notices.refused(title, why)
