"""Whether a library's file is sound: three checks, from one that takes no time to every page."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from mecomp_desktop.store.connection import is_damage
from mecomp_desktop.store.salvage import HEADER_BYTES, TABLES

# SQLite's own small steps between two looks at whether to stop: some milliseconds.
_STEPS = 100_000
_MIN_PAGE_BYTES = 512
_MAGIC = b"SQLite format 3\0"


def header_is_sound(library: Path) -> bool:
    """Return whether a file begins as a database does and is as long as it says. Takes no time.

    What only reading every page would find is left to ``PRAGMA quick_check``.
    """
    size = library.stat().st_size
    with library.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(_MAGIC):
        return False
    log = library.with_name(library.name + "-wal")
    if log.exists() and log.stat().st_size:
        return True  # the missing pages may be in the log: SQLite can tell, this cannot
    page_bytes = int.from_bytes(header[16:18], "big")
    page_bytes = 65_536 if page_bytes == 1 else page_bytes
    pages = int.from_bytes(header[28:32], "big")
    return page_bytes >= _MIN_PAGE_BYTES and size >= page_bytes * pages


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
