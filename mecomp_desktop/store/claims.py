"""Claims: which process analyses which recording right now."""

import os
import time
from collections.abc import Iterable
from enum import Enum, auto

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import SOUND, VectorKind
from mecomp_desktop.store.pending import PendingTrack

# No recording takes this long. A claim that is older belongs to a process that hangs, or to one
# that got the id and the start of another on a machine that was started anew.
_EXPIRES_S = 3600.0
# When a process started is computed from the time since boot, and may differ by some ticks.
_SAME_START_S = 2.0


class Claim(Enum):
    """What came of asking for a recording."""

    TAKEN = auto()
    ELSEWHERE = auto()
    DONE = auto()


class Claims:
    """Lets several processes share the analysis of one library, so that nothing is done twice.

    A claim is a row with the id and the start of its process. It ends when the process gives it
    back, in the transaction that stores the result, or when the process is gone: whoever wants
    the recording next sees that and takes over.

    Args:
        database: The library database.
        body_hash: The body of the model that embeds.
        policy: Which excerpts it embeds.
        kind: What its vectors are made from.
    """

    def __init__(
        self, database: Database, body_hash: str, policy: str, kind: VectorKind = SOUND
    ) -> None:
        self._database = database
        self._body_hash = body_hash
        self._policy = policy
        self._kind = kind
        import psutil  # here and below: the window comes up before anything is analysed

        self._process_id = os.getpid()
        self._started_s = psutil.Process().create_time()

    def take(self, track: PendingTrack) -> Claim:
        """Claim a recording, unless another process has it or has done it meanwhile.

        Raises:
            BrokenEnvironment: The library cannot be written.
        """
        audio_id = track.audio_id
        # One immediate transaction: between the look and the claim nobody else can do the same.
        with self._database.write() as connection:
            done = connection.execute(
                "SELECT 1 FROM embeddings WHERE audio_id = ? AND body_hash = ? AND policy = ?"
                " AND kind = ?"
                " UNION ALL SELECT 1 FROM failures WHERE path = ? AND stage = 'analysis'"
                " AND start_s IS ? AND size_bytes = ? AND mtime_ns = ? AND ctime_ns = ?",
                (
                    *(audio_id, self._body_hash, self._policy, self._kind),
                    os.fsencode(track.path),
                    track.part.start_s if track.part is not None else None,
                    *(track.size_bytes, track.mtime_ns, track.ctime_ns),
                ),
            ).fetchone()
            if done is not None:
                return Claim.DONE
            row = connection.execute(
                "SELECT process_id, process_started_s, claimed_at_s FROM claims"
                " WHERE audio_id = ? AND body_hash = ?",
                (audio_id, self._body_hash),
            ).fetchone()
            if row is not None and self._is_held(*row):
                return Claim.ELSEWHERE
            connection.execute(
                "INSERT OR REPLACE INTO claims (audio_id, body_hash, process_id,"
                " process_started_s, claimed_at_s) VALUES (?, ?, ?, ?, ?)",
                (audio_id, self._body_hash, self._process_id, self._started_s, time.time()),
            )
        return Claim.TAKEN

    def release(self, audio_ids: Iterable[AudioId]) -> None:
        """Give recordings back: their results are stored, or nobody works on them any more."""
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM claims WHERE audio_id = ? AND body_hash = ? AND process_id = ?",
                ((audio_id, self._body_hash, self._process_id) for audio_id in audio_ids),
            )

    def release_all(self) -> None:
        """Give back whatever this process has claimed, and what dead processes left."""
        with self._database.write() as connection:
            rows = connection.execute(
                "SELECT audio_id, body_hash, process_id, process_started_s, claimed_at_s"
                " FROM claims"
            ).fetchall()
            connection.executemany(
                "DELETE FROM claims WHERE audio_id = ? AND body_hash = ?",
                [tuple(row)[:2] for row in rows if not self._is_held(*tuple(row)[2:])],
            )
            connection.execute("DELETE FROM claims WHERE process_id = ?", (self._process_id,))

    def _is_held(self, process_id: int, started_s: float, claimed_at_s: float) -> bool:
        """Return whether a claim is that of another process which still works on it."""
        if process_id == self._process_id:
            return False
        if time.time() - claimed_at_s > _EXPIRES_S:
            return False
        import psutil

        try:
            return abs(psutil.Process(process_id).create_time() - started_s) < _SAME_START_S
        except psutil.NoSuchProcess:
            return False
        except psutil.Error:
            return True  # there is one, of which we may learn nothing more
