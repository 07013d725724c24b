"""What the player remembers across a restart."""

from typing import Any

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.playback.snapshots import PlayerStatus
from mecomp_desktop.store.state import State

_QUEUE = "queue"
_PLAYER = "player"
_VOLUME = "volume"


class PlayerMemory:
    """The queue, the place in it, and the volume, kept in the store.

    What was saved by another version or by accident is checked and, if need be, left alone.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._written: dict[str, object] = {}

    def volume(self) -> tuple[float, bool]:
        """Return the volume, 0…1, and whether it is muted."""
        saved = self._state.get(_VOLUME)
        try:
            level, muted = saved
            return min(1.0, max(0.0, float(level))), bool(muted)
        except (TypeError, ValueError):
            return 1.0, False

    def queue(self) -> dict[str, Any] | None:
        """Return what ``PlayQueue.to_state`` told."""
        saved = self._state.get(_QUEUE)
        return saved if isinstance(saved, dict) else None

    def position_s(self, track_id: TrackId) -> float:
        """Return where in this track it stopped; 0 if it was another one."""
        saved = self._state.get(_PLAYER)
        try:
            track, position_s = saved
            return max(0.0, float(position_s)) if track == track_id else 0.0
        except (TypeError, ValueError):
            return 0.0

    def save(self, status: PlayerStatus, queue: dict[str, Any] | None) -> None:
        """Write down what has changed since it was written last.

        Args:
            status: Volume, current track and the place in it.
            queue: What ``PlayQueue.to_state`` tells; ``None`` if it is as it was.
        """
        if queue is not None:
            self._state.set(_QUEUE, queue)
        self._keep(_PLAYER, [status.track_id, round(status.position_s, 2)])
        self._keep(_VOLUME, [status.volume, status.muted])

    def _keep(self, name: str, value: list[object]) -> None:
        if self._written.get(name) != value:
            self._state.set(name, value)
            self._written[name] = value
