"""A whole library with real parts: music on disk, scanned, with vectors of a chosen shape."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY
from mecomp_desktop.analysis.model import ModelInfo
from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings, StoredEmbedding
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks

DIMENSION = 8
INFO = ModelInfo("made up", 22_050, DIMENSION, 4, "body", "head", {})
Matrix = npt.NDArray[np.float32]


def directions(count: int, seed: int = 0, dimension: int = DIMENSION) -> Matrix:
    """Return random vectors of length 1, float32 [count, dimension]."""
    vectors = np.random.default_rng(seed).standard_normal((count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def fill(paths: Paths, titles: Sequence[Tags], folder: Path) -> list[Track]:
    """Put tracks into the store, as a scan would have."""
    database = Database(paths.database)
    root_id = Roots(database).add(folder)
    Tracks(database).upsert_many(
        FileFacts(
            folder / f"{number}.flac",
            root_id,
            FileStamp(1, 1),
            AudioId(f"audio {number}"),
            tags,
        )
        for number, tags in enumerate(titles)
    )
    tracks = Tracks(database).all()
    database.close()
    return tracks


def store_vectors(
    database: Database, tracks: Sequence[Track], vectors: Matrix, info: ModelInfo = INFO
) -> list[StoredEmbedding]:
    """Put vectors into the store, as analysis would have, and return them."""
    rows = [
        StoredEmbedding(
            track.audio_id,
            info.body_hash,
            info.head_hash,
            DEFAULT_POLICY.name,
            np.zeros(4, np.float32),
            vector,
            time.time(),
        )
        for track, vector in zip(tracks, vectors, strict=True)
    ]
    Embeddings(database).put_many(rows)
    return rows


@contextmanager
def open_application(paths: Paths, speed: float = 1.0) -> Iterator[Application]:
    app = Application.open(paths, NullEngine(speed))
    try:
        yield app
    finally:
        app.close()
