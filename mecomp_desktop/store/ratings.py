"""What the listener likes, how it was rated, and what is never to be played again."""

import os
import sqlite3

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.rating import (
    NO_RATING,
    Rating,
    Ratings,
    RatingTable,
    Subject,
    SubjectKind,
)
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.revisions import count_change

RATINGS_REVISION = "ratings"
_VALUES = "liked_at_s, half_stars, never_at_s"


class RatingStore:
    """Ratings of recordings, albums, artists and folders.

    Args:
        database: The library database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> RatingTable:
        """Return everything that was liked, rated or put away."""
        read = self._database.read()
        songs = read.execute(f"SELECT audio_id, {_VALUES} FROM song_ratings")
        groups = read.execute(f"SELECT kind, name, artist, {_VALUES} FROM group_ratings")
        return RatingTable(
            {AudioId(row["audio_id"]): _rating(row) for row in songs},
            {_subject(row): _rating(row) for row in groups},
        )

    def put(self, ratings: Ratings) -> None:
        """Store ratings in place of those of before; all or none."""
        with self._database.write() as connection:
            for subject, rating in ratings.items():
                _put(connection, subject, rating)
            count_change(connection, RATINGS_REVISION)


def _put(connection: sqlite3.Connection, subject: Subject, rating: Rating) -> None:
    if subject.kind is SubjectKind.SONG:
        table, columns = "song_ratings", "audio_id"
        key: tuple[str | bytes, ...] = (subject.name,)
    else:
        table, columns = "group_ratings", "kind, name, artist"
        key = (subject.kind.value, os.fsencode(subject.name), os.fsencode(subject.artist))
    marks = ", ".join("?" * len(key))
    if rating == NO_RATING:
        connection.execute(f"DELETE FROM {table} WHERE ({columns}) = ({marks})", key)
    else:
        connection.execute(
            f"INSERT OR REPLACE INTO {table} ({columns}, {_VALUES}) VALUES ({marks}, ?, ?, ?)",
            (*key, rating.liked_at_s, rating.half_stars, rating.never_at_s),
        )


def _rating(row: sqlite3.Row) -> Rating:
    return Rating(row["liked_at_s"], row["half_stars"], row["never_at_s"])


def _subject(row: sqlite3.Row) -> Subject:
    return Subject(SubjectKind(row["kind"]), os.fsdecode(row["name"]), os.fsdecode(row["artist"]))
