"""One SQLite file: a connection a thread, one writer at a time, ordered migrations."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.store.schema import MIGRATIONS

_BUSY_TIMEOUT_S = 30.0
# What the machine is to blame for; the rest of SQLite's errors are bugs of ours.
_ENVIRONMENT_ERRORS = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_BUSY,
    }
)
_PRIMARY_CODE_MASK = 0xFF


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
        # Its own lock, so that a thread's first read does not wait for a writer.
        self._connections_lock = threading.Lock()
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._closed = False
        try:
            self._migrate(migrations)
        except sqlite3.DatabaseError as error:
            self.close()
            raise BrokenEnvironment(f"cannot open the library {path}: {error}") from error
        except BaseException:
            self.close()
            raise

    def read(self) -> sqlite3.Connection:
        """Return this thread's connection, for reading."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
        return connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a connection inside a transaction: all of it happens, or nothing.

        Raises:
            BrokenEnvironment: The disk is full or broken, or another process never lets go.
        """
        with self._write_lock:
            connection = self.read()
            if connection.in_transaction:  # a nested write joins the outer one
                yield connection
                return
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.DatabaseError) and _is_environment(error):
                    raise BrokenEnvironment(
                        f"cannot write the library {self.path}: {error}"
                    ) from error
                raise

    def close(self) -> None:
        """Close every thread's connection; nothing may use the database afterwards."""
        with self._write_lock, self._connections_lock:
            self._closed = True
            for _, connection in self._connections:
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
        with self._connections_lock:
            self._close_those_of_dead_threads()
            self._connections.append((threading.current_thread(), connection))
        connection.row_factory = sqlite3.Row
        _switch_to_wal(connection)
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _close_those_of_dead_threads(self) -> None:
        alive = [(thread, one) for thread, one in self._connections if thread.is_alive()]
        for thread, connection in self._connections:
            if not thread.is_alive():
                connection.close()
        self._connections = alive

    def _migrate(self, migrations: tuple[str, ...]) -> None:
        if _version(self.read()) == len(migrations):
            return  # the usual case does not wait for another process that writes
        with self.write() as connection:
            version = _version(connection)
            if version > len(migrations):
                raise UserError(
                    f"the library {self.path} was written by a newer version of this program; "
                    "update it, or set MECOMP_DESKTOP_HOME to start a new library"
                )
            for number, script in enumerate(migrations[version:], start=version + 1):
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _is_environment(error: sqlite3.DatabaseError) -> bool:
    # Absent on errors that the sqlite3 module raises by itself.
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & _PRIMARY_CODE_MASK in _ENVIRONMENT_ERRORS


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    # SQLite does not wait when two processes switch a new file at once: it fails, and we retry.
    deadline_s = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & _PRIMARY_CODE_MASK == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline_s:
                raise
            time.sleep(0.01)
        else:
            return


def _statements(script: str) -> Iterator[str]:
    """Split a script into statements; ``executescript`` would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
