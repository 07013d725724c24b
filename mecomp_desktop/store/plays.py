"""What was played, what was left early, and when."""

from collections.abc import Iterable, Mapping

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.play_counts import NEVER_PLAYED, PlayCounts
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.revisions import count_change

HISTORY_REVISION = "history"
_COUNTS = "plays, skips, first_played_at_s, last_played_at_s"


class Plays:
    """The history of plays and skips, by recording rather than by file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, audio_id: AudioId, started_at_s: float, played_s: float) -> None:
        """Note that something was played.

        Args:
            audio_id: What was played.
            started_at_s: When, in seconds since the epoch.
            played_s: For how long.
        """
        self._add("plays", ((audio_id, started_at_s, played_s),))

    def record_skip(self, audio_id: AudioId, started_at_s: float, played_s: float) -> None:
        """Note that the listener left something early; the arguments are those of `record`."""
        self._add("skips", ((audio_id, started_at_s, played_s),))

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
        """Return how often each recording was played, other players' plays included."""
        rows = self._database.read().execute(
            "SELECT audio_id, plays FROM song_history WHERE plays > 0"
        )
        return {AudioId(row["audio_id"]): row["plays"] for row in rows}

    def history(self) -> dict[AudioId, PlayCounts]:
        """Return plays and skips of each recording that has any, imported ones included."""
        rows = self._database.read().execute(f"SELECT audio_id, {_COUNTS} FROM song_history")
        return {AudioId(row[0]): PlayCounts(*row[1:]) for row in rows}

    def history_of(self, audio_id: AudioId) -> PlayCounts:
        """Return plays and skips of one recording."""
        row = (
            self._database.read()
            .execute(f"SELECT {_COUNTS} FROM song_history WHERE audio_id = ?", (audio_id,))
            .fetchone()
        )
        return PlayCounts(*row) if row is not None else NEVER_PLAYED

    def log(self, since_s: float = 0.0) -> list[tuple[AudioId, float, float]]:
        """Return each play from a time on, oldest first: what, when it began, for how long."""
        rows = self._database.read().execute(
            "SELECT audio_id, started_at_s, played_s FROM plays WHERE started_at_s >= ?"
            " ORDER BY started_at_s, id",
            (since_s,),
        )
        return [(AudioId(row[0]), row[1], row[2]) for row in rows]

    def skip_log(self) -> list[tuple[AudioId, float, float]]:
        """Return each skip, oldest first: what, when it began, for how long."""
        rows = self._database.read().execute(
            "SELECT audio_id, started_at_s, played_s FROM skips ORDER BY started_at_s, id"
        )
        return [(AudioId(row[0]), row[1], row[2]) for row in rows]

    def record_many(self, plays: Iterable[tuple[AudioId, float, float]]) -> None:
        """Note plays, all or none: what, when it began, for how long."""
        self._add("plays", plays)

    def record_skips(self, skips: Iterable[tuple[AudioId, float, float]]) -> None:
        """Note skips, all or none: what, when it began, for how long."""
        self._add("skips", skips)

    def imported(self) -> list[tuple[str, AudioId, PlayCounts]]:
        """Return what other players have counted, by source and recording."""
        rows = self._database.read().execute(
            f"SELECT source, audio_id, {_COUNTS} FROM imported_plays ORDER BY source, audio_id"
        )
        return [(row[0], AudioId(row[1]), PlayCounts(*row[2:])) for row in rows]

    def put_imported(self, source: str, counts: Mapping[AudioId, PlayCounts]) -> None:
        """Store what another player has counted, in place of what it said before; all or none.

        Args:
            source: The player's name.
            counts: Its counts.
        """
        rows = (
            (
                audio_id,
                source,
                count.plays,
                count.skips,
                count.first_played_at_s,
                count.last_played_at_s,
            )
            for audio_id, count in counts.items()
        )
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO imported_plays (audio_id, source, plays, skips,"
                " first_played_at_s, last_played_at_s) VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )
            count_change(connection, HISTORY_REVISION)

    def _add(self, table: str, rows: Iterable[tuple[AudioId, float, float]]) -> None:
        with self._database.write() as connection:
            connection.executemany(
                f"INSERT INTO {table} (audio_id, started_at_s, played_s) VALUES (?, ?, ?)", rows
            )
            count_change(connection, HISTORY_REVISION)
