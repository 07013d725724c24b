"""The folders of music that the listener has chosen."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.domain.ids import RootId
from mecomp_desktop.files import reachable_folder, resolved
from mecomp_desktop.store.database import Database


@dataclass(frozen=True, slots=True)
class Root:
    """A folder of music.

    Attributes:
        id: The library's number for it.
        path: Where it is, absolute.
        added_at_s: When it was chosen, in seconds since the epoch.
    """

    id: RootId
    path: Path
    added_at_s: float


class Roots:
    """The table of folders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, path: Path) -> RootId:
        """Add a folder, or return the id it already has; one that was removed comes back.

        Links and ".." in the path are followed: by two names of one folder, every song would be
        found twice.
        """
        place = resolved(path)
        with self._database.write() as connection:
            for row in connection.execute("SELECT id, path FROM roots").fetchall():
                # Earlier versions kept links.
                if resolved(Path(os.fsdecode(row["path"]))) == place:
                    root_id = RootId(row["id"])
                    self.restore(root_id)
                    return root_id
            cursor = connection.execute(
                "INSERT INTO roots (path, added_at_s) VALUES (?, ?)",
                (os.fsencode(place), time.time()),
            )
            assert cursor.lastrowid is not None
            return RootId(cursor.lastrowid)

    def all(self) -> list[Root]:
        """Return every folder, in the order in which they were added."""
        rows = self._database.read().execute(
            "SELECT id, path, added_at_s FROM roots WHERE removed_at_s IS NULL ORDER BY id"
        )
        return [
            Root(RootId(row["id"]), Path(os.fsdecode(row["path"])), row["added_at_s"])
            for row in rows
        ]

    def remove(self, root_id: RootId) -> None:
        """Hide a folder and its tracks. Plays, judgments and vectors know recordings, and stay."""
        now_s = time.time()
        with self._database.write() as connection:
            connection.execute("UPDATE roots SET removed_at_s = ? WHERE id = ?", (now_s, root_id))
            connection.execute(
                "UPDATE tracks SET available = 0, gone_at_s = ?"
                " WHERE root_id = ? AND gone_at_s IS NULL",
                (now_s, root_id),
            )

    def remove_emptied(self, root_ids: Iterable[RootId]) -> list[Path]:
        """Hide those of these folders that are not there and of which no song is left.

        A folder that was renamed and added again under its new name takes its songs along; its
        old name would be listed as missing for ever.

        Returns:
            Where they were.
        """
        removed = []
        for root in self.all():
            if root.id not in set(root_ids) or reachable_folder(root.path):
                continue
            left = self._database.read().execute(
                "SELECT 1 FROM tracks WHERE root_id = ? AND gone_at_s IS NULL LIMIT 1", (root.id,)
            )
            if left.fetchone() is None:
                self.remove(root.id)
                removed.append(root.path)
        return removed

    def restore(self, root_id: RootId) -> None:
        """Bring a removed folder and its tracks back, under the ids they had. Idempotent.

        The tracks are marked available; a scan finds out which of them are.
        """
        with self._database.write() as connection:
            # Only what was hidden by the removal: files deleted before it stay gone.
            connection.execute(
                "UPDATE tracks SET available = 1, gone_at_s = NULL WHERE root_id = :root"
                " AND gone_at_s = (SELECT removed_at_s FROM roots WHERE id = :root)",
                {"root": root_id},
            )
            connection.execute("UPDATE roots SET removed_at_s = NULL WHERE id = ?", (root_id,))
