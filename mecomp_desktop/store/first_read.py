"""Reads the tracks while the rest of the program is still on its way."""

import contextlib
import logging
import sqlite3
import threading
from pathlib import Path

from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.store.connection import is_damage
from mecomp_desktop.store.schema import MIGRATIONS
from mecomp_desktop.store.track_columns import read_columns

_log = logging.getLogger(__name__)


class FirstRead:
    """Begins to read at once, on a thread of its own, and never writes.

    What keeps it from reading - no library yet, an old or a broken one - shows again, in better
    words, when the library is opened as usual; here it only means that nothing was read.

    Args:
        file: The library database.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._table: TrackTable | None = None
        self._version = 0
        self._damaged = False
        self._connection: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._read, name="first read", daemon=True)
        self._thread.start()

    @property
    def found_damage(self) -> bool:
        """Whether it has come upon damage so far; does not wait for its end."""
        return self._damaged

    def take(self) -> TrackTable | None:
        """Return what was read, once; ``None`` if nothing was, or it is out of date. Blocks."""
        self._thread.join()
        connection, table = self._connection, self._table
        self._connection = self._table = None
        if connection is None:
            return None
        with contextlib.closing(connection):
            return table if _data_version(connection) == self._version else None

    def close(self) -> None:
        """Let go of what nobody took. Blocks; may be called twice."""
        self.take()

    def _read(self) -> None:
        if not self._file.exists():
            return
        try:
            connection = sqlite3.connect(
                f"{self._file.absolute().as_uri()}?mode=ro",
                uri=True,
                check_same_thread=False,  # read by this thread, closed by the one that takes
            )
        except sqlite3.Error:
            _log.info("the library could not be read ahead", exc_info=True)
            return
        try:
            (taken_steps,) = connection.execute("PRAGMA user_version").fetchone()
            # Before the tracks: a change in between makes them out of date.
            self._version = _data_version(connection)
            if taken_steps == len(MIGRATIONS):
                self._table = read_columns(connection)
        except sqlite3.Error as error:
            self._damaged = is_damage(error)
            _log.info("the library could not be read ahead", exc_info=True)
        if self._table is None:
            connection.close()
        else:
            self._connection = connection


def _data_version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version
