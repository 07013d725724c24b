"""Scans, one after the other, and looks at the library while they go on."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.library.scanner import Scanner, ScanProgress
from mecomp_desktop.store.roots import Root
from mecomp_desktop.threads import WorkerThread

_log = logging.getLogger(__name__)

_REFRESH_EVERY_S = 0.5
# A look at a huge library takes a while: it is taken only so often that the scan hardly slows.
_REFRESH_SHARE = 6.0


@dataclass(frozen=True, slots=True)
class ScanStatus:
    """What the search for music files is doing.

    Attributes:
        running: Whether it goes on, or is about to.
        found: New songs so far.
        seen: Music files looked at so far.
        current: The file that was looked at last.
        error: Why the last scan could not go on, in plain words; empty otherwise.
    """

    running: bool = False
    found: int = 0
    seen: int = 0
    current: str = ""
    error: str = ""


class Scanning:
    """Runs scans on the library's thread.

    Args:
        scanner: What scans.
        worker: The thread.
        refresh: Shows what has been found so far; called now and then, on that thread.
        ended: Takes the result of a scan, unless the program is ending.
        changed: Told when ``status`` is another one.

    Attributes:
        status: What the scan is doing.
    """

    def __init__(
        self,
        scanner: Scanner,
        worker: WorkerThread,
        refresh: Callable[[], object],
        ended: Callable[[ScanProgress], object],
        changed: Callable[[], object],
    ) -> None:
        self.status = ScanStatus()
        self._scanner = scanner
        self._worker = worker
        self._refresh = refresh
        self._ended = ended
        self._changed = changed
        self._lock = threading.Lock()
        self._waiting = 0
        self._cancel = threading.Event()

    def post(self, roots: Sequence[Root] | None = None) -> None:
        """Scan these folders, all by default, once the thread is free."""
        with self._lock:
            # One of all folders that waits will see whatever made this call; one that runs
            # already may not.
            if roots is None and self._waiting:
                return
            self._waiting += roots is None
            self.status = ScanStatus(True, self.status.found, self.status.seen)
        self._worker.post(lambda: self._run(roots))

    def cancel(self) -> None:
        """End the scan that goes on; what it has found so far stays."""
        self._cancel.set()

    def _run(self, roots: Sequence[Root] | None) -> None:
        with self._lock:
            self._waiting -= roots is None
        if self._worker.closed:
            return
        self._cancel.clear()
        self.status = ScanStatus(running=True)
        self._changed()
        looks = _Looks(self._refresh)

        def on_progress(progress: ScanProgress) -> None:
            self.status = ScanStatus(True, progress.found, progress.seen, progress.current)
            if not self._stopped():
                looks.take(progress)

        problem = ""
        try:
            result = self._scanner.run(roots, on_progress=on_progress, cancelled=self._stopped)
        except sqlite3.IntegrityError:
            # Another process has removed the folder meanwhile: there is nothing to keep.
            _log.warning("a folder was removed while it was scanned", exc_info=True)
            result = ScanProgress(cancelled=True)
        except BrokenEnvironment as error:
            _log.warning("the scan ends: %s", error)
            problem = str(error)
            result = ScanProgress(cancelled=True)
        except Exception as bug:
            # Whoever waits for the scan must learn that it is over, whatever ended it.
            _log.exception("the scan ends")
            problem = f"the scan ended unexpectedly ({type(bug).__name__}: {bug})"
            result = ScanProgress(cancelled=True)
        self.status = ScanStatus(False, result.found, result.seen, error=problem)
        if not self._worker.closed:
            self._ended(result)

    def _stopped(self) -> bool:
        return self._cancel.is_set() or self._worker.closed


class _Looks:
    """Shows what a scan has found, not too often."""

    def __init__(self, refresh: Callable[[], object]) -> None:
        self._refresh = refresh
        self._shown: tuple[int, ...] = (0,) * 6
        self._due_s = 0.0

    def take(self, progress: ScanProgress) -> None:
        now_s = time.monotonic()
        counts = (
            progress.found,
            progress.changed,
            progress.moved,
            progress.returned,
            progress.unavailable,
            progress.gone,
        )
        if counts == self._shown or now_s < self._due_s:
            return
        self._refresh()
        self._shown = counts
        took_s = time.monotonic() - now_s
        self._due_s = time.monotonic() + max(_REFRESH_EVERY_S, _REFRESH_SHARE * took_s)
