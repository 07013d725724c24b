"""One SQLite file: a connection a thread, one writer at a time, ordered migrations."""

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from mecomp_desktop.domain.events import Event
from mecomp_desktop.errors import BrokenEnvironment, LibraryDamaged, UserError
from mecomp_desktop.store import backups
from mecomp_desktop.store.connection import (
    can_be_written,
    connect,
    connect_read_only,
    is_busy,
    is_damage,
    is_environment,
    may_be_read_only,
)
from mecomp_desktop.store.schema import MIGRATIONS
from mecomp_desktop.store.tag_columns import add_missing_columns, missing_columns

_log = logging.getLogger(__name__)
# How long a write waits in all for another process that holds the library, say a backup program
# that copies it. Writes happen on background threads, so nobody sees the wait.
_PATIENCE_S = 600.0
# A single try is short, so that closing the program does not wait for the other process.
_TRY_MS = 500
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 2.0
_WARN_AFTER_S = 10.0


class Database:
    """The library database.

    Readers never wait (WAL). Writers of this process queue on a lock; those of another
    process (the command line beside the window) wait for each other inside SQLite.

    Args:
        path: The file; created when missing, its directory must exist.
        migrations: The steps of its schema; other than the default only in tests.

    Raises:
        UserError: The file was written by a newer version of this program.
        LibraryDamaged: It is no database, or a broken one.
        BrokenEnvironment: The file cannot be opened.

    Attributes:
        path: The file.
        read_only: Whether the file can be read and not written; every write fails.
        notice: One sentence when a write has been waiting for another program for a while.
    """

    def __init__(self, path: Path, migrations: tuple[str, ...] = MIGRATIONS) -> None:
        self.path = path
        self.read_only = self._immutable = False
        self.notice: Event[[str]] = Event()
        self._local = threading.local()
        self._write_lock = threading.RLock()
        # Its own lock, so that a thread's first read does not wait for a writer.
        self._connections_lock = threading.Lock()
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._closing = threading.Event()
        self._closed = False
        try:
            self._open(migrations)
        except sqlite3.DatabaseError as error:
            self.close()
            raise _broken_environment(f"cannot open the library {path}", error) from error
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

        Waits while another process holds the library, and goes on by itself afterwards: for
        background threads.

        Raises:
            BrokenEnvironment: The disk is full or broken, the library is read-only, or another
                process never lets go.
        """
        with self._write_lock:
            connection = self.read()
            if connection.in_transaction:  # a nested write joins the outer one
                yield connection
                return
            if self.read_only:
                raise BrokenEnvironment(
                    f"the library {self.path} is read-only: songs can be played, but changes are "
                    "not kept; give yourself permission to write to its folder"
                )
            try:
                self._begin(connection)
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.DatabaseError) and is_environment(error):
                    raise _broken_environment(
                        f"cannot write the library {self.path}", error
                    ) from error
                raise

    def stop_waiting(self) -> None:
        """From now on no write waits for another process for longer than a moment: it gives up."""
        self._closing.set()

    def close(self) -> None:
        """Close every thread's connection; nothing may use the database afterwards. Idempotent.

        A write that waits for another process gives up; one that is under way is finished.
        """
        self._closing.set()
        with self._write_lock, self._connections_lock:
            self._closed = True
            for _, connection in self._connections:
                connection.close()
            self._connections.clear()

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Begin a transaction that writes, as soon as no other process is writing."""
        began_s = time.monotonic()
        pause_s, warned = _FIRST_PAUSE_S, False
        (usual_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute(f"PRAGMA busy_timeout = {_TRY_MS}")
        try:
            while True:
                try:
                    connection.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    waited_s = time.monotonic() - began_s
                    if not is_busy(error) or waited_s > _PATIENCE_S:
                        raise
                    if self._closing.wait(pause_s):
                        raise
                if not warned and waited_s > _WARN_AFTER_S:
                    warned = True
                    _log.warning("another program holds %s; waiting", self.path)
                    self.notice.emit(
                        "Another program holds the library; what changed is stored when it lets go."
                    )
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {usual_ms}")

    def _connect(self) -> sqlite3.Connection:
        if self._closed:
            raise RuntimeError("the database is closed")
        connection = connect_read_only(self.path) if self._immutable else connect(self.path)
        with self._connections_lock:
            self._close_those_of_dead_threads()
            self._connections.append((threading.current_thread(), connection))
        return connection

    def _close_those_of_dead_threads(self) -> None:
        alive = [pair for pair in self._connections if pair[0].is_alive()]
        for thread, connection in self._connections:
            if not thread.is_alive():
                connection.close()
        self._connections = alive

    def _open(self, migrations: tuple[str, ...]) -> None:
        try:
            version = _version(self.read())
        except sqlite3.OperationalError as error:
            if not (may_be_read_only(error) and self.path.is_file()):
                raise
            _log.warning("the library is opened read-only: %s", error)
            self._immutable = True
            version = _version(self.read())
        self.read_only = self._immutable or not can_be_written(self.path)
        if version == len(migrations) and not missing_columns(self.read()):
            return  # the usual case does not wait for another process that writes
        if version > len(migrations):
            raise UserError(
                f"the library {self.path} was written by a newer version of this program; "
                "update it, or set MECOMP_DESKTOP_HOME to start a new library"
            )
        if version:
            backups.before_migration(self.path, version)
        self._migrate(migrations)

    def _migrate(self, migrations: tuple[str, ...]) -> None:
        with self.write() as connection:
            # Read again inside the transaction: another process may have migrated meanwhile.
            version = _version(connection)
            for number, script in enumerate(migrations[version:], start=version + 1):
                # Before each step, for one of them moves the tracks to a new table.
                add_missing_columns(connection)
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            # Not steps: a column for a tag holds what a scan reads again at any time, so a new
            # tag costs a line in `Tags` and nothing here.
            add_missing_columns(connection)


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _broken_environment(what: str, error: sqlite3.DatabaseError) -> BrokenEnvironment:
    """Return the error that says what to do about one of SQLite's."""
    if is_damage(error):
        return LibraryDamaged(f"{what}: it is damaged ({error})")
    advice = {
        sqlite3.SQLITE_FULL: "the disk is full; make room and try again",
        sqlite3.SQLITE_READONLY: "it or its folder is read-only",
    }
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if is_busy(error):
        return BrokenEnvironment(
            f"{what}: another program holds it ({error}); close that program and try again"
        )
    return BrokenEnvironment(f"{what}: {advice.get(code, str(error))}")


def _statements(script: str) -> Iterator[str]:
    """Split a script into statements; ``executescript`` would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
