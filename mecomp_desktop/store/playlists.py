"""Playlists, folders of playlists, and what is in them."""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from mecomp_desktop.domain.ids import AudioId, PlaylistEntryId, PlaylistId
from mecomp_desktop.domain.playlist import (
    Playlist,
    PlaylistEntries,
    PlaylistEntry,
    PlaylistKind,
    Playlists,
)
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.revisions import count_change

PLAYLISTS_REVISION = "playlists"
NEVER_READ = -1
_ENTRY_COLUMNS = "entry_id, audio_id, path, title, artist, album, duration_s"
_KINDS = frozenset(PlaylistKind)


@dataclass(frozen=True, slots=True)
class StoredPlaylists:
    """All playlists at one time.

    Attributes:
        revision: How often playlists had been changed by then.
        playlists: The playlists.
    """

    revision: int = NEVER_READ
    playlists: Playlists = field(default_factory=dict)


class PlaylistStore:
    """All playlists.

    Args:
        database: The library database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> StoredPlaylists:
        """Return all playlists with all their entries."""
        connection = self._database.read()
        if connection.in_transaction:
            return _read(connection)
        # One transaction: another process may write between the two tables.
        connection.execute("BEGIN")
        try:
            return _read(connection)
        finally:
            connection.execute("COMMIT")

    def revision(self) -> int:
        """Return how often playlists have been changed so far."""
        return _revision(self._database.read())

    def change(
        self, seen: StoredPlaylists, edit: Callable[[Playlists], Playlists]
    ) -> StoredPlaylists:
        """Apply an edit to what is stored, in one transaction; return what is stored then.

        Args:
            seen: What this process read or wrote last; where another one has written since, its
                playlists are read first.
            edit: Makes of all playlists those to be stored.
        """
        with self._database.write() as connection:
            if _revision(connection) != seen.revision:
                seen = _read(connection)
            changed = edit(seen.playlists)
            for playlist_id in {**seen.playlists, **changed}:
                before, after = seen.playlists.get(playlist_id), changed.get(playlist_id)
                if before is not after:
                    _write(connection, playlist_id, before, after)
            count_change(connection, PLAYLISTS_REVISION)
            return StoredPlaylists(_revision(connection), changed)


def _revision(connection: sqlite3.Connection) -> int:
    row = connection.execute(
        "SELECT number FROM revisions WHERE name = ?", (PLAYLISTS_REVISION,)
    ).fetchone()
    return row["number"] if row is not None else 0


def _read(connection: sqlite3.Connection) -> StoredPlaylists:
    revision = _revision(connection)
    entries = _read_entries(connection)
    rows = connection.execute("SELECT id, kind, name, parent_id, place FROM playlists")
    playlists = {
        playlist_id: Playlist(
            playlist_id, name, PlaylistKind(kind), parent_id, place, entries[playlist_id]
        )
        for playlist_id, kind, name, parent_id, place in rows
        # What a newer version keeps here besides stays in the store, unseen.
        if kind in _KINDS
    }
    return StoredPlaylists(revision, playlists)


def _read_entries(connection: sqlite3.Connection) -> defaultdict[PlaylistId, PlaylistEntries]:
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples: a playlist may have many thousand
    cursor.execute(
        f"SELECT playlist_id, {_ENTRY_COLUMNS} FROM playlist_entries ORDER BY playlist_id, position"
    )
    shared: dict[str, str] = {}  # the same few artists and albums all over
    found: defaultdict[PlaylistId, list[PlaylistEntry]] = defaultdict(list)
    for playlist_id, entry_id, audio_id, path, title, artist, album, duration_s in cursor:
        found[playlist_id].append(
            PlaylistEntry(
                PlaylistEntryId(entry_id),
                AudioId(audio_id),
                os.fsdecode(path),
                title,
                shared.setdefault(artist, artist),
                shared.setdefault(album, album),
                duration_s,
            )
        )
    return defaultdict(tuple, {key: tuple(entries) for key, entries in found.items()})


def _write(
    connection: sqlite3.Connection,
    playlist_id: PlaylistId,
    before: Playlist | None,
    after: Playlist | None,
) -> None:
    if after is None:  # its entries go with it
        connection.execute("DELETE FROM playlists WHERE id = ?", (playlist_id,))
        return
    connection.execute(
        "INSERT INTO playlists (id, kind, name, parent_id, place) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name,"
        " parent_id = excluded.parent_id, place = excluded.place",
        (after.id, after.kind.value, after.name, after.parent_id, after.place),
    )
    _write_entries(connection, after.id, before.entries if before else (), after.entries)


def _write_entries(
    connection: sqlite3.Connection,
    playlist_id: PlaylistId,
    before: PlaylistEntries,
    after: PlaylistEntries,
) -> None:
    """Write the places that hold another entry than before; adding to the end costs its songs."""
    connection.executemany(
        f"INSERT OR REPLACE INTO playlist_entries (playlist_id, position, {_ENTRY_COLUMNS})"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                playlist_id,
                position,
                entry.id,
                entry.audio_id,
                os.fsencode(entry.path),
                entry.title,
                entry.artist,
                entry.album,
                entry.duration_s,
            )
            for position, entry in enumerate(after)
            if position >= len(before) or before[position] != entry
        ),
    )
    if len(after) < len(before):
        connection.execute(
            "DELETE FROM playlist_entries WHERE playlist_id = ? AND position >= ?",
            (playlist_id, len(after)),
        )
