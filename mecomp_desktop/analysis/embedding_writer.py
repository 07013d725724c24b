"""The indexer's books: what is still to be heard, what came of it, and how far it is."""

import os
import time
from typing import NamedTuple

from mecomp_desktop.analysis.model import ModelInfo
from mecomp_desktop.analysis.pool import Heard, NotHeard
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.progress import Progress, RateMeter
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Coverage, Embeddings, StoredEmbedding, Unheard
from mecomp_desktop.store.failures import Failure, Failures

# A batch is one transaction: what a crash may cost, against how often the disk is touched.
_BATCH_COUNT = 32
_BATCH_S = 1.0


class Stored(NamedTuple):
    """What one batch brought."""

    heard: list[AudioId]
    not_heard: list[AudioId]


class Ledger:
    """Plans the work and stores its results; used by one thread, `progress` by any.

    Args:
        database: The library.
        info: The model that listens.
        policy: The name of which part of a track is heard.
    """

    def __init__(self, database: Database, info: ModelInfo, policy: str) -> None:
        self._database = database
        self._embeddings, self._failures = Embeddings(database), Failures(database)
        self._info = info
        self._policy = policy
        self._meter = RateMeter()
        self._coverage = Coverage(0, 0, 0)
        self._heard: list[Heard] = []
        self._not_heard: list[NotHeard] = []
        self._oldest_s = 0.0
        self._absent: set[bytes] = set()

    def plan(self) -> list[Unheard]:
        """Return what is to be heard as the library is now."""
        body = self._info.body_hash
        self._coverage = self._embeddings.counts(body, self._policy)
        # A file that was absent a moment ago is not asked for again until someone says so.
        return [
            job
            for job in self._embeddings.missing(body, self._policy)
            if os.fsencode(job.path) not in self._absent
        ]

    def forgive(self) -> None:
        """Try files that were absent again."""
        self._absent.clear()

    def note(self, result: Heard | NotHeard) -> None:
        """Keep a result for the next batch."""
        if not (self._heard or self._not_heard):
            self._oldest_s = time.monotonic()
        if isinstance(result, Heard):
            self._heard.append(result)
        else:
            self._not_heard.append(result)
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
        return len(self._heard) + len(self._not_heard)

    def store(self) -> Stored:
        """Store the batch, all of it or nothing."""
        heard, not_heard, now_s = self._heard, self._not_heard, time.time()
        if heard or not_heard:
            with self._database.write():
                self._embeddings.put_many(self._embedding(one, now_s) for one in heard)
                self._failures.clear_many([one.job.path for one in heard], "listen")
                self._failures.record_many(_failure(one, now_s) for one in not_heard)
        self._absent.update(
            os.fsencode(one.job.path) for one in not_heard if one.reason is Reason.MISSING
        )
        self._heard, self._not_heard = [], []
        before = self._coverage
        self._coverage = Coverage(
            before.heard + len(heard), before.failed + len(not_heard), before.total
        )
        return Stored([one.job.audio_id for one in heard], [one.job.audio_id for one in not_heard])

    def restart_clock(self) -> None:
        """Leave the time until now (a pause, idleness) out of the rate."""
        self._meter.restart()

    def progress(self) -> Progress:
        """Return how far the library is, in recordings."""
        heard, failed, total = self._coverage
        bare = Progress(heard, total, failed)
        return Progress(
            heard, total, failed, self._meter.rate_per_s(), self._meter.eta_s(bare.remaining)
        )

    def _embedding(self, one: Heard, now_s: float) -> StoredEmbedding:
        return StoredEmbedding(
            audio_id=one.job.audio_id,
            body_hash=one.body_hash,
            head_hash=one.head_hash,
            policy=self._policy,
            pooled=one.pooled,
            embedding=one.embedding,
            heard_at_s=now_s,
        )


def _failure(one: NotHeard, now_s: float) -> Failure:
    # The stamp is the scan's, not the disk's: a file that changed since is heard again.
    return Failure(
        path=one.job.path,
        stage="listen",
        reason=one.reason,
        detail=one.detail,
        size_bytes=one.job.size_bytes,
        mtime_ns=one.job.mtime_ns,
        failed_at_s=now_s,
    )
