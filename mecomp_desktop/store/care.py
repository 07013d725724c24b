"""Looks after the library's file while the program runs: checks, backups, what is not needed."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Collection
from pathlib import Path

from mecomp_desktop.domain.events import Event
from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.store import backups, recovery
from mecomp_desktop.store.connection import is_damage
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.pending import Pending
from mecomp_desktop.threads import WorkerThread, on_job_error

_log = logging.getLogger(__name__)
# The window is shown and the songs are read first; a damaged page has waited for longer.
_DELAY_S = 5.0


class LibraryCare:
    """The library's check, backups and restore, on a thread of its own.

    Every method may be called from any thread and returns at once, unless it says that it blocks.

    Args:
        database: The library database.

    Attributes:
        notice: One plain sentence that the listener should see.
    """

    def __init__(self, database: Database) -> None:
        self.notice: Event[[str]] = Event()
        self._database = database
        self._stopping = threading.Event()
        self._worker = WorkerThread("library care")
        self._damage_reported = False
        # Whoever reads a broken page first may be any thread of the program.
        self._disconnect = on_job_error(self._look_at_error)

    def start(self, delay_s: float = _DELAY_S) -> None:
        """Check every page and make the backup of the day, in a while."""
        self._worker.post(lambda: self._look_after(delay_s))

    def back_up(self, target: Path) -> None:
        """Copy the whole library to a file. Blocks.

        Raises:
            UserError: The target is the library itself.
            BrokenEnvironment: It cannot be read or written.
        """
        backups.back_up(self._database.path, target)

    def backups(self) -> list[Path]:
        """Return the backups that the program made, newest first. Reads the disk."""
        return backups.all_of(self._database.path)

    def newest_backup_s(self) -> float | None:
        """Return when the last backup was made, in seconds since the epoch. Reads the disk."""
        newest = next(iter(self.backups()), None)
        return None if newest is None else newest.stat().st_mtime

    def restore_at_next_start(self, backup: Path) -> None:
        """Have a backup take the place of the library when the program starts again. Blocks.

        Raises:
            UserError: It is no backup that can be used.
            BrokenEnvironment: The wish cannot be written down.
        """
        recovery.ask_for_restore(self._database.path, backup)

    def drop_retired_vectors(self, body_hash: str, kept: Callable[[], Collection[str]]) -> None:
        """Delete the vectors of models that are no longer used, once they have been replaced.

        Until the model in use has embedded the whole library, those of the one before serve.

        Args:
            body_hash: The body of the model in use.
            kept: Returns, in the background, the bodies that the listener may go back to.
        """
        self._worker.post(lambda: self._drop_retired(body_hash, kept))

    def close(self) -> None:
        """End what goes on. Blocks for a moment; idempotent."""
        self._disconnect()
        self._stopping.set()
        self._worker.close()

    # On a thread of its own

    def _look_after(self, delay_s: float) -> None:
        if self._database.read_only or self._worker.wait(delay_s):
            return
        problem = recovery.check_in_background(self._database.path, self._stopping.is_set)
        if problem:
            self._report_damage()
            return  # a copy of a damaged library would push a good one out of the rotation
        if self._stopping.is_set():
            return
        try:
            backups.daily(self._database.path, self._stopping.is_set)
        except BrokenEnvironment as error:
            if not self._stopping.is_set():
                self.notice.emit(f"Today's backup of the library was not made: {error}.")
        except sqlite3.Error as error:  # locked, say: there is another day
            _log.warning("today's backup was not made: %s", error)

    def _look_at_error(self, error: Exception) -> None:
        if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
            recovery.mark_damaged(self._database.path, str(error))
            self._report_damage()

    def _report_damage(self) -> None:
        if not self._damage_reported:
            self._damage_reported = True
            self.notice.emit(recovery.DAMAGED)

    def _drop_retired(self, body_hash: str, kept: Callable[[], Collection[str]]) -> None:
        if self._database.read_only or self._stopping.is_set():
            return
        embeddings = Embeddings(self._database)
        coverage = Pending(self._database).coverage(body_hash)
        if not coverage.embedded or coverage.embedded + coverage.failed < coverage.total:
            return
        if set(embeddings.bodies()) <= {body_hash}:
            return
        dropped = embeddings.drop_retired({body_hash, *kept()})
        if dropped:
            _log.info("%d vectors of retired models were deleted", dropped)
