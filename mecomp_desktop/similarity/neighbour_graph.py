"""The hnswlib graph and its file. Rows of a matrix are its labels.

A file without its header, or one whose checksum, sizes or vectors are not those expected, is
no graph: it is built anew. hnswlib returns squared distances, forgets ``ef`` when it is saved,
and raises when it reaches fewer than ``k`` rows; all three are seen to here.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import hnswlib
import numpy as np

from mecomp_desktop.arrays import Floats, Rows
from mecomp_desktop.domain.ids import AudioId

# Measured at 100,000 x 32 (tests/benchmarks): recall@20 is 0.999 of uniform vectors, the hardest
# there are, and 1.0 of clustered ones.
_LINKS = 16
_EF_BUILD = 200
_EF_QUERY = 400
_SEED = 20
_VERSION = 1


class StaleGraphError(Exception):
    """The file is missing, damaged, or of other vectors than those at hand."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands beside the graph's file."""

    version: int
    count: int
    dimension: int
    stamp: str
    ids: list[str]
    vectors_sha256: str
    file_sha256: str


class Graph:
    """An hnswlib index over rows 0…n-1. Not safe for writing beside anything else.

    Args:
        index: An ``hnswlib.Index`` that is ready for use.
    """

    def __init__(self, index: Any) -> None:  # noqa: ANN401  (hnswlib has no types)
        self._index = index
        self._index.set_ef(_EF_QUERY)

    def __len__(self) -> int:
        return int(self._index.get_current_count())

    def put(self, rows: Sequence[int] | Rows, vectors: Floats, threads: int = 1) -> None:
        """Add rows, or give rows that are there another vector."""
        needed = int(np.max(rows)) + 1 if len(rows) else 0
        if needed > self._index.get_max_elements():
            self._index.resize_index(max(needed, 2 * self._index.get_max_elements()))
        self._index.add_items(vectors, np.asarray(rows, np.int64), num_threads=threads)

    def nearest(self, vector: Floats, k: int) -> tuple[Rows, Floats]:
        """Return rows and Euclidean distances, nearest first.

        Raises:
            RuntimeError: hnswlib reaches fewer than ``k``.
        """
        labels, squares = self._index.knn_query(vector, k=min(k, len(self)), num_threads=1)
        return labels[0].astype(np.int64), np.sqrt(np.maximum(squares[0], 0))

    @classmethod
    def empty(cls, capacity: int, dimension: int) -> "Graph":
        """Return a graph without rows, with room for ``capacity`` of ``dimension`` numbers."""
        index = hnswlib.Index("l2", dimension)
        index.init_index(capacity, M=_LINKS, ef_construction=_EF_BUILD, random_seed=_SEED)
        return cls(index)

    def save(self, path: Path, ids: Sequence[AudioId], matrix: Floats, stamp: str) -> None:
        """Write the file and its header, each whole or not at all.

        Args:
            path: The file; the header lies beside it.
            ids: What each row stands for.
            matrix: The vectors of the rows.
            stamp: Which model made them.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(path) as temporary:
            self._index.save_index(str(temporary))
            digest = _digest_of(temporary)
        header = Header(
            version=_VERSION,
            count=len(matrix),
            dimension=matrix.shape[1],
            stamp=stamp,
            ids=list(ids),
            vectors_sha256=_digest_of_vectors(matrix),
            file_sha256=digest,
        )
        with _replacing(header_path(path)) as temporary:
            temporary.write_text(json.dumps(asdict(header)), encoding="utf-8")

    @classmethod
    def load(
        cls, path: Path, ids: Sequence[AudioId], matrix: Floats, stamp: str
    ) -> tuple["Graph", Rows]:
        """Read a file that was saved for these recordings, or for some of them.

        Returns:
            The graph, and for each of its rows the row of ``matrix`` that it stands for.

        Raises:
            StaleGraphError: It is missing, damaged, or of other vectors.
        """
        header = _read_header(header_path(path))
        if (header.version, header.dimension, header.stamp) != (_VERSION, matrix.shape[1], stamp):
            raise StaleGraphError("it is of another model")
        rows = {audio_id: row for row, audio_id in enumerate(ids)}
        try:
            order = np.array([rows[AudioId(audio_id)] for audio_id in header.ids], np.int64)
        except KeyError as error:
            raise StaleGraphError("it is of another library") from error
        if header.vectors_sha256 != _digest_of_vectors(matrix[order]):
            raise StaleGraphError("its vectors are others")
        if header.file_sha256 != _digest_of(path):
            raise StaleGraphError("it is damaged")
        index = hnswlib.Index("l2", header.dimension)
        try:
            index.load_index(str(path), max_elements=len(matrix))
        except RuntimeError as error:
            raise StaleGraphError(str(error)) from error
        graph = cls(index)
        if not len(graph) == len(order) == header.count:
            raise StaleGraphError("it holds another number of rows")
        return graph, order


def header_path(path: Path) -> Path:
    """Return where the header of a graph's file lies."""
    return path.with_name(path.name + ".json")


def _read_header(path: Path) -> Header:
    try:
        return Header(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise StaleGraphError(f"no header: {error}") from error


def _digest_of_vectors(matrix: Floats) -> str:
    return hashlib.sha256(np.ascontiguousarray(matrix, "<f4").tobytes()).hexdigest()


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StaleGraphError(f"no file: {error}") from error


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file that takes the place of ``path`` once it is on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
