"""Opens connections to an SQLite file, for writing where that is possible."""

import os
import sqlite3
import time
from pathlib import Path

BUSY_TIMEOUT_S = 30.0
"""How long a read, or the opening, waits for a lock of another process."""

_PRIMARY_CODE_MASK = 0xFF
_RETRY_S = 0.01
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
        sqlite3.SQLITE_LOCKED,
    }
)
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_CANNOT_WRITE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection for reading and writing, in WAL mode.

    Raises:
        sqlite3.DatabaseError: It cannot be opened, or is no database.
    """
    connection = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,  # used by one thread, closed by whichever ends the program
    )
    try:
        connection.row_factory = sqlite3.Row
        _switch_to_wal(connection)
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a file that nobody can change, on a medium or in a folder that is read-only.

    In WAL mode even a reader writes (it marks its place in a file beside the database), so
    SQLite has to be told that nothing ever changes. What was never moved from the log into the
    database is not seen then.

    Raises:
        sqlite3.DatabaseError: It cannot be read, or is no database.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    return connection


def can_be_written(path: Path) -> bool:
    """Return whether this user may write to a file; SQLite itself tells only at the first write.

    The file is asked about, never opened: when a process closes any handle of a file, POSIX takes
    away all the locks that it holds on it, SQLite's own among them. Another program that closes
    the library then believes to be the last one and deletes the log, and this one's next write
    fails with an I/O error.
    """
    return os.access(path, os.W_OK)


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's code of an error without its details; 0 where Python raised it itself."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & _PRIMARY_CODE_MASK


def is_environment(error: sqlite3.Error) -> bool:
    """Return whether the machine is to blame."""
    return primary_code(error) in _ENVIRONMENT_ERRORS


def is_busy(error: sqlite3.Error) -> bool:
    """Return whether another process holds a lock."""
    return primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether the file itself is broken."""
    return primary_code(error) in _DAMAGED


def may_be_read_only(error: sqlite3.Error) -> bool:
    """Return whether a failure to open may come from a read-only medium or folder."""
    return primary_code(error) in _CANNOT_WRITE


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    # SQLite does not wait when two processes switch a new file at once: it fails, and we retry.
    deadline_s = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > deadline_s:
                raise
            time.sleep(_RETRY_S)
        else:
            return
