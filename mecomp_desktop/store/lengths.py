"""The lengths that decoding has told, which replace what headers claim."""

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.database import Database

# Nearer than this a length is right: it is shown in whole seconds, and encoders round.
_SLACK_S = 0.25
# A vector made by a length that is wrong by more is of other excerpts than it should be.
_VECTOR_SLACK_S, _VECTOR_SLACK_SHARE = 1.0, 0.02

# The length by which excerpts were chosen; older vectors were chosen by the one that is listed.
_RETIRE = f"""
    UPDATE embeddings SET policy = ''
    WHERE audio_id = :audio_id AND policy <> '' AND kind = 'sound'
      AND abs(coalesce(duration_s, (
        SELECT t.duration_s FROM tracks AS t
        WHERE t.audio_id = :audio_id AND t.start_s IS NULL LIMIT 1), :duration_s) - :duration_s)
        > max({_VECTOR_SLACK_S}, {_VECTOR_SLACK_SHARE} * :duration_s)
"""
_CORRECT = f"""
    UPDATE tracks SET duration_s = :duration_s, ends_early = :ends_early
    WHERE audio_id = :audio_id AND start_s IS NULL
      AND (abs(duration_s - :duration_s) > {_SLACK_S} OR ends_early <> :ends_early)
"""


class DecodedLength(NamedTuple):
    """What decoding a whole file to its end has told.

    Attributes:
        audio_id: The recording.
        duration_s: How long it is.
        ends_early: Whether it ends clearly before the end that its header promises.
    """

    audio_id: AudioId
    duration_s: float
    ends_early: bool


class Lengths:
    """The table of decoded lengths, one row a recording."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def learn_many(self, lengths: Iterable[DecodedLength]) -> int:
        """Keep lengths, and correct the tracks that say otherwise; return how many did.

        A vector whose excerpts were chosen by a length that was clearly wrong is made anew in the
        background; until then it serves.
        """
        rows = [
            {"audio_id": audio_id, "duration_s": duration_s, "ends_early": int(ends_early)}
            for audio_id, duration_s, ends_early in lengths
            if duration_s > 0
        ]
        if not rows:
            return 0
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO decoded_lengths (audio_id, duration_s, ends_early)"
                " VALUES (:audio_id, :duration_s, :ends_early)",
                rows,
            )
            retire_vectors_of_other_lengths(connection, rows)
            return connection.executemany(_CORRECT, rows).rowcount


def decoded_lengths(
    connection: sqlite3.Connection, audio_ids: Iterable[AudioId]
) -> dict[AudioId, tuple[float, bool]]:
    """Return length and whether it ends early, of those recordings that have been decoded."""
    rows = connection.execute(
        "SELECT audio_id, duration_s, ends_early FROM decoded_lengths"
        " WHERE audio_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(audio_ids)),),
    )
    return {AudioId(audio_id): (float(length_s), bool(early)) for audio_id, length_s, early in rows}


def retire_vectors_of_other_lengths(
    connection: sqlite3.Connection, rows: Iterable[dict[str, object]]
) -> None:
    """Have vectors made anew whose excerpts were chosen by a clearly other length.

    To be called before the rows of tracks are written: what they say was believed till now.

    Args:
        connection: The one that writes.
        rows: ``audio_id`` and ``duration_s`` of recordings.
    """
    connection.executemany(_RETIRE, rows)
