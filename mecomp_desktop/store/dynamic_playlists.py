"""The table of dynamic playlists."""

from mecomp_desktop.domain.dynamic_playlist import DynamicPlaylist
from mecomp_desktop.domain.ids import DynamicPlaylistId
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.revisions import count_change

DYNAMIC_PLAYLISTS_REVISION = "dynamic playlists"
_COLUMNS = "id, name, query, sort, song_limit"


class DynamicPlaylistStore:
    """Dynamic playlists, one row each.

    Args:
        database: The library database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[DynamicPlaylist]:
        """Return every one, in no order."""
        rows = self._database.read().execute(f"SELECT {_COLUMNS} FROM dynamic_playlists")
        return [DynamicPlaylist(*row) for row in rows]

    def put(self, playlist: DynamicPlaylist) -> None:
        """Store one, in place of what it was before."""
        with self._database.write() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO dynamic_playlists ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)",
                (playlist.id, playlist.name, playlist.query, playlist.sort, playlist.limit),
            )
            count_change(connection, DYNAMIC_PLAYLISTS_REVISION)

    def remove(self, playlist_id: DynamicPlaylistId) -> None:
        """Delete one. Idempotent."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM dynamic_playlists WHERE id = ?", (playlist_id,))
            count_change(connection, DYNAMIC_PLAYLISTS_REVISION)
