"""Whether a library's file is sound: three checks, from one that takes no time to every page."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from mecomp_desktop.store.connection import connect_read_only, is_damage, primary_code
from mecomp_desktop.store.salvage import HEADER_BYTES, TABLES

# SQLite's own small steps between two looks at whether to stop: some milliseconds.
_STEPS = 100_000


def header_is_sound(library: Path) -> bool:
    """Return whether a file begins as a database does and is as long as it says. Takes no time.

    What only reading every page would find is left to ``PRAGMA quick_check``. SQLite itself reads
    the header: a file handle of our own would take away the locks of this process's connections
    when it is closed, see `can_be_written`.
    """
    if library.stat().st_size < HEADER_BYTES:  # SQLite takes an empty file for an empty database
        return False
    try:
        with contextlib.closing(connect_read_only(library)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        if primary_code(error) != sqlite3.SQLITE_CORRUPT:
            return primary_code(error) != sqlite3.SQLITE_NOTADB
        # Pages that are missing may be in the log, which this connection does not see.
        log = library.with_name(library.name + "-wal")
        return log.exists() and log.stat().st_size > 0
    return True


def tables_are_sound(library: Path, *, tracks: bool = False) -> bool:
    """Return whether what the listener did can be read. Takes milliseconds.

    The table of vectors is thousands of times as large; `first_problem` and whoever reads it
    tells of that.

    Args:
        library: The database.
        tracks: Look at the tracks as well: a third of a second for 100,000 of them.

    Raises:
        sqlite3.OperationalError: It cannot be read now, say because another program locks it.
    """
    try:
        with contextlib.closing(sqlite3.connect(library, isolation_level=None)) as connection:
            for table in TABLES:
                left_out = table == "embeddings" or (table == "tracks" and not tracks)
                if not left_out and not _is_sound(connection, table):
                    return False
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return False
    return True


def _is_sound(connection: sqlite3.Connection, table: str) -> bool:
    known = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    if known is None:  # a library of an earlier schema
        return True
    (verdict,) = connection.execute(f"PRAGMA quick_check('{table}')").fetchone()
    return bool(verdict == "ok")


def first_problem(library: Path, stopped: Callable[[], bool] = lambda: False) -> str:
    """Return what SQLite's quick check says of every page; empty where all is well. Blocks.

    Args:
        library: The database.
        stopped: Asked again and again; the check is given up when it says so.

    Raises:
        sqlite3.OperationalError: It was given up, or another program locks the library.
    """
    connection = sqlite3.connect(library, isolation_level=None)
    connection.set_progress_handler(stopped, _STEPS)
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    finally:
        connection.close()
    return "" if verdict == "ok" else str(verdict)
