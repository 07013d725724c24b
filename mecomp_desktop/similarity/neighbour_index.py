"""Which recordings sound closest: over all vectors of the library, from any thread."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mecomp_desktop.arrays import Floats, Rows
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.similarity.exact_search import nearest_rows
from mecomp_desktop.similarity.neighbour_graph import Graph, StaleGraphError
from mecomp_desktop.similarity.read_write_lock import ReadWriteLock

_log = logging.getLogger(__name__)

# Up to here, looking at every vector is as quick as walking a graph (0.3 ms each at 20,000 × 32),
# exact, and costs nothing to prepare.
EXACT_UP_TO = 25_000
# So many vectors go into the graph between two looks at whether to stop: some 80 ms.
_BLOCK_ROWS = 200
# The graph is saved whenever so many vectors have been added: what was done is kept when the
# program ends, and next time it goes on from there.
_SAVE_EVERY_ROWS = 20_000
# Fewer are not worth the time of writing the file when the program is about to end.
_MIN_ROWS_TO_SAVE = 2_000


def _never() -> bool:
    return False


class Neighbours(NamedTuple):
    """Recordings by distance, nearest first.

    Attributes:
        audio_ids: The recordings.
        distances: float32 ``[n]``, Euclidean between vectors of length 1: 0…2.
    """

    audio_ids: list[AudioId]
    distances: Floats


class NeighbourIndex:
    """All vectors of one model, and a graph over them once there is one.

    It answers from the first moment, by looking at every vector; ``prepare``, called in the
    background, loads or builds the graph. A query never waits for a graph being built.

    Args:
        audio_ids: The recordings, ``n`` of them, each once.
        matrix: float32 ``[n, dimension]``, rows of length 1.
        exact_up_to: Up to how many vectors there is to be no graph.
    """

    def __init__(
        self,
        audio_ids: Sequence[AudioId] = (),
        matrix: Floats | None = None,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        self._exact_up_to = exact_up_to
        self._lock = ReadWriteLock()
        # Taken before the lock by whatever changes rows, and while they are being saved: a
        # change that waits for a save must not stand in the way of queries.
        self._changing = threading.Lock()
        self._ids = list(audio_ids)
        self._matrix = np.zeros((0, 0), np.float32) if matrix is None else matrix.copy()
        if len(self._ids) != len(self._matrix):
            raise ValueError(f"{len(self._ids)} ids for {len(self._matrix)} vectors")
        self._rows = {audio_id: row for row, audio_id in enumerate(self._ids)}
        self._graph: Graph | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, audio_id: object) -> bool:
        return audio_id in self._rows

    @property
    def has_graph(self) -> bool:
        """Whether queries use the graph rather than every vector."""
        return self._graph is not None

    def audio_ids(self) -> list[AudioId]:
        """Return the recordings."""
        with self._lock.read():
            return list(self._ids)

    def vector(self, audio_id: AudioId) -> Floats | None:
        """Return a recording's vector, float32 ``[dimension]``, or ``None``."""
        with self._lock.read():
            row = self._rows.get(audio_id)
            return None if row is None else self._matrix[row].copy()

    def nearest(self, vector: Floats, k: int) -> Neighbours:
        """Return the ``k`` recordings closest to a vector; fewer when there are fewer.

        A caller that will drop some (the seed itself, songs just played) asks for more.

        Args:
            vector: float32 ``[dimension]``; it need not be of length 1.
            k: How many.

        Raises:
            ValueError: The vector has another dimension, or is not finite.
        """
        unit = _unit(vector)
        with self._lock.read():
            matrix = self._matrix[: len(self._ids)]
            if len(matrix) and unit.shape != matrix.shape[1:]:
                raise ValueError(f"{unit.shape} is no vector of {matrix.shape[1]} numbers")
            rows, distances = self._search(matrix, unit, min(k, len(matrix)))
            return Neighbours([self._ids[row] for row in rows], distances)

    def add(self, audio_ids: Sequence[AudioId], vectors: Floats) -> None:
        """Add recordings, or replace the vectors of those that are there.

        Args:
            audio_ids: ``m`` recordings.
            vectors: float32 ``[m, dimension]``, rows of length 1.
        """
        if len(audio_ids) != len(vectors):
            raise ValueError(f"{len(audio_ids)} ids for {len(vectors)} vectors")
        if not len(vectors):
            return
        with self._changing, self._lock.write():
            self._make_room(len(audio_ids), vectors.shape[1])
            rows = [self._row_of(audio_id) for audio_id in audio_ids]
            self._matrix[rows] = vectors
            if self._graph is not None:
                self._put(self._graph, rows)

    def prepare(
        self, path: Path, stamp: str, threads: int = 1, stop: Callable[[], bool] = _never
    ) -> None:
        """Load the graph from its file, add what it lacks, and save it. For the background.

        Blocking; when ``stop`` says so it returns within a tenth of a second, without a graph
        but with what was built in the file, for the next time to go on from.

        Args:
            path: The file in the cache directory.
            stamp: Which model made the vectors; a file of another is not used.
            threads: How many threads build it.
            stop: Asked all the time whether to give up.
        """
        with self._lock.read():
            ids, matrix = list(self._ids), self._matrix[: len(self._ids)].copy()
        if len(ids) <= self._exact_up_to:
            return
        try:
            graph, order = Graph.load(path, ids, matrix, stamp)
        except StaleGraphError as reason:
            _log.info("building the neighbour graph of %d vectors: %s", len(ids), reason)
            graph, order = Graph.empty(len(ids), matrix.shape[1]), np.zeros(0, np.int64)
        rest = np.setdiff1d(np.arange(len(ids)), order)
        everything = np.concatenate([order, rest])
        saved = len(order)
        # Outside every lock: queries go on with the exact search, and additions are not held up.
        for done in range(len(order), len(everything), _BLOCK_ROWS):
            ended = stop()
            if done - saved >= (_MIN_ROWS_TO_SAVE if ended else _SAVE_EVERY_ROWS):
                known = everything[:done]
                _save(graph, path, [ids[row] for row in known], matrix[known], stamp)
                saved = done
            if ended:
                return
            rows = everything[done : done + _BLOCK_ROWS]
            graph.put(np.arange(done, done + len(rows)), matrix[rows], threads)
        self._adopt(graph, everything, matrix)
        if saved < len(everything):
            self.save(path, stamp)

    def save(self, path: Path, stamp: str) -> None:
        """Write the graph, if there is one. Blocking; additions wait for it, queries do not."""
        with self._changing:
            if self._graph is None:
                return
            _save(self._graph, path, self._ids, self._matrix[: len(self._ids)], stamp)

    def _adopt(self, graph: Graph, order: Rows, known: Floats) -> None:
        """Use a graph, after putting in what it lacks.

        Args:
            graph: Its row ``i`` stands for row ``order[i]`` of ``known``.
            order: Row numbers, each at most once.
            known: The vectors when the graph was begun; since then some may have come or changed.
        """
        with self._changing, self._lock.write():
            rest = np.setdiff1d(np.arange(len(self._ids)), order)
            everything = np.concatenate([order, rest])
            now = self._matrix[everything]
            changed = np.flatnonzero((now[: len(order)] != known[order]).any(axis=1))
            self._ids = [self._ids[row] for row in everything]
            self._rows = {audio_id: row for row, audio_id in enumerate(self._ids)}
            self._matrix = now
            self._graph = graph
            rows = [*changed.tolist(), *range(len(order), len(now))]
            if rows:
                self._put(graph, rows)

    def _put(self, graph: Graph, rows: list[int]) -> None:
        try:
            graph.put(rows, self._matrix[rows])
        except RuntimeError as error:
            _log.warning("the neighbour graph is given up: %s", error)
            self._graph = None

    def _search(self, matrix: Floats, unit: Floats, k: int) -> tuple[Rows, Floats]:
        if self._graph is not None and k > 0:
            try:
                return self._graph.nearest(unit, k)
            except RuntimeError as error:
                _log.info("the graph cannot tell %d neighbours: %s", k, error)
        return nearest_rows(matrix, unit, k)

    def _row_of(self, audio_id: AudioId) -> int:
        row = self._rows.setdefault(audio_id, len(self._ids))
        if row == len(self._ids):
            self._ids.append(audio_id)
        return row

    def _make_room(self, count: int, dimension: int) -> None:
        if not self._ids:
            self._matrix = np.zeros((0, dimension), np.float32)
        if dimension != self._matrix.shape[1]:
            raise ValueError(f"{dimension} numbers where {self._matrix.shape[1]} are expected")
        needed = len(self._ids) + count
        if needed > len(self._matrix):
            grown = np.zeros((max(needed, 2 * len(self._matrix)), dimension), np.float32)
            grown[: len(self._ids)] = self._matrix[: len(self._ids)]
            self._matrix = grown


def _save(graph: Graph, path: Path, ids: Sequence[AudioId], matrix: Floats, stamp: str) -> None:
    try:
        graph.save(path, ids, matrix, stamp)
    except (OSError, RuntimeError) as error:  # it is a cache: next time it is built anew
        _log.warning("the neighbour graph is not saved: %s", error)


def _unit(vector: Floats) -> Floats:
    """Return the vector at length 1 (the mean of several seeds is shorter)."""
    vector = np.asarray(vector, np.float32)
    length = float(np.linalg.norm(vector))
    if vector.ndim != 1 or not np.isfinite(length):
        raise ValueError("that is no finite vector")
    return vector if length == 0 else vector / np.float32(length)
