"""How much of the machine the analysis takes."""

import os
from enum import StrEnum

from mecomp_desktop.workers.worker_limits import LOWEST_NICE

_MAX_WORKERS = 4
_MAX_WORKERS_AT_FULL = 16


class Effort(StrEnum):
    """What the listener grants the analysis."""

    GENTLE = "gentle"
    NORMAL = "normal"
    FULL = "full"

    @property
    def nice(self) -> int:
        """The niceness of its processes.

        At 19 they get one part in seventy beside one busy program, at 10 one in ten. At full they
        still let the player's own threads go first.
        """
        return {Effort.GENTLE: LOWEST_NICE, Effort.NORMAL: 10, Effort.FULL: 2}[self]

    def workers(self, chosen: int = 0) -> int:
        """Return how many processes.

        Args:
            chosen: As many as the listener has said; 0 to choose.
        """
        if chosen > 0:
            return chosen
        cores = usable_cores()
        if self is Effort.FULL:
            return min(_MAX_WORKERS_AT_FULL, cores)
        # Half of the cores: the other half belongs to whatever else the listener does.
        share = cores // 2 if self is Effort.NORMAL else cores // 4
        return max(1, min(_MAX_WORKERS, share))

    def while_idle(self) -> "Effort":
        """Return the effort while nobody uses the window: full, unless on battery or gentle."""
        return Effort.FULL if self is Effort.NORMAL and on_mains() else self


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def on_mains() -> bool:
    """Return whether the machine draws from the mains; one without a battery always does."""
    import psutil  # the window comes up before anyone asks

    try:
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except (psutil.Error, OSError):
        return False
    return battery is None or battery.power_plugged is True
