"""What is still to be embedded, and how much of the library has been."""

import os
from pathlib import Path
from typing import Any, NamedTuple

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.part import Part, part_of
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import SOUND, VectorKind

# Whether a vector is one that would be made now; without a policy, from whichever excerpts.
_UP_TO_DATE = "e.kind = :kind AND e.body_hash = :body AND (:policy IS NULL OR e.policy = :policy)"

# Available tracks that have no such vector, apart from files that already failed as they are now
# (a failure that may pass is deleted when it is time to try again).
_MISSING = f"""
    FROM tracks AS t
    WHERE t.available
      AND NOT EXISTS (
        SELECT 1 FROM embeddings AS e WHERE e.audio_id = t.audio_id AND {_UP_TO_DATE})
      AND NOT EXISTS (
        SELECT 1 FROM failures AS f
        WHERE f.path = t.path AND f.stage = 'analysis' AND f.start_s IS t.start_s
          AND f.size_bytes = t.size_bytes AND f.mtime_ns = t.mtime_ns AND f.ctime_ns = t.ctime_ns)
"""

# Of several copies, the first found; one that was absent at the last try comes after the others.
# (With min(), SQLite takes the other columns from the row that has the minimum.)
_TURN = """
    t.id + (CASE WHEN EXISTS (
        SELECT 1 FROM failures AS f
        WHERE f.path = t.path AND f.stage = 'analysis' AND f.start_s IS t.start_s)
      THEN 1 << 48 ELSE 0 END)
"""


class PendingTrack(NamedTuple):
    """One recording that has no vector as it would be made now, and a file to decode it from.

    ``part`` is the stretch of the file that it is; ``None`` for all of it.
    """

    audio_id: AudioId
    path: Path
    size_bytes: int
    mtime_ns: int
    duration_s: float
    ctime_ns: int = 0
    part: Part | None = None


class Coverage(NamedTuple):
    """How much of the available library a body has embedded, counted in recordings."""

    embedded: int
    failed: int
    total: int


class Pending:
    """The recordings that have no vector of a kind as it would be made now.

    Args:
        database: The library database.
        kind: What the vectors are made from.
    """

    def __init__(self, database: Database, kind: VectorKind = SOUND) -> None:
        self._database = database
        self._kind = kind

    def tracks(self, body_hash: str, policy: str | None = None) -> list[PendingTrack]:
        """Return what is still to be embedded, one file a recording, first added first.

        A recording in several files comes once. When the file tried first has failed, the
        next call names another copy of it, if there is one.

        Args:
            body_hash: The body in use.
            policy: Which excerpts it embeds; a vector of other excerpts is to be replaced.
                By default it does not matter.
        """
        rows = self._database.read().execute(
            f"SELECT t.audio_id, t.path, t.size_bytes, t.mtime_ns, t.duration_s, t.ctime_ns,"
            f" t.start_s, t.end_s, min({_TURN})"
            f" {_MISSING} GROUP BY t.audio_id ORDER BY t.id",
            self._bound(body_hash, policy),
        )
        return [_pending(*row[:-1]) for row in rows]

    def coverage(self, body_hash: str, policy: str | None = None) -> Coverage:
        """Return how many of the available recordings this body has embedded.

        Args:
            body_hash: The body.
            policy: Count as embedded only what was embedded with these excerpts.
        """
        read = self._database.read()
        total, embedded = read.execute(
            "SELECT count(DISTINCT t.audio_id),"
            " count(DISTINCT CASE WHEN e.audio_id IS NULL THEN NULL ELSE t.audio_id END)"
            " FROM tracks AS t LEFT JOIN embeddings AS e"
            f" ON e.audio_id = t.audio_id AND {_UP_TO_DATE} WHERE t.available",
            self._bound(body_hash, policy),
        ).fetchone()
        waiting = read.execute(
            f"SELECT count(DISTINCT t.audio_id) {_MISSING}", self._bound(body_hash, policy)
        ).fetchone()[0]
        return Coverage(embedded=embedded, failed=total - embedded - waiting, total=total)

    def _bound(self, body_hash: str, policy: str | None) -> dict[str, str | None]:
        return {
            "kind": self._kind,
            "body": body_hash,
            "policy": policy,
        }


def _pending(audio_id: str, path: bytes, *rest: Any) -> PendingTrack:  # noqa: ANN401 (a row)
    size_bytes, mtime_ns, duration_s, ctime_ns, start_s, end_s = rest
    where, part = Path(os.fsdecode(path)), part_of(start_s, end_s)
    return PendingTrack(AudioId(audio_id), where, size_bytes, mtime_ns, duration_s, ctime_ns, part)
