"""What sounds alike: the neighbour index, kept in step with what has been embedded."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mecomp_desktop.analysis.model import ModelInfo
from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId, TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.library.recordings import TrackOfAudio, track_of_audio
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.similarity.candidate import Candidate
from mecomp_desktop.similarity.neighbour_index import NeighbourIndex
from mecomp_desktop.similarity.sound import SoundSource
from mecomp_desktop.similarity.source import SimilaritySource
from mecomp_desktop.similarity.vectors import UNRELATED, closeness, middle, typical_distance
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import SOUND, Embeddings, StoredEmbedding, VectorKind
from mecomp_desktop.store.pending import Pending
from mecomp_desktop.threads import WorkerThread

_SAMPLE = 1000
# A new model takes over once it has embedded nearly as much as the one that serves.
_TAKE_OVER_SHARE = 0.9
# The graph over the vectors is tried again when there are so many times as many.
_GROWN = 1.5


@dataclass(frozen=True, slots=True)
class Similar:
    """A song that sounds alike.

    Attributes:
        track_id: The song.
        distance: How far its vector is.
        closeness: 1 for the same sound, 0 for songs as far apart as any two of the library.
    """

    track_id: TrackId
    distance: float
    closeness: float


@dataclass(frozen=True, slots=True)
class _Serving:
    """The vectors that answer: which model made them, and the index over them."""

    body_hash: str
    head_hash: str
    index: NeighbourIndex
    typical: float

    @property
    def stamp(self) -> str:
        return f"{self.body_hash}/{self.head_hash}"


class SimilarityService:
    """Finds songs that sound alike.

    Reading and keeping the vectors happens on a thread of its own; questions are answered on
    the caller's, in a few milliseconds, from any thread.

    Args:
        database: The library database.
        library: Where the tracks are.
        graph_file: Where the graph over the vectors is kept, and may be deleted at any time;
            ``None`` to look at every vector instead.
        align: Brings stored vectors to a model before they are read; called with its body's
            and head's hash, on the service's thread, whenever a model begins to serve.

    Attributes:
        sources: The ways in which songs can be alike, by kind.
        changed: More can be found than before, or ``coverage`` is another one.
    """

    def __init__(
        self,
        database: Database,
        library: LibraryService,
        graph_file: Path | None,
        align: Callable[[str, str], object] = lambda _body, _head: None,
    ) -> None:
        self.changed: Event[[]] = Event()
        self._embeddings, self._pending = Embeddings(database), Pending(database)
        self._library = library
        self._graph_file = graph_file
        self._align = align
        self._info: ModelInfo | None = None
        self._serving = _Serving("", "", NeighbourIndex(), UNRELATED)
        sound = SoundSource(lambda: self._serving.index, lambda: self._serving.typical)
        # Every way in which songs can be alike; a new one is a line here.
        self.sources: dict[VectorKind, SimilaritySource] = {
            source.kind: source for source in (sound,)
        }
        self._graph_tried_at = 0
        self._unsaved = False
        self._coverage = (0, 0)
        self._loaded = False
        self._lock = threading.Lock()
        self._by_audio: tuple[Catalog, TrackOfAudio] | None = None
        self._worker = WorkerThread("similarity")
        # A thread of its own: at 100,000 songs the graph takes most of a minute, and what has
        # just been analysed is not to wait for it.
        self._graph_worker = WorkerThread("neighbour graph")

    # What sounds alike

    def ready(self) -> bool:
        """Return whether there is anything to compare."""
        return len(self._serving.index) > 0

    @property
    def has_loaded(self) -> bool:
        """Whether stored vectors have been read; until then nothing counts as embedded."""
        return self._loaded

    def coverage(self) -> tuple[int, int]:
        """Return how many recordings of the library can be compared, and how many there are."""
        return self._coverage

    def count_stored(self) -> tuple[int, int]:
        """Return the same as ``coverage``, counted in the store at this moment. Blocks."""
        body = self._info.body_hash if self._info is not None else ""
        coverage = self._pending.coverage(body)
        return coverage.embedded, coverage.total

    @property
    def model(self) -> ModelInfo | None:
        """The model in use, once it has been opened."""
        return self._info

    def similar(self, seeds: Sequence[TrackId], n: int) -> list[Similar]:
        """Return what sounds closest to these songs together, closest first.

        Nothing is found while none of the songs has been embedded.
        """
        tracks = [track for track in map(self._library.track, seeds) if track is not None]
        vectors = self.vectors(tracks)
        if not len(vectors):
            return []
        return self.similar_to(middle(vectors), n, {track.audio_id for track in tracks})

    def similar_to(
        self, vector: Floats, n: int, without: set[AudioId] | frozenset[AudioId] = frozenset()
    ) -> list[Similar]:
        """Return what sounds closest to a vector, float32 ``[dimension]``, closest first."""
        found: list[Similar] = []
        for candidate in self.candidates(vector, n + len(without)):
            if candidate.track.audio_id not in without:
                close = self.closeness(candidate.distance)
                found.append(Similar(candidate.track.id, candidate.distance, close))
        return found[:n]

    def candidates(
        self, target: Floats | AudioId, count: int, kind: VectorKind = SOUND
    ) -> Iterator[Candidate]:
        """Yield about ``count`` songs of the library, closest first, each recording once.

        Args:
            target: A vector of that kind, or a recording, which is among its own neighbours.
            count: How many.
            kind: In which way they are to be alike.

        Raises:
            KeyError: There is no such source.
        """
        index = self._serving.index
        by_audio = self._tracks_by_audio()
        found = self.sources[kind].near(target, count)
        for audio_id, distance in zip(found.audio_ids, found.distances.tolist(), strict=True):
            track = by_audio.get(audio_id)
            if track is not None:
                yield Candidate(track, distance, index.vector(audio_id))

    def known_vectors(self) -> int:
        """Return how many vectors there are; more candidates than these there cannot be."""
        return len(self._serving.index)

    def vector_of(self, audio_id: AudioId) -> Floats | None:
        """Return the vector of a recording, float32 ``[dimension]``, if it has been embedded."""
        return self._serving.index.vector(audio_id)

    def vectors(self, tracks: Sequence[Track]) -> Floats:
        """Return the vectors of those tracks that have one, float32 ``[n, dimension]``."""
        index = self._serving.index
        found = [index.vector(track.audio_id) for track in tracks]
        rows = [vector for vector in found if vector is not None]
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)

    @property
    def typical_distance(self) -> float:
        """How far two songs of the library usually are apart."""
        return self._serving.typical

    def closeness(self, distance: float) -> float:
        """Return a distance in a listener's terms: 1 the same sound, 0 as far as any two."""
        return closeness(distance, self._serving.typical)

    # Keeping in step

    def use_model(self, info: ModelInfo) -> None:
        """Read the vectors of this model, or of the one before until it has embedded enough."""
        self._info = info
        self._worker.post(self._load)

    def take_in(self, stored: Sequence[StoredEmbedding]) -> None:
        """Take in vectors that have just been stored."""
        self._worker.post(lambda: self._take_in(stored))

    def count(self) -> None:
        """Count anew how much of the library can be compared."""
        self._worker.post(self._count)

    def settle(self, timeout_s: float) -> bool:
        """Wait until what was posted has been done; return whether it has. Blocks."""
        deadline_s = time.monotonic() + timeout_s
        done = self._worker.settle(timeout_s)
        return self._graph_worker.settle(max(0.0, deadline_s - time.monotonic())) and done

    def close(self) -> None:
        """Keep what there is of the graph and end the threads. Blocks shortly. Idempotent.

        The threads must have ended before the interpreter does: one that comes back from
        hnswlib into an interpreter that is being taken down ends the process with an abort.
        """
        if not self._graph_worker.closed:
            self._graph_worker.post(self._save)
        self._graph_worker.close()
        self._worker.close()

    # On a thread of its own

    def _load(self) -> None:
        info = self._info
        if info is None:
            return
        # Vectors of two heads lie in two spaces: compared, a rock song's nearest are classical.
        self._align(info.body_hash, info.head_hash)
        body, head = self._choose(info)
        ids, matrix = self._embeddings.matrix(body, head)
        index = NeighbourIndex(ids, matrix)
        self._serving = _Serving(body, head, index, _typical(index, ids))
        self._graph_tried_at = len(index)
        self._count()
        # From here on questions are answered; the graph only makes them quicker.
        self._loaded = True
        self.changed.emit()
        self._prepare()

    def _choose(self, info: ModelInfo) -> tuple[str, str]:
        """Return whose vectors serve: the model's own, unless another's cover much more."""
        counts = {
            (body, head): count
            for body in self._embeddings.bodies()
            for head, count in self._embeddings.heads(body).items()
        }
        own = (info.body_hash, info.head_hash)
        fullest = max(counts, key=counts.__getitem__, default=own)
        enough = counts.get(own, 0) >= _TAKE_OVER_SHARE * counts.get(fullest, 0)
        return own if enough else fullest

    def _take_in(self, stored: Sequence[StoredEmbedding]) -> None:
        info, serving = self._info, self._serving
        if info is None or self._worker.closed:
            return
        if (serving.body_hash, serving.head_hash) != (info.body_hash, info.head_hash):
            if self._choose(info) == (info.body_hash, info.head_hash):
                self._load()
            return
        own = (info.body_hash, info.head_hash)
        rows = [row for row in stored if (row.body_hash, row.head_hash) == own]
        if not rows:
            return
        vectors = np.stack([row.embedding for row in rows])
        serving.index.add([row.audio_id for row in rows], vectors)
        self._unsaved = True
        self._grow()
        self._count()

    def _grow(self) -> None:
        serving = self._serving
        if len(serving.index) < _GROWN * self._graph_tried_at + 1:
            return
        self._graph_tried_at = len(serving.index)
        typical = _typical(serving.index, serving.index.audio_ids())
        self._serving = _Serving(serving.body_hash, serving.head_hash, serving.index, typical)
        if not serving.index.has_graph:
            self._prepare()

    def _prepare(self) -> None:
        self._graph_worker.post(self._prepare_graph)

    def _prepare_graph(self) -> None:
        serving, file = self._serving, self._graph_file
        if file is not None:

            def given_up() -> bool:
                return self._graph_worker.closed or self._serving.index is not serving.index

            serving.index.prepare(file, serving.stamp, stop=given_up)

    def _count(self) -> None:
        if self._info is None and not self._library.has_loaded:
            # The songs are shown first; which of them are the same can wait for the vectors.
            coverage = (0, len(self._library.catalog()))
        else:
            index = self._serving.index
            audio_ids = self._tracks_by_audio().available()
            coverage = (sum(audio_id in index for audio_id in audio_ids), len(audio_ids))
        if coverage != self._coverage:
            self._coverage = coverage
            self.changed.emit()

    def _save(self) -> None:
        if self._unsaved and self._graph_file is not None:
            self._serving.index.save(self._graph_file, self._serving.stamp)

    def _tracks_by_audio(self) -> TrackOfAudio:
        catalog = self._library.catalog()
        with self._lock:
            if self._by_audio is None or self._by_audio[0] is not catalog:
                self._by_audio = (catalog, track_of_audio(catalog))
            return self._by_audio[1]


def _typical(index: NeighbourIndex, audio_ids: Sequence[AudioId]) -> float:
    """Return how far two songs of the library usually are apart."""
    step = max(1, len(audio_ids) // _SAMPLE)
    sample = [index.vector(audio_id) for audio_id in audio_ids[::step]]
    rows = [vector for vector in sample if vector is not None]
    return typical_distance(np.stack(rows)) if rows else UNRELATED
