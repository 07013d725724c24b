"""One SQLite file: a connection a thread, one writer at a time, ordered migrations."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.store.schema import MIGRATIONS

_BUSY_TIMEOUT_S = 30.0


class Database:
    """The library database.

    Readers never wait (WAL). Writers of this process queue on a lock; those of another
    process (the command line beside the window) wait for each other inside SQLite.

    Args:
        path: The file; created when missing, its directory must exist.
        migrations: The steps of its schema; other than the default only in tests.

    Raises:
        UserError: The file was written by a newer version of this program.
        BrokenEnvironment: The file cannot be opened or is no database.
    """

    def __init__(self, path: Path, migrations: tuple[str, ...] = MIGRATIONS) -> None:
        self.path = path
        self._local = threading.local()
        self._write_lock = threading.RLock()
        self._connections: list[sqlite3.Connection] = []
        self._closed = False
        try:
            self._migrate(migrations)
        except sqlite3.DatabaseError as error:
            self.close()
            raise BrokenEnvironment(f"cannot open the library {path}: {error}") from error

    def read(self) -> sqlite3.Connection:
        """Return this thread's connection, for reading."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
        return connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a connection inside a transaction: all of it happens, or nothing."""
        with self._write_lock:
            connection = self.read()
            if connection.in_transaction:  # a nested write joins the outer one
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close every thread's connection; nothing may use the database afterwards."""
        with self._write_lock:
            self._closed = True
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _connect(self) -> sqlite3.Connection:
        if self._closed:
            raise RuntimeError("the database is closed")
        connection = sqlite3.connect(
            self.path,
            timeout=_BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,  # used by one thread, closed by whichever ends the program
        )
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        with self._write_lock:
            self._connections.append(connection)
        return connection

    def _migrate(self, migrations: tuple[str, ...]) -> None:
        with self.write() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > len(migrations):
                raise UserError(
                    f"the library {self.path} was written by a newer version of this program; "
                    "update it, or set MECOMP_DESKTOP_HOME to start a new library"
                )
            for number, script in enumerate(migrations[version:], start=version + 1):
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """Split a script into statements; ``executescript`` would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
