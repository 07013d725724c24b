"""Carries over what can be read of a damaged library, row by row."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mecomp_desktop.store.database import Database

# What a listener cannot get back from the music files first, so that a salvage that is cut
# short has the best of it. Parents come before what refers to them.
TABLES = (
    "roots",
    "judgments",
    "song_ratings",
    "group_ratings",
    "dynamic_playlists",
    "playlists",
    "playlist_entries",
    "plays",
    "imported_plays",
    "skips",
    "revisions",
    "model_versions",
    "active_model",
    "state",
    "tracks",
    "failures",
    "decoded_lengths",
    "embeddings",
)
HEADER_BYTES = 100
_PAGE_BYTES = 4096
# After so many numbers in a row without a readable row the rest of a table is given up.
_LONGEST_GAP = 1 << 24


class Salvaged(NamedTuple):
    """How many rows there are of what the listener would miss."""

    tracks: int
    plays: int
    judgments: int


def carry_over(damaged: Path, target: Path, tables: Sequence[str] = TABLES) -> list[str]:
    """Copy every readable row of a damaged library into a sound one. Blocks.

    Rows whose key the target has already are left out, so several sources can be carried over
    one after the other, the best first.

    Args:
        damaged: The library; neither it nor the files beside it are changed.
        target: A library of the newest schema.
        tables: What to copy.

    Returns:
        The tables of which something could not be read.
    """
    with (
        _working_copy(damaged) as copy,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as to,
    ):
        to.execute("PRAGMA foreign_keys = OFF")
        incomplete = [table for table in tables if not _copy_table(copy, to, table)]
        _drop_orphans(to)
    return incomplete


def count(library: Path) -> Salvaged:
    """Return how much there is in a library of the newest schema."""
    with contextlib.closing(sqlite3.connect(library)) as connection:
        numbers = (
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("tracks", "plays", "judgments")
        )
        return Salvaged(*numbers)


@contextlib.contextmanager
def _working_copy(damaged: Path) -> Iterator[Path]:
    """Give a copy to read from: SQLite changes even what it only opens, by moving its log."""
    with tempfile.TemporaryDirectory(dir=damaged.parent, prefix="salvage-") as folder:
        copy = Path(folder) / damaged.name
        shutil.copyfile(damaged, copy)
        log = damaged.with_name(damaged.name + "-wal")
        if log.is_file():
            shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
        _mend(copy)
        yield copy


def _mend(copy: Path) -> None:
    """Put a broken beginning right, as far as it is the same in every library.

    Without its first hundred bytes SQLite refuses a file whose other pages are all sound. The
    pages after them say where each table begins; tables are made in one order and never move,
    so that what a new library says is true of most others too. Where it is not, what is read
    makes no sense as a row of that table and the schema's checks refuse it.
    """
    size = copy.stat().st_size
    if _has_schema(copy) or size < _PAGE_BYTES:
        return
    with tempfile.TemporaryDirectory() as folder:
        page = bytearray(_first_page(Path(folder)))
    page[28:32] = (size // _PAGE_BYTES).to_bytes(4, "big")
    page[92:96] = page[24:28]  # else the number of pages is not believed
    for length in (HEADER_BYTES, _PAGE_BYTES):
        with copy.open("rb+") as file:
            file.write(page[:length])
        if _has_schema(copy):
            return


def _first_page(folder: Path) -> bytes:
    """Return a first page that names every table in so few words that no second one is needed."""
    Database(folder / "new").close()
    rows = []
    with contextlib.closing(sqlite3.connect(folder / "new")) as new:
        roots = new.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'")
        for table, root_page in roots.fetchall():
            columns = new.execute(f"PRAGMA table_info({table})").fetchall()
            words = [
                f"{name} INTEGER PRIMARY KEY" if is_key and kind == "INTEGER" else name
                for _, name, kind, _, _, is_key in columns
            ]
            sql = f"CREATE TABLE {table}({','.join(words)})"
            rows.append(("table", table, table, root_page, sql))
    with contextlib.closing(sqlite3.connect(folder / "page", isolation_level=None)) as page:
        page.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        page.execute("PRAGMA writable_schema = ON")
        page.executemany("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", rows)
    return (folder / "page").read_bytes()[:_PAGE_BYTES]


def _has_schema(library: Path) -> bool:
    try:
        with contextlib.closing(_open(library)) as connection:
            names = connection.execute("SELECT name FROM sqlite_schema").fetchall()
    except sqlite3.DatabaseError:
        return False
    return ("tracks",) in names


def _copy_table(source: Path, to: sqlite3.Connection, table: str) -> bool:
    """Copy the readable rows of a table; return whether all of it was readable."""
    wanted = [row[1] for row in to.execute(f"PRAGMA table_info({table})")]
    try:
        with contextlib.closing(_open(source)) as reading:
            present = {row[1] for row in reading.execute(f"PRAGMA table_info({table})")}
    except sqlite3.DatabaseError:
        return False
    # A library of an earlier schema: some columns go by another name there.
    columns = {name: _earlier_name(name, present) for name in wanted}
    known = {name: earlier for name, earlier in columns.items() if earlier is not None}
    if not known:
        return False
    placeholders = ", ".join("?" for _ in known)
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(known)}) VALUES ({placeholders})"
    rows = _ReadableRows(source, table, list(known.values()))
    to.execute("BEGIN IMMEDIATE")
    for row in rows:
        values = ["analysis" if value == "listen" else value for value in row]
        # A damaged page may hold anything; the checks of the schema refuse what makes no sense.
        try:
            to.execute(insert, values)
        except (sqlite3.Error, OverflowError):
            rows.complete = False
    to.execute("COMMIT")
    return rows.complete


def _earlier_name(column: str, present: set[str]) -> str | None:
    names = (column, {"embedded_at_s": "heard_at_s", "played_s": "heard_s"}.get(column, column))
    return next((name for name in names if name in present), None)


class _ReadableRows:
    """The rows of a table, ascending, without those on pages that cannot be read.

    Attributes:
        complete: Whether every row could be read so far.
    """

    def __init__(self, source: Path, table: str, columns: Sequence[str]) -> None:
        self.complete = True
        self._source = source
        self._select = (
            f"SELECT rowid, {', '.join(columns)} FROM {table} NOT INDEXED"
            " WHERE rowid > ? ORDER BY rowid LIMIT ?"
        )

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        last: int | None = 0
        while last is not None:
            connection = _open(self._source)
            try:
                # One by one, for those before a broken page are read before it fails.
                for rowid, *values in self._after(connection, last, -1):
                    last = rowid
                    yield tuple(values)
                return
            except sqlite3.DatabaseError:
                self.complete = False
            finally:
                # Not used again: it may hold broken pages in its memory.
                connection.close()
            last = self._after_gap(last)

    def _after(
        self, connection: sqlite3.Connection, last: int, limit: int
    ) -> Iterator[tuple[Any, ...]]:
        """Give the rows after a number, each with its own in front."""
        for row in connection.execute(self._select, (last, limit)):
            # A page of zeros is read without an error, as rows of number 0 with nothing in them.
            # To go on behind such a number would be to read the same page for ever.
            if row[0] <= last:
                raise sqlite3.DatabaseError("the rows are not in the order of their numbers")
            yield row

    def _after_gap(self, broken: int) -> int | None:
        """Return the number after which rows can be read again; ``None`` if there is none.

        Rows lie on their page by number, so that numbers from a broken page on fail until those
        of the next page come: double the step until it is passed, then halve to its end.
        """
        step = 1
        while not self._is_readable_after(broken + step):
            if step > _LONGEST_GAP:
                return None
            step *= 2
        low, high = broken + step // 2, broken + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._is_readable_after(middle) else (middle, high)
        return high

    def _is_readable_after(self, rowid: int) -> bool:
        with contextlib.closing(_open(self._source)) as connection:
            try:
                list(self._after(connection, rowid, 1))
            except sqlite3.DatabaseError:
                return False
        return True


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.text_factory = _text
    # Damage in the schema's own table must not hide the tables that it still describes.
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _text(data: bytes) -> str | bytes:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data  # a column of text refuses it, and the row is left out


def _drop_orphans(connection: sqlite3.Connection) -> None:
    """Delete rows whose parent was lost: the next scan finds such tracks again."""
    connection.execute("DELETE FROM tracks WHERE root_id NOT IN (SELECT id FROM roots)")
    connection.execute(
        "DELETE FROM playlist_entries WHERE playlist_id NOT IN (SELECT id FROM playlists)"
    )
    connection.execute(
        "DELETE FROM active_model WHERE version_id IS NOT NULL"
        " AND version_id NOT IN (SELECT id FROM model_versions)"
    )
