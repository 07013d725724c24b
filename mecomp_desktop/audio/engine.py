"""What every engine does: play a file, join the next one without a gap, say where it is."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import UnreadableFile


class PlayerState(StrEnum):
    """What the engine is doing."""

    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Playable:
    """One file to play, or a part of one.

    Attributes:
        token: The caller's number for it; events carry it back.
        path: The file.
        gain: A linear factor on its samples (loudness correction); 1 leaves them as they are.
        part: The stretch of the file that is played as if it were all; all of it if ``None``.
    """

    token: int
    path: Path
    gain: float = 1.0
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class OutputDevice:
    """A place that sound can go to; ``id`` stays the same from one start to the next."""

    id: str
    name: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """A snapshot.

    Attributes:
        state: Playing, paused or stopped.
        token: What is being heard; ``None`` when stopped.
        position_s: How far into it the listener has heard, in seconds.
        duration_s: Its length: what its header claims until its end was decoded, then the fact; 0
            where nothing tells.
        duration_is_estimate: Whether that is a guess that the file contradicts.
        device_name: Where the sound goes; empty while no device is open.
        device_error: One plain sentence when there is no sound although something plays.
        underruns: How often the sound card asked in vain since the engine was made.
    """

    state: PlayerState
    token: int | None
    position_s: float
    duration_s: float
    duration_is_estimate: bool
    device_name: str
    device_error: str | None
    underruns: int


class Engine(Protocol):
    """Plays one file at a time and knows the one that follows it.

    Every command returns at once and is carried out in order on the engine's own thread, except
    where its text says that it waits. Events are emitted on that thread too; a listener may call
    back.

    Attributes:
        track_started: The token of a track whose first sample is heard now.
        track_finished: The token of a track that was heard to its end with nothing to follow.
        track_failed: The token of a track that cannot be played, and why. After a failed ``start``
            the engine is stopped; after a failed ``set_next`` the current track goes on.
        track_ended_early: The token of a track whose sound ends before the end that its header
            promises, or cannot be decoded further, and why; what follows it goes on without a gap.
        track_measured: The token of a track that was decoded to its end, its real length in
            seconds, and whether that is clearly less than its header promises.
        device_lost: The name of a device that vanished; the engine goes on in silence.
    """

    track_started: Event[[int]]
    track_finished: Event[[int]]
    track_failed: Event[[int, UnreadableFile]]
    track_ended_early: Event[[int, str]]
    track_measured: Event[[int, float, bool]]
    device_lost: Event[[str]]

    def start(self, item: Playable, position_s: float = 0.0, paused: bool = False) -> None:
        """Play this now, from ``position_s``, instead of what plays and what would follow."""

    def set_next(self, item: Playable | None) -> None:
        """Have this follow the current track without a gap; replaces what was to follow."""

    def play(self) -> None:
        """Go on after a pause."""

    def pause(self) -> None:
        """Fall silent and stay at this place."""

    def stop(self) -> None:
        """Fall silent and forget the track and its successor."""

    def seek(self, position_s: float) -> None:
        """Go to another place in the current track; beyond its end, it is finished."""

    def set_gain(self, token: int, gain: float) -> None:
        """Have a track go on with another linear factor, from where it is, without a click."""

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0…1, as a slider shows it (the factor is its cube; 1 changes nothing).

        Raises:
            ValueError: It is not between 0 and 1.
        """

    def set_muted(self, muted: bool) -> None:
        """Be silent without forgetting the volume."""

    def devices(self) -> list[OutputDevice]:
        """Return where sound can go; waits for the sound system (up to about a second)."""

    def set_device(self, device_id: str | None) -> None:
        """Send sound here from now on (``None``: the system's default); also tries a lost one."""

    def status(self) -> EngineStatus:
        """Return a snapshot; cheap enough to be polled."""

    def close(self) -> None:
        """Stop, and leave no thread and no device open; waits. Idempotent."""
