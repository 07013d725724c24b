"""What is pending, what came of it, and how far it is; results are stored in batches."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from mecomp_desktop.analysis.excerpts import READER_VERSION
from mecomp_desktop.analysis.model import ModelInfo
from mecomp_desktop.analysis.order import sampled
from mecomp_desktop.analysis.pool import Embedded, EmbeddingFailed
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.progress import Progress, RateMeter
from mecomp_desktop.store.claims import Claim, Claims
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings, StoredEmbedding
from mecomp_desktop.store.failures import Failure, Failures
from mecomp_desktop.store.lengths import DecodedLength, Lengths
from mecomp_desktop.store.pending import Coverage, Pending, PendingTrack

# A batch is one transaction: what a crash may cost, against how often the disk is touched.
_BATCH_COUNT = 32
_BATCH_S = 1.0


class Stored(NamedTuple):
    """What one batch brought."""

    embedded: list[StoredEmbedding]
    failed_ids: list[AudioId]
    lengths: int = 0
    """How many tracks turned out to be of another length than was listed."""


class EmbeddingWriter:
    """Plans the work and stores its results; used by one thread, `progress` by any.

    Args:
        database: The library.
        info: The model in use.
        policy: The name of the excerpt policy.
    """

    def __init__(self, database: Database, info: ModelInfo, policy: str) -> None:
        self._database = database
        self._embeddings, self._failures = Embeddings(database), Failures(database)
        self._pending = Pending(database)
        self._lengths = Lengths(database)
        self._claims = Claims(database, info.body_hash, policy)
        self._info = info
        self._policy = policy
        self._meter = RateMeter()
        self._coverage = Coverage(0, 0, 0)
        self._embedded: list[Embedded] = []
        self._embedding_failed: list[EmbeddingFailed] = []
        self._oldest_s = 0.0

    def plan(self) -> list[PendingTrack]:
        """Return what is to be analysed as the library is now."""
        body = self._info.body_hash
        self._coverage = self._pending.coverage(body, self._policy)
        return sampled(self._pending.tracks(body, self._policy))

    def claim(self, track: PendingTrack) -> Claim:
        """Claim a track for this process; from any thread."""
        return self._claims.take(track)

    def release_all(self) -> None:
        """Give back what was claimed and not done, and what dead processes left."""
        self._claims.release_all()

    def embedded_by_others(self, audio_ids: Iterable[AudioId]) -> list[StoredEmbedding]:
        """Return the vectors of this model that other processes have stored by now."""
        body = self._info.body_hash
        found = (self._embeddings.get(audio_id, body) for audio_id in audio_ids)
        return [stored for stored in found if stored is not None]

    def forgive(self) -> None:
        """Try files again that failed for a passing reason, or for an older version."""
        again = self._failures.to_try_again("analysis", READER_VERSION)
        if again:
            self._failures.clear_many(map(Path, again), "analysis")

    def note(self, result: Embedded | EmbeddingFailed) -> None:
        """Keep a result for the next batch."""
        if not (self._embedded or self._embedding_failed):
            self._oldest_s = time.monotonic()
        if isinstance(result, Embedded):
            self._embedded.append(result)
        else:
            self._embedding_failed.append(result)
        self._meter.add()

    @property
    def due(self) -> bool:
        """Whether the batch should be stored now."""
        return self.pending >= _BATCH_COUNT or (
            self.pending > 0 and time.monotonic() - self._oldest_s >= _BATCH_S
        )

    @property
    def pending(self) -> int:
        """How many results wait to be stored."""
        return len(self._embedded) + len(self._embedding_failed)

    def store(self) -> Stored:
        """Store the batch, all of it or nothing."""
        embedded, failed, now_s = self._embedded, self._embedding_failed, time.time()
        rows = [self._embedding(result, now_s) for result in embedded]
        done = [result.job for result in embedded]
        lengths = 0
        if embedded or failed:
            with self._database.write():
                self._embeddings.put_many(rows)
                self._failures.clear_analysed((job.path, job.part) for job in done)
                lengths = self._lengths.learn_many(_decoded_lengths(embedded))
                self._failures.record_many(_failure(result, now_s) for result in failed)
                self._claims.release(job.audio_id for job in done)
                self._claims.release(result.job.audio_id for result in failed)
        self._embedded, self._embedding_failed = [], []
        before = self._coverage
        self._coverage = Coverage(
            before.embedded + len(embedded), before.failed + len(failed), before.total
        )
        # The rows go on to whoever serves neighbours: nobody reads back what was just written.
        return Stored(rows, [result.job.audio_id for result in failed], lengths)

    def restart_clock(self) -> None:
        """Leave the time until now (a pause, idleness) out of the rate."""
        self._meter.restart()

    def progress(self) -> Progress:
        """Return how far the library is, in recordings."""
        embedded, failed, total = self._coverage
        bare = Progress(embedded, total, failed)
        return Progress(
            embedded, total, failed, self._meter.rate_per_s(), self._meter.eta_s(bare.remaining)
        )

    def _embedding(self, result: Embedded, now_s: float) -> StoredEmbedding:
        vectors = result.vectors
        return StoredEmbedding(
            audio_id=result.job.audio_id,
            body_hash=vectors.body_hash,
            head_hash=vectors.head_hash,
            policy=self._policy,
            pooled=vectors.pooled,
            embedding=vectors.embedding,
            embedded_at_s=now_s,
            duration_s=vectors.duration_s,
        )


def _decoded_lengths(results: Iterable[Embedded]) -> Iterator[DecodedLength]:
    """Give the lengths that were told; a part of a file ends where its sheet says."""
    for result in results:
        duration_s = result.vectors.duration_s
        if duration_s is not None and result.job.part is None:
            yield DecodedLength(result.job.audio_id, duration_s, result.vectors.ends_early)


def _failure(result: EmbeddingFailed, now_s: float) -> Failure:
    # The stamp is the scan's, not the disk's: a file that changed since is tried again.
    return Failure(
        path=result.job.path,
        stage="analysis",
        reason=result.reason,
        detail=result.detail,
        size_bytes=result.job.size_bytes,
        mtime_ns=result.job.mtime_ns,
        failed_at_s=now_s,
        ctime_ns=result.job.ctime_ns,
        reader_version=READER_VERSION,
        start_s=result.job.part.start_s if result.job.part is not None else None,
    )
