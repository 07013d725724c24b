"""The files that could not be read, and which of them must not be decoded in this process."""

from pathlib import Path

from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.failures import Failure, Failures

# What would end this process, or starve it, as it did a worker.
_KILLING = (Reason.CRASHED, Reason.TOO_MUCH_MEMORY)


class FailureList:
    """The store's failures as they were at the last look: asking takes no time. Thread-safe.

    Args:
        failures: The store's table of them.
    """

    def __init__(self, failures: Failures) -> None:
        self._failures = failures
        self._list: tuple[Failure, ...] = ()
        self._killers: dict[Path, str] = {}

    def all(self) -> list[Failure]:
        """Return the files that could not be read."""
        return list(self._list)

    def objection(self, track: Track) -> str | None:
        """Return why a track must not be decoded here: its file has killed a worker. Quick."""
        return self._killers.get(track.path)

    def refresh(self) -> None:
        """Read the list anew. Blocks for a moment."""
        self._list = tuple(self._failures.all())
        self._killers = {
            failure.path: failure.reason for failure in self._list if failure.reason in _KILLING
        }
