"""Numbers and progress as text: lengths, counts, closeness, how far long work is."""

import datetime

from mecomp_desktop.analysis.status import AnalysisStatus
from mecomp_desktop.library.scan_queue import ScanStatus

ANALYSING = "Analysing your library"
SCANNING = "Looking for songs"
_SEPARATOR = " · "

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


def day(at_s: float | None, today: datetime.date | None = None) -> str:
    """Return the day of a moment: ``today``, ``yesterday``, ``3 Nov 2024``; empty for none.

    Args:
        at_s: Seconds since the epoch.
        today: What counts as today; this day by default.
    """
    if at_s is None:
        return ""
    try:
        then = datetime.datetime.fromtimestamp(at_s).date()
    except (OverflowError, OSError, ValueError):  # another player's nonsense
        return ""
    days = ((today or datetime.date.today()) - then).days
    if days in (0, 1):
        return "yesterday" if days else "today"
    return f"{then.day} {then:%b %Y}"


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


def speed(per_second: float) -> str:
    """Return how fast the library is analysed: ``14 songs/s``; slow ones by the minute."""
    if per_second >= 1:
        return f"{per_second:.0f} songs/s"
    a_minute = max(1, round(per_second * 60))
    return f"{a_minute} songs/min" if a_minute > 1 else "1 song/min"


def closeness_number(closeness: float) -> int:
    """Return a closeness of 0 to 1 as the number that is shown, 0 to 100."""
    return round(100 * min(1.0, max(0.0, closeness)))


def analysis_numbers(status: AnalysisStatus) -> str:
    """Return how far it is: ``3,412 of 10,230 · 14 songs/s · 8 min left``."""
    progress = status.progress
    if status.state == "waiting":
        return status.error or "Getting ready…"
    parts = [f"{progress.done + progress.failed:,} of {progress.total:,}"]
    if status.state == "paused":
        parts.append("paused")
    elif status.state == "running" and progress.rate_per_s > 0:
        parts.append(speed(progress.rate_per_s))
        if progress.eta_s is not None:
            parts.append(remaining(progress.eta_s))
    return _SEPARATOR.join(parts)


def analysed_but_failed(status: AnalysisStatus) -> str:
    """Return what is to be said once only songs that cannot be decoded are left."""
    progress = status.progress
    done = f"{progress.done:,} of {count(progress.total, 'song')} analysed"
    return f"{done}; {count(progress.failed, 'file')} could not be decoded"


def analysis_share(status: AnalysisStatus) -> float:
    """Return how much is done, 0 to 1."""
    progress = status.progress
    return (progress.done + progress.failed) / progress.total if progress.total else 0.0


def scan_numbers(status: ScanStatus) -> str:
    """Return how far a scan is: ``1,204 new songs · 5,310 files looked at``."""
    found, seen = count(status.found, "new song"), count(status.seen, "file")
    return f"{found} · {seen} looked at"
