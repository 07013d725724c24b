"""How long a song was really played, and whether that counts as a play or as a skip."""

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Track

# The rule that Last.fm made and other players follow.
_ENOUGH_S = 240.0
_ENOUGH_SHARE = 0.5
# Who goes on to the next song within a second is looking for something, and has not heard it.
_SHORTEST_SKIP_S = 1.0


class PlayRecorder(Protocol):
    """Where plays and skips are kept. Both methods may block."""

    def record(self, audio_id: AudioId, started_at_s: float, played_s: float) -> None:
        """Keep a play."""

    def record_skip(self, audio_id: AudioId, started_at_s: float, played_s: float) -> None:
        """Keep a skip."""


class Play(NamedTuple):
    """One play that counts, or one skip.

    Attributes:
        audio_id: What was played.
        started_at_s: When, in seconds since the epoch.
        played_s: For how long.
        is_skip: Whether the listener left it before enough was played.
    """

    audio_id: AudioId
    started_at_s: float
    played_s: float
    is_skip: bool = False


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

    def end(self, *, is_over: bool = False, is_left: bool = False) -> Play | None:
        """Return the play if enough was played: half of the song, or four minutes.

        Args:
            is_over: Whether the song came to its end by itself.
            is_left: Whether the listener has gone on to another song: then it is a skip, where
                it is no play.
        """
        self.pause()
        track, self._track = self._track, None
        if track is None:
            return None
        if track.duration_s > 0:
            is_play = self._played_s >= min(_ENOUGH_S, _ENOUGH_SHARE * track.duration_s)
        else:  # nobody knows the half of it
            is_play = is_over or self._played_s >= _ENOUGH_S
        if is_play:
            return Play(track.audio_id, self._started_at_s, self._played_s)
        if is_left and self._played_s >= _SHORTEST_SKIP_S:
            return Play(track.audio_id, self._started_at_s, self._played_s, is_skip=True)
        return None
