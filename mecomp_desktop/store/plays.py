"""What was played, and when."""

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.database import Database


class Plays:
    """The history of plays, by what was heard rather than by file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, audio_id: AudioId, started_at_s: float, played_s: float) -> None:
        """Note that something was played.

        Args:
            audio_id: What was played.
            started_at_s: When, in seconds since the epoch.
            played_s: For how long.
        """
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO plays (audio_id, started_at_s, played_s) VALUES (?, ?, ?)",
                (audio_id, started_at_s, played_s),
            )

    def recent(self, limit: int = 100, since_s: float = 0.0) -> list[AudioId]:
        """Return what was played last, newest first, each once.

        Args:
            limit: At most so many.
            since_s: Nothing that started before this time, in seconds since the epoch.
        """
        rows = self._database.read().execute(
            "SELECT audio_id FROM plays WHERE started_at_s >= ?"
            " GROUP BY audio_id ORDER BY MAX(started_at_s) DESC, MAX(id) DESC LIMIT ?",
            (since_s, limit),
        )
        return [AudioId(row["audio_id"]) for row in rows]

    def counts(self) -> dict[AudioId, int]:
        """Return how often each recording was played."""
        rows = self._database.read().execute(
            "SELECT audio_id, COUNT(*) AS n FROM plays GROUP BY audio_id"
        )
        return {AudioId(row["audio_id"]): row["n"] for row in rows}
