"""Vectors, tracks and failures as rows of the store."""

from pathlib import Path

import numpy as np

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import StoredEmbedding
from mecomp_desktop.store.failures import Failure, Failures
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks


def vector_of(name: str, body: str = "b1", head: str = "h1", size: int = 4) -> StoredEmbedding:
    rng = np.random.default_rng(len(name) + ord(name[0]))
    return StoredEmbedding(
        AudioId(name),
        body,
        head,
        "whole",
        rng.standard_normal(6).astype(np.float32),
        rng.standard_normal(size).astype(np.float32),
        12.5,
    )


def add(database: Database, path: str, audio_id: str, size: int = 10) -> None:
    root = Roots(database).add(Path("/music"))
    facts = FileFacts(
        Path(path), root, FileStamp(size, 5), AudioId(audio_id), Tags("t", duration_s=3.5)
    )
    Tracks(database).upsert_many([facts])


def fail(database: Database, path: str, reason: Reason = Reason.DAMAGED, size: int = 10) -> None:
    Failures(database).record(Failure(Path(path), "analysis", reason, "", size, 5, 1.0))
