"""Numbers in a listener's words: times, counts, closeness."""

import math


def clock(seconds: float) -> str:
    """Return a time as on a player: ``2:14``, ``1:02:03``."""
    whole = max(0, int(seconds)) if math.isfinite(seconds) else 0
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def span(seconds: float) -> str:
    """Return a length of time in words: ``40 s``, ``8 min``, ``2 h 5 min``."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def rate(per_second: float) -> str:
    """Return a speed: ``14 songs/s``; slow ones by the minute, ``20 songs/min``."""
    if per_second >= 1:
        return f"{per_second:.0f} songs/s"
    return f"{per_second * 60:.0f} songs/min"


def songs(count: int) -> str:
    """Return a count of songs: ``1 song``, ``10,230 songs``."""
    return f"{count:,} song" if count == 1 else f"{count:,} songs"


def closeness_number(closeness: float) -> int:
    """Return a closeness of 0 to 1 as the number that is shown, 0 to 100."""
    return round(100 * min(1.0, max(0.0, closeness)))
