"""What is going on, in one line of plain words."""

from mecomp_desktop.analysis.service import AnalysisStatus
from mecomp_desktop.library.service import ScanStatus
from mecomp_desktop.ui.formatting import count, remaining
from mecomp_desktop.ui.player.closeness import speed

ANALYSING = "Analysing your library"
SCANNING = "Looking for songs"
_SEPARATOR = " · "


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
