"""What the player tells about itself: values that stay as they are while it goes on."""

from dataclasses import dataclass
from typing import Self

from mecomp_desktop.audio.engine import EngineStatus, PlayerState
from mecomp_desktop.domain.ids import EntryId, TrackId
from mecomp_desktop.domain.queue import PlayQueue, QueueEntry, Repeat, StopAfter


@dataclass(frozen=True, slots=True)
class QueueSnapshot:
    """The queue at one moment.

    Attributes:
        entries: All entries, in the order in which they play.
        current_id: The entry that plays, or would.
        repeat: What follows the end.
        shuffle: Whether the order is shuffled.
        radio_seeds: What the radio that fills the queue started from; empty without one.
        stop_after: With what the music ends, whatever else is queued.
    """

    entries: tuple[QueueEntry, ...]
    current_id: EntryId | None
    repeat: Repeat
    shuffle: bool
    radio_seeds: tuple[TrackId, ...]
    stop_after: StopAfter = StopAfter.NOTHING

    @classmethod
    def of(cls, queue: PlayQueue) -> Self:
        """Return what a queue is at this moment."""
        current = queue.current
        return cls(
            entries=queue.entries,
            current_id=current.id if current else None,
            repeat=queue.repeat,
            shuffle=queue.shuffle,
            radio_seeds=queue.radio_seeds,
            stop_after=queue.stop_after,
        )


@dataclass(frozen=True, slots=True)
class PlayerStatus:
    """The player at one moment.

    Attributes:
        state: What it does, or is about to do.
        entry_id: The entry that plays, or would.
        track_id: Its track.
        position_s: Where in the song it is, in seconds.
        duration_s: How long the song is, in seconds; 0 where nothing is known of it.
        volume: 0…1.
        muted: Whether it is silent on request.
        device_error: Why there is no sound although there should be, in plain words.
    """

    state: PlayerState
    entry_id: EntryId | None
    track_id: TrackId | None
    position_s: float
    duration_s: float
    volume: float
    muted: bool
    device_error: str | None


def best_duration_s(engine: EngineStatus, listed_s: float) -> float:
    """Return the length of what plays: what was decoded, else what was counted, else a guess.

    Args:
        engine: What the engine knows of the track.
        listed_s: What the library knows of it; 0 where it knows nothing.
    """
    duration_s = engine.duration_s
    if duration_s <= 0 or (engine.duration_is_estimate and listed_s > 0):
        duration_s = listed_s
    # A claim that is already played past is wrong; the seek bar ends where the sound is.
    return max(duration_s, engine.position_s) if duration_s > 0 else 0.0
