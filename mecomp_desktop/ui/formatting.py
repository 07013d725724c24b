"""Numbers as a listener reads them."""

_MINUTE_S = 60
_HOUR_S = 3600


def clock(seconds: float) -> str:
    """Return a length or position as ``2:14`` or ``1:02:14``; empty where it is unknown (0)."""
    if seconds <= 0:
        return ""
    return position(seconds)


def position(seconds: float) -> str:
    """Return a position as ``0:00``; never empty."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, _HOUR_S)
    minutes, left = divmod(rest, _MINUTE_S)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def length(seconds: float) -> str:
    """Return a long duration in words: ``48 min``, ``2 h 5 min``."""
    minutes = max(1, round(seconds / _MINUTE_S)) if seconds > 0 else 0
    hours, left = divmod(minutes, _MINUTE_S)
    if not hours:
        return f"{left} min"
    return f"{hours} h {left} min" if left else f"{hours} h"


def remaining(seconds: float) -> str:
    """Return the time that long work still takes: ``8 min left``, ``less than a minute left``."""
    if seconds < _MINUTE_S:
        return "less than a minute left"
    return f"{length(seconds)} left"


def count(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 song``, ``1,204 songs``.

    Args:
        number: How many.
        singular: The noun for one.
        plural: The noun for any other number; ``singular`` with an s where empty.
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
