"""Embeddings: one vector a recording and body of a model.

A body is everything of a model up to its pooled summary, a head is what turns that summary
into the embedding. Vectors of an old body stay until the new one's are there, and so do those
made from other excerpts than are taken now.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NewType

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.database import Database

VectorKind = NewType("VectorKind", str)
"""What a vector is made from. Distances between vectors of two kinds mean nothing."""

SOUND = VectorKind("sound")
"""Vectors of the audio itself."""

_FLOAT = np.dtype("<f4")


@dataclass(frozen=True, slots=True, eq=False)
class StoredEmbedding:
    """The vectors that one model made of one recording.

    Attributes:
        audio_id: The recording.
        body_hash: The model's part that made ``pooled``.
        head_hash: The model's part that made ``embedding`` from it.
        policy: Which excerpts of the track were embedded.
        pooled: float32 ``[width]``.
        embedding: float32 ``[dimension]``, of length 1.
        embedded_at_s: When, in seconds since the epoch.
        duration_s: The length by which the excerpts were chosen; ``None`` where not known.
    """

    audio_id: AudioId
    body_hash: str
    head_hash: str
    policy: str
    pooled: Floats
    embedding: Floats
    embedded_at_s: float
    duration_s: float | None = None


class Embeddings:
    """The vectors of one kind.

    Args:
        database: The library database.
        kind: What the vectors are made from; those of other kinds are not touched.
    """

    def __init__(self, database: Database, kind: VectorKind = SOUND) -> None:
        self._database = database
        self._kind = kind

    def put(self, embedding: StoredEmbedding) -> None:
        """Store one vector; the one of the same recording and body is replaced."""
        self.put_many([embedding])

    def put_many(self, embeddings: Iterable[StoredEmbedding]) -> None:
        """Store vectors in one transaction."""
        rows = [
            (
                stored.audio_id,
                self._kind,
                stored.body_hash,
                stored.head_hash,
                stored.policy,
                _to_bytes(stored.pooled),
                _to_bytes(stored.embedding),
                stored.embedded_at_s,
                stored.duration_s,
            )
            for stored in embeddings
        ]
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO embeddings (audio_id, kind, body_hash, head_hash,"
                " policy, pooled, embedding, embedded_at_s, duration_s)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def get(self, audio_id: AudioId, body_hash: str) -> StoredEmbedding | None:
        """Return one recording's vector, or ``None``."""
        row = (
            self._database.read()
            .execute(
                "SELECT * FROM embeddings WHERE audio_id = ? AND body_hash = ? AND kind = ?",
                (audio_id, body_hash, self._kind),
            )
            .fetchone()
        )
        if row is None:
            return None
        return StoredEmbedding(
            audio_id=AudioId(row["audio_id"]),
            body_hash=row["body_hash"],
            head_hash=row["head_hash"],
            policy=row["policy"],
            pooled=np.frombuffer(row["pooled"], _FLOAT),
            embedding=np.frombuffer(row["embedding"], _FLOAT),
            embedded_at_s=row["embedded_at_s"],
            duration_s=row["duration_s"],
        )

    def matrix(self, body_hash: str, head_hash: str | None = None) -> tuple[list[AudioId], Floats]:
        """Return all vectors of a body as ids and float32 ``[n, dimension]``, ordered by id.

        Args:
            body_hash: The body.
            head_hash: Only vectors that this head made; by default those of any head. Vectors
                of an uncommon dimension (left by another head) are passed over.
        """
        return self._stack("embedding", body_hash, head_hash)

    def pooled_matrix(self, body_hash: str) -> tuple[list[AudioId], Floats]:
        """Return all summaries of a body as ids and float32 ``[n, width]``, ordered by id.

        This is where a new head begins: one product over it re-embeds the whole library.
        """
        return self._stack("pooled", body_hash, None)

    def rehead(
        self, body_hash: str, head_hash: str, audio_ids: Sequence[AudioId], embeddings: Floats
    ) -> None:
        """Replace the vectors of a body by those of a new head, all or none.

        Args:
            body_hash: The body whose summaries the new head was run over.
            head_hash: The new head.
            audio_ids: The recordings, ``n`` of them.
            embeddings: float32 ``[n, dimension]``.
        """
        rows = [
            (head_hash, _to_bytes(vector), audio_id, body_hash, self._kind)
            for audio_id, vector in zip(audio_ids, embeddings, strict=True)
        ]
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE embeddings SET head_hash = ?, embedding = ?"
                " WHERE audio_id = ? AND body_hash = ? AND kind = ?",
                rows,
            )

    def of_other_heads(
        self, body_hash: str, head_hash: str, slice_rows: int
    ) -> Iterator[tuple[list[AudioId], Floats]]:
        """Yield what other heads of a body have placed, in slices, ordered by id.

        Each slice is read when it is asked for, so that a large library is never in memory
        whole, and may be written by `rehead` before the next is read.

        Args:
            body_hash: The body.
            head_hash: The head whose vectors are left out.
            slice_rows: How many recordings a slice has at most.

        Yields:
            Recordings and their summaries, float32 ``[n, width]``; summaries of another width
            than the first of the slice are passed over.
        """
        after = ""
        while True:
            rows = (
                self._database.read()
                .execute(
                    "SELECT audio_id, pooled FROM embeddings WHERE kind = ? AND body_hash = ?"
                    " AND head_hash <> ? AND audio_id > ? ORDER BY audio_id LIMIT ?",
                    (self._kind, body_hash, head_hash, after, slice_rows),
                )
                .fetchall()
            )
            if not rows:
                return
            # By the last id instead of an offset: what `rehead` has written is no longer among
            # them, and an offset would pass over as many rows as it wrote.
            after = rows[-1][0]
            rows = [row for row in rows if len(row[1]) == len(rows[0][1])]
            data = np.frombuffer(b"".join(row[1] for row in rows), _FLOAT)
            yield [AudioId(row[0]) for row in rows], data.reshape(len(rows), -1).astype(np.float32)

    def retire_other_heads(self, body_hash: str, head_hash: str) -> int:
        """Have what other heads of a body have placed analysed again; return how many.

        The vectors stay and serve until new ones take their place: of no excerpts that anyone
        asks for, they count as missing.
        """
        with self._database.write() as connection:
            return connection.execute(
                "UPDATE embeddings SET policy = '' WHERE kind = ? AND body_hash = ?"
                " AND head_hash <> ? AND policy <> ''",
                (self._kind, body_hash, head_hash),
            ).rowcount

    def heads(self, body_hash: str) -> dict[str, int]:
        """Return how many vectors of a body each head made."""
        return self._count_by("head_hash", "AND body_hash = ?", (body_hash,))

    def bodies(self) -> dict[str, int]:
        """Return how many vectors each body has: the fullest serves until a new one is done."""
        return self._count_by("body_hash", "", ())

    def drop_body(self, body_hash: str) -> None:
        """Delete all vectors of a body that no longer serves."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM embeddings WHERE body_hash = ? AND kind = ?", (body_hash, self._kind)
            )

    def drop_retired(self, kept: Collection[str]) -> int:
        """Delete the vectors of every body that is not among ``kept``; return how many."""
        dropped = 0
        for body_hash, count in self.bodies().items():
            if body_hash not in kept:
                self.drop_body(body_hash)
                dropped += count
        return dropped

    def _count_by(self, column: str, where: str, values: tuple[str, ...]) -> dict[str, int]:
        rows = self._database.read().execute(
            f"SELECT {column}, count(*) FROM embeddings WHERE kind = ? {where} GROUP BY {column}",
            (self._kind, *values),
        )
        return dict(rows.fetchall())

    def _stack(
        self, column: str, body_hash: str, head_hash: str | None
    ) -> tuple[list[AudioId], Floats]:
        rows = (
            self._database.read()
            .execute(
                f"SELECT audio_id, {column} FROM embeddings"
                " WHERE kind = :kind AND body_hash = :body"
                " AND (:head IS NULL OR head_hash = :head) ORDER BY audio_id",
                {"kind": self._kind, "body": body_hash, "head": head_hash},
            )
            .fetchall()
        )
        if not rows:
            return [], np.zeros((0, 0), np.float32)
        sizes = np.array([len(row[1]) for row in rows])
        # The commonest width: some rows of another, which another head has left, must not keep the
        # library from being compared.
        size = int(np.bincount(sizes).argmax())
        rows = [row for row in rows if len(row[1]) == size]
        data = np.frombuffer(b"".join(row[1] for row in rows), _FLOAT)
        matrix = data.reshape(len(rows), -1).astype(np.float32)
        return [AudioId(row[0]) for row in rows], matrix


def _to_bytes(vector: Floats) -> bytes:
    return np.ascontiguousarray(vector, _FLOAT).tobytes()
