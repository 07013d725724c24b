"""A recording's identity under another name: what refers to it follows."""

from collections import defaultdict
from collections.abc import Iterable

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.playlists import PLAYLISTS_REVISION
from mecomp_desktop.store.ratings import RATINGS_REVISION
from mecomp_desktop.store.revisions import count_change

# Every column that names a recording by its identity and must survive a new way to tell it.
_HISTORY = (
    ("plays", "audio_id"),
    ("skips", "audio_id"),
    ("imported_plays", "audio_id"),
    ("song_ratings", "audio_id"),
    ("playlist_entries", "audio_id"),
    ("judgments", "first"),
    ("judgments", "second"),
    ("judgments", "third"),
)


class Recordings:
    """What is stored of recordings, in whichever table.

    Args:
        database: The library database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def rename_many(self, renamed: Iterable[tuple[AudioId, AudioId]]) -> None:
        """Let history and vectors follow identities that a new version tells differently.

        To be called after the tracks have their new identities. A vector follows only where the
        old identity stood for one recording alone: of which of several it was made (a fault of
        an older version gave them one), nobody can tell, and it is made anew.

        Args:
            renamed: Old and new identity of each recording.
        """
        new_ids: dict[AudioId, list[AudioId]] = defaultdict(list)
        for old, new in renamed:
            if new not in new_ids[old]:
                new_ids[old].append(new)
        with self._database.write() as connection:
            # Their services hold all of theirs in memory, by the identities of before.
            for revision in (RATINGS_REVISION, PLAYLISTS_REVISION):
                count_change(connection, revision)
            for old, news in new_ids.items():
                for table, column in _HISTORY:
                    # A judgment in which the two are compared with each other stays as it is.
                    connection.execute(
                        f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?",
                        (news[0], old),
                    )
                left = connection.execute(
                    "SELECT 1 FROM tracks WHERE audio_id = ? LIMIT 1", (old,)
                ).fetchone()
                if left is None and len(news) == 1:
                    connection.execute(
                        "UPDATE OR REPLACE embeddings SET audio_id = ? WHERE audio_id = ?",
                        (news[0], old),
                    )
                else:
                    connection.execute("DELETE FROM embeddings WHERE audio_id = ?", (old,))
