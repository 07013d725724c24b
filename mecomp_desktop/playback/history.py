"""How long a song was really played, and whether that counts as a play."""

import time
from collections.abc import Callable
from typing import NamedTuple

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Track

_ENOUGH_S = 30.0
_ENOUGH_SHARE = 0.5


class Play(NamedTuple):
    """One play that counts."""

    audio_id: AudioId
    started_at_s: float
    played_s: float


class PlayLog:
    """A stopwatch for the song that plays. Not thread-safe.

    Args:
        clock: Seconds that never go back; other than the default only in tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._track: Track | None = None
        self._started_at_s = 0.0
        self._played_s = 0.0
        self._since_s: float | None = None

    def begin(self, track: Track) -> None:
        """Start the watch for a song that begins to play now."""
        self._track = track
        self._started_at_s = time.time()
        self._played_s = 0.0
        self._since_s = self._clock()

    def pause(self) -> None:
        """Stop the watch; the song may go on later."""
        if self._since_s is not None:
            self._played_s += self._clock() - self._since_s
            self._since_s = None

    def resume(self) -> None:
        """Let the watch go on."""
        if self._track is not None and self._since_s is None:
            self._since_s = self._clock()

    def end(self) -> Play | None:
        """Return the play if enough was heard: half a minute, or half of the song."""
        self.pause()
        track, self._track = self._track, None
        if track is None:
            return None
        enough = _ENOUGH_S
        if track.duration_s > 0:
            enough = min(enough, _ENOUGH_SHARE * track.duration_s)
        if self._played_s < enough:
            return None
        return Play(track.audio_id, self._started_at_s, self._played_s)
