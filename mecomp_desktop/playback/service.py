"""What the listener does with the player."""

from collections.abc import Collection, Iterable, Sequence

from mecomp_desktop.audio.engine import OutputDevice, PlayerState
from mecomp_desktop.domain.ids import EntryId, TrackId
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.playback.player import Player
from mecomp_desktop.playback.snapshots import PlayerStatus, QueueSnapshot

__all__ = ["PlaybackService", "PlayerStatus", "QueueSnapshot"]


class PlaybackService(Player):
    """The player's queue and buttons.

    Every method may be called from any thread and returns at once, unless it says otherwise.
    """

    # Changing the queue

    def play_tracks(self, track_ids: Sequence[TrackId], start: int = 0) -> None:
        """Replace the queue by these tracks and play the one at ``start``."""
        with self._changing():
            self._queue.replace(track_ids, start)
            self._transport.choose()

    def enqueue(self, track_ids: Iterable[TrackId]) -> None:
        """Add tracks at the end."""
        self._edit(lambda: self._queue.append(track_ids))

    def play_next(self, track_ids: Iterable[TrackId]) -> None:
        """Add tracks right after the one that plays."""
        self._edit(lambda: self._queue.insert_next(track_ids))

    def insert(self, track_ids: Iterable[TrackId], to_row: int) -> None:
        """Add tracks before the entry that is now in row ``to_row``."""
        self._edit(lambda: self._queue.insert(track_ids, to_row))

    def move(self, entry_ids: Collection[EntryId], to_row: int) -> None:
        """Put entries before the one that is now in row ``to_row``."""
        self._edit(lambda: self._queue.move(entry_ids, to_row))

    def remove(self, entry_ids: Collection[EntryId]) -> None:
        """Take entries out; if what plays is among them, the next plays."""
        self._edit(lambda: self._queue.remove(entry_ids))

    def clear(self) -> None:
        """Empty the queue and stop."""
        self._edit(self._queue.clear)

    def undo(self) -> None:
        """Take the last change of the queue back."""
        self._edit(self._queue.undo)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._edit(self._queue.redo)

    def start_radio(self, seeds: Sequence[TrackId]) -> None:
        """Replace the queue by a radio's seeds; its songs come with ``extend_radio``.

        If a seed is what plays now, it goes on playing.
        """
        with self._changing():
            current = self._queue.current
            kept = current.track_id if current and self._deck.loaded == current.id else None
            start = seeds.index(kept) if kept in seeds else 0
            self._queue.replace(seeds, start, radio_seeds=seeds)
            now = self._queue.current
            if kept in seeds and now is not None:
                self._transport.carry_over(now)
            else:
                self._transport.choose()

    def extend_radio(
        self,
        seeds: Sequence[TrackId],
        track_ids: Sequence[TrackId],
        closeness: Sequence[float | None],
        instead_of: Collection[EntryId] = (),
    ) -> bool:
        """Add songs of a radio at the end; return whether that radio still fills the queue.

        Args:
            seeds: What the radio started from.
            track_ids: Its songs.
            closeness: How close each of them is.
            instead_of: Entries that make way for them, unless one of them has come to play.
        """
        with self._changing():
            if self._queue.radio_seeds != tuple(seeds):
                return False
            current = self._queue.current
            leaving = [one for one in instead_of if current is None or one != current.id]
            self._queue.append(track_ids, source="radio", closeness=closeness, instead_of=leaving)
            self._transport.prepare()
            return True

    def stop_radio(self) -> None:
        """Let no radio fill the queue any more; its songs stay."""
        with self._changing():
            self._queue.stop_radio()

    # Playing

    def toggle(self) -> None:
        """Play or pause."""
        with self._changing():
            if self._transport.state is PlayerState.PLAYING:
                self._transport.pause()
            else:
                self._transport.resume()

    def play(self) -> None:
        """Play, or go on."""
        self._do(self._transport.resume)

    def pause(self) -> None:
        """Hold on."""
        self._do(self._transport.pause)

    def stop(self) -> None:
        """Stop; the current song starts over when played again."""
        self._do(self._transport.stop)

    def next(self) -> None:
        """Play the next song; at the end of the queue, stop."""
        self._do(self._transport.skip)

    def previous(self) -> None:
        """Play the song before, or this one from its beginning once it is under way."""
        position_s = self.status().position_s
        self._do(lambda: self._transport.back(position_s))

    def seek(self, position_s: float) -> None:
        """Go to a place in the song, in seconds."""
        self._do(lambda: self._transport.seek(position_s))

    def jump(self, entry_id: EntryId) -> None:
        """Play an entry of the queue."""
        with self._changing():
            if self._queue.jump(entry_id) is not None:
                self._transport.choose()

    def set_repeat(self, repeat: Repeat) -> None:
        """Choose what follows the end of a song or of the queue."""
        with self._changing():
            self._queue.repeat = repeat
            self._transport.prepare()

    def set_shuffle(self, shuffle: bool) -> None:
        """Shuffle what is still to come, or go back to the listener's order."""
        self._edit(lambda: self._queue.set_shuffle(shuffle))

    def set_volume(self, volume: float) -> None:
        """Set the volume, 0…1; values outside are brought in."""
        self._volume = min(1.0, max(0.0, volume))
        self._send_volume()

    def set_muted(self, muted: bool) -> None:
        """Make it silent, or heard again."""
        self._muted = muted
        self._send_volume()

    def devices(self) -> Sequence[OutputDevice]:
        """Return the sound cards. May take a moment: for a worker thread."""
        return self._engine.devices()

    def set_device(self, device_id: str | None) -> None:
        """Play through another sound card; ``None`` for the system's own choice."""
        self._worker.post(lambda: self._engine.set_device(device_id))
