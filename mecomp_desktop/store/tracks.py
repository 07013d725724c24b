"""The table of tracks: one row a song, which is a file or a part of one."""

import contextlib
import gc
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mecomp_desktop.domain.changes import DerivedVersions, FileFacts, FileStamp, KnownFile
from mecomp_desktop.domain.ids import AudioId, TrackId
from mecomp_desktop.domain.part import part_of, place_of
from mecomp_desktop.domain.track import Track
from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.lengths import decoded_lengths, retire_vectors_of_other_lengths
from mecomp_desktop.store.track_columns import read_columns
from mecomp_desktop.store.track_rows import FACT_COLUMNS, TRACK_COLUMNS, fact_values, read_tracks

_PLACES = ", ".join("?" for _ in FACT_COLUMNS)
_KEY = ("path", "start_s")
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in FACT_COLUMNS if name not in _KEY)
_UPSERT = f"""
    INSERT INTO tracks ({", ".join(FACT_COLUMNS)}, available, gone_at_s, added_at_s)
    VALUES ({_PLACES}, 1, NULL, ?)
    ON CONFLICT (path, coalesce(start_s, -1))
    DO UPDATE SET {_UPDATES}, available = 1, gone_at_s = NULL
"""
_UPDATE = f"""
    UPDATE tracks SET {", ".join(f"{name} = ?" for name in FACT_COLUMNS)},
        available = 1, gone_at_s = NULL
    WHERE id = ?
"""
_SELECT = f"SELECT {', '.join(TRACK_COLUMNS)} FROM tracks"


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking over a million new objects that all stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _with_decoded_lengths(
    connection: sqlite3.Connection, files: Sequence[FileFacts]
) -> list[FileFacts]:
    """Return facts with the lengths that decoding has told in place of the headers' claims.

    Where reading a file anew tells another length than is listed, its vector may be of other
    excerpts than it should be, and is made anew.
    """
    decoded = decoded_lengths(connection, (facts.audio_id for facts in files))
    kept = []
    for facts in files:
        known = decoded.get(facts.audio_id) if facts.part is None else None
        if known is not None:
            tags = replace(facts.tags, duration_s=known[0], ends_early=known[1])
            facts = replace(facts, tags=tags)
        kept.append(facts)
    claims = [
        {"audio_id": facts.audio_id, "duration_s": facts.tags.duration_s}
        for facts in kept
        if facts.part is None and facts.tags.duration_s > 0
    ]
    retire_vectors_of_other_lengths(connection, claims)
    return kept


class Tracks:
    """The table of tracks. What was deleted from disk stays as a hidden row, see `mark_gone`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Track]:
        """Return every listed track, in the order in which they were found."""
        with _collector_paused():
            return self._tracks("WHERE gone_at_s IS NULL ORDER BY id")

    def table(self) -> TrackTable:
        """Return every listed track by column, in the order in which they were found.

        Several times as quick as `all`, and other threads run meanwhile.
        """
        table = read_columns(self._database.read())
        return TrackTable.of(self.all()) if table is None else table

    def version(self) -> tuple[int, ...]:
        """Return what stays the same on this thread as long as nothing at all is written."""
        connection = self._database.read()
        (by_others,) = connection.execute("PRAGMA data_version").fetchone()
        return threading.get_ident(), by_others, connection.total_changes

    def by_id(self, track_id: TrackId) -> Track | None:
        """Return a listed track."""
        return self._one("WHERE id = ? AND gone_at_s IS NULL", track_id)

    def at_path(self, path: Path) -> list[Track]:
        """Return the listed tracks at this path: a file, or its parts in their order."""
        return self._tracks(
            "WHERE path = ? AND gone_at_s IS NULL ORDER BY start_s", os.fsencode(path)
        )

    def by_audio_id(self, audio_id: AudioId) -> list[Track]:
        """Return every listed file with this audio, those that can be played first."""
        return self._tracks(
            "WHERE audio_id = ? AND gone_at_s IS NULL ORDER BY available DESC, id", audio_id
        )

    def known(self) -> dict[str, KnownFile]:
        """Return what a scan compares the disk with, by `place_of`; hidden rows included."""
        cursor = self._database.read().cursor()
        cursor.row_factory = None  # plain tuples: this is done for every file at every start
        cursor.execute(
            "SELECT path, id, audio_id, root_id, size_bytes, mtime_ns, ctime_ns, available,"
            " gone_at_s IS NOT NULL, sheets, start_s, end_s, tags_version, identity_version"
            " FROM tracks"
            # What a removed folder held is new to whichever other folder it is found in.
            " WHERE root_id IN (SELECT id FROM roots WHERE removed_at_s IS NULL)"
        )
        versions: dict[tuple[int, int], DerivedVersions] = {}  # a few, shared by all rows
        known = {}
        # Without a call more than need be: a row takes 5 µs, and a large library has a million.
        for path, track_id, audio_id, root_id, size, mtime, ctime, available, gone, *rest in cursor:
            sheets, start_s, end_s, tags, identity = rest
            read = versions.get((tags, identity))
            if read is None:
                read = versions[tags, identity] = DerivedVersions(tags, identity)
            where, part = os.fsdecode(path), None
            if start_s is not None:
                part = part_of(start_s, end_s)
                where = place_of(where, part)
            stamp = FileStamp(size, mtime, ctime)
            known[where] = KnownFile(
                *(track_id, audio_id, root_id, stamp, available == 1, gone == 1, read, sheets, part)
            )
        return known

    def upsert_many(self, files: Iterable[FileFacts]) -> None:
        """Add files, or renew the rows of those whose path is known; ids stay."""
        now_s = time.time()
        with self._database.write() as connection:
            # A folder may have been removed while its files were still being read.
            present = connection.execute("SELECT id FROM roots WHERE removed_at_s IS NULL")
            roots = {row["id"] for row in present}
            wanted = [facts for facts in files if facts.root_id in roots]
            kept = _with_decoded_lengths(connection, wanted)
            connection.executemany(_UPSERT, ((*fact_values(facts), now_s) for facts in kept))

    def forget_read(self, track_ids: Iterable[TrackId]) -> None:
        """Have the next scan read these files again, as if an older program had read them."""
        self._mark("tags_version = 0, identity_version = 0", track_ids)

    def forget_read_below(self, path: Path) -> None:
        """Have the next scan read a file, or every file below a folder, again."""
        below = os.fsencode(path).rstrip(os.sep.encode()) + os.sep.encode()
        with self._database.write() as connection:
            connection.execute(
                "UPDATE tracks SET tags_version = 0, identity_version = 0"
                " WHERE path = ? OR substr(path, 1, ?) = ?",
                (os.fsencode(path), len(below), below),
            )

    def move(self, track_id: TrackId, facts: FileFacts) -> None:
        """Give a track a new place (and what its file says there).

        A row that held this place before is gone, until its audio turns up elsewhere.
        """
        with self._database.write() as connection:
            connection.execute(
                # A path must be unique; one that is not absolute is nobody's.
                "UPDATE tracks SET path = CAST('displaced/' || id AS BLOB), available = 0,"
                " gone_at_s = ? WHERE path = ? AND start_s IS ? AND id != ?",
                (
                    *(time.time(), os.fsencode(facts.path)),
                    facts.part.start_s if facts.part is not None else None,
                    track_id,
                ),
            )
            (facts,) = _with_decoded_lengths(connection, [facts])
            connection.execute(_UPDATE, (*fact_values(facts), track_id))

    def mark_available(self, track_ids: Iterable[TrackId]) -> None:
        """Note that these files are there."""
        # Another process may have removed the folder since these files were looked at.
        self._mark(
            "available = 1, gone_at_s = NULL",
            track_ids,
            " AND root_id IN (SELECT id FROM roots WHERE removed_at_s IS NULL)",
        )

    def mark_missing(self, track_ids: Iterable[TrackId]) -> None:
        """Note that these files cannot be reached now; they stay listed."""
        self._mark("available = 0", track_ids)

    def mark_gone(self, track_ids: Iterable[TrackId]) -> None:
        """Hide tracks whose files were deleted; they come back when their audio does."""
        self._mark(f"available = 0, gone_at_s = {time.time()!r}", track_ids)

    def forget_gone(self, before_s: float) -> int:
        """Delete the hidden rows of files deleted before this time; return how many.

        Folders that were removed before it go as well.
        """
        with self._database.write() as connection:
            connection.execute("DELETE FROM roots WHERE removed_at_s < ?", (before_s,))
            return connection.execute(
                "DELETE FROM tracks WHERE gone_at_s < ?", (before_s,)
            ).rowcount

    def remove(self, track_ids: Iterable[TrackId]) -> None:
        """Delete rows for good."""
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM tracks WHERE id = ?", ((track_id,) for track_id in track_ids)
            )

    def _mark(self, change: str, track_ids: Iterable[TrackId], condition: str = "") -> None:
        with self._database.write() as connection:
            connection.executemany(
                f"UPDATE tracks SET {change} WHERE id = ?{condition}",
                ((track_id,) for track_id in track_ids),
            )

    def _tracks(self, where: str, *values: object) -> list[Track]:
        cursor = self._database.read().cursor()
        cursor.row_factory = None  # plain tuples: a third faster over a large library
        rows: sqlite3.Cursor = cursor.execute(f"{_SELECT} {where}", values)
        return read_tracks(rows)

    def _one(self, where: str, *values: object) -> Track | None:
        return next(iter(self._tracks(where, *values)), None)
