"""Finds tracks by a condition in SQL, and reads the facts of recordings that conditions ask for."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from mecomp_desktop.domain.ids import AudioId, TrackId
from mecomp_desktop.store.database import Database
from mecomp_desktop.text import fold, sort_key

# Each source of facts has a row a recording; a fact is one of its columns.
_SOURCES: dict[str, str] = {
    "play_facts": "SELECT audio_id, plays, skips, first_played_at_s, last_played_at_s"
    " FROM song_history",
    "rating_facts": "SELECT audio_id, liked_at_s IS NOT NULL AS liked, half_stars / 2.0 AS rating"
    " FROM song_ratings",
}
_FACTS: dict[str, str] = {
    **dict.fromkeys(("plays", "skips", "first_played_at_s", "last_played_at_s"), "play_facts"),
    **dict.fromkeys(("liked", "rating"), "rating_facts"),
}
FACTS: tuple[str, ...] = tuple(_FACTS)
"""What is known of recordings, by name."""


def fact_expression(name: str) -> str:
    """Return the SQL of a fact in a condition of `SongSearch`; NULL where there is none.

    Raises:
        KeyError: There is no such fact.
    """
    return f"{_FACTS[name]}.{name}"


class SongSearch:
    """Searches the table of tracks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ids(
        self,
        condition: str,
        values: Sequence[object],
        order: str = "tracks.id",
        limit: int | None = None,
    ) -> list[TrackId]:
        """Return the listed tracks that meet a condition, in an order.

        Args:
            condition: Over the columns of ``tracks`` and `fact_expression`; may use
                ``song_fold(text)``, ``song_sort_key(text)`` and ``song_list_sort_key(list)``.
            values: One for each question mark in it.
            order: Terms of an ``ORDER BY``.
            limit: How many at most.
        """
        joins = "".join(f" LEFT JOIN {source} USING (audio_id)" for source in _SOURCES)
        tables = ", ".join(f"{source} AS ({text})" for source, text in _SOURCES.items())
        cursor = self._connection().execute(
            f"WITH {tables} SELECT tracks.id FROM tracks{joins}"
            f" WHERE tracks.gone_at_s IS NULL AND {condition} ORDER BY {order} LIMIT ?",
            (*values, -1 if limit is None else limit),
        )
        return [TrackId(row[0]) for row in cursor]

    def facts(self) -> Mapping[str, Mapping[AudioId, float]]:
        """Return what is known of recordings, by the name of the fact."""
        found: dict[str, dict[AudioId, float]] = {name: {} for name in _FACTS}
        for source, text in _SOURCES.items():
            names = [name for name, of in _FACTS.items() if of == source]
            cursor = self._database.read().cursor()
            cursor.row_factory = None
            columns = ", ".join(names)
            for audio_id, *numbers in cursor.execute(
                f"WITH {source} AS ({text}) SELECT audio_id, {columns} FROM {source}"
            ):
                for name, number in zip(names, numbers, strict=True):
                    if number is not None:
                        found[name][audio_id] = number
        return found

    def _connection(self) -> sqlite3.Connection:
        connection = self._database.read()
        # Given again each time: it is a connection a thread, and this costs microseconds.
        for name, function in _FUNCTIONS.items():
            connection.create_function(name, 1, function, deterministic=True)
        return connection


def _text(value: str | bytes) -> str:
    """Return a text as it is, and a path, which is stored as bytes, as text for any database."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _fold(value: str | bytes) -> str:
    return fold(_text(value))


def _sort_key(value: str | bytes) -> str:
    return sort_key(_text(value))


def _list_sort_key(value: str) -> str:
    return sort_key(", ".join(json.loads(value)))


_FUNCTIONS = {
    "song_fold": _fold,
    "song_sort_key": _sort_key,
    "song_list_sort_key": _list_sort_key,
}
