"""What the player's numbers are called."""


def speed(per_second: float) -> str:
    """Return how fast the library is analysed: ``14 songs/s``; slow ones by the minute."""
    if per_second >= 1:
        return f"{per_second:.0f} songs/s"
    a_minute = max(1, round(per_second * 60))
    return f"{a_minute} songs/min" if a_minute > 1 else "1 song/min"


def closeness_number(closeness: float) -> int:
    """Return a closeness of 0 to 1 as the number that is shown, 0 to 100."""
    return round(100 * min(1.0, max(0.0, closeness)))
