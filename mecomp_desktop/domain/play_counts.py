"""How often and when a recording was played."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlayCounts:
    """What history says of one recording; times are in seconds since the epoch.

    Attributes:
        plays: How often it was played, by the rule in `playback.history`.
        skips: How often the listener left it before that.
        first_played_at_s: When it was first played; ``None`` where nobody knows.
        last_played_at_s: When it was last played; ``None`` where nobody knows.
    """

    plays: int = 0
    skips: int = 0
    first_played_at_s: float | None = None
    last_played_at_s: float | None = None


NEVER_PLAYED = PlayCounts()
