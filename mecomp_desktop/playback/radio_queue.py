"""A radio's tracks in the queue."""

from collections.abc import Collection, Sequence

from mecomp_desktop.domain.ids import EntryId, TrackId
from mecomp_desktop.domain.queue import PlayQueue
from mecomp_desktop.playback.engine_tracks import EngineTracks
from mecomp_desktop.playback.transport import Transport


class RadioQueue:
    """Fills the queue for a radio. Not thread-safe: its owner calls it under a lock.

    Args:
        queue: What plays next.
        tracks: What the engine has.
        transport: Follows the queue.
    """

    def __init__(self, queue: PlayQueue, tracks: EngineTracks, transport: Transport) -> None:
        self._queue = queue
        self._tracks = tracks
        self._transport = transport

    def start(self, seeds: Sequence[TrackId], first: TrackId) -> None:
        """Replace the queue by the radio's first song; a seed that plays goes on in its place.

        Args:
            seeds: What the radio starts from.
            first: What plays first: the seed itself, or what sounds like several of them.
        """
        current = self._queue.current
        playing = current.track_id if current and self._tracks.loaded == current.id else None
        goes_on = playing is not None and playing in seeds
        song = playing if goes_on and playing is not None else first
        self._queue.replace([song], radio_seeds=seeds)
        entry = self._queue.current
        if goes_on and entry is not None:
            self._transport.carry_over(entry)
        else:
            self._transport.choose()

    def extend(
        self,
        seeds: Sequence[TrackId],
        track_ids: Sequence[TrackId],
        closeness: Sequence[float | None],
        instead_of: Collection[EntryId],
    ) -> bool:
        """Add tracks at the end; return whether the radio of these seeds still fills the queue.

        If the queue had run out before they came, they begin to play.

        Args:
            seeds: What the radio started from.
            track_ids: Its tracks.
            closeness: How close each of them is.
            instead_of: Entries that make way for them, unless one of them has come to play.
        """
        # Songs are chosen on another thread: by now the listener may have started another radio,
        # and these would be appended to that.
        if self._queue.radio_seeds != tuple(seeds):
            return False
        current = self._queue.current
        playing_id = current.id if current is not None else None
        # Chosen before the lock was taken; what was still to come then may play now.
        leaving = [entry_id for entry_id in instead_of if entry_id != playing_id]
        added = self._queue.append(
            track_ids, source="radio", closeness=closeness, instead_of=leaving
        )
        # Before going on: what was cued may be among those that made way.
        self._transport.prepare()
        if added:
            self._transport.go_on_with(added[0])
        return True
