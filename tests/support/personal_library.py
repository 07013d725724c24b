"""An analysed library, with the services that learn from its listener.

Run as a program (``python -m tests.support.personal_library HOME MODEL``) it learns and adopts,
to be killed at any moment.
"""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY
from mecomp_desktop.analysis.service import AnalysisService
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.library.waveforms import Waveforms
from mecomp_desktop.paths import Paths
from mecomp_desktop.quiz.model_registry import ModelRegistry
from mecomp_desktop.quiz.service import QuizService
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings, StoredEmbedding
from mecomp_desktop.store.judgments import Judgments
from tests.support.libraries import fill
from tests.support.listeners import BODY, HEAD, Ints, Listener, World, any_questions

_PATIENCE_S = 150.0


@dataclass(frozen=True, eq=False)
class Personal:
    """The parts of the program that this needs, as the program puts them together."""

    database: Database
    library: LibraryService
    analysis: AnalysisService
    similarity: SimilarityService
    quiz: QuizService

    def learn(self) -> None:
        """Learn, and wait for the end."""
        self.quiz.learn()
        self.settle()

    def settle(self) -> None:
        assert self.quiz.settle(_PATIENCE_S)
        assert self.similarity.settle(_PATIENCE_S)

    def neighbours(self, row: int, count: int = 10) -> list[str]:
        """The titles of what sounds closest to a song."""
        track = next(
            track for track in self.library.catalog().tracks if track.title == f"Song {row}"
        )
        found = self.similarity.similar([track.id], count)
        tracks = [self.library.track(song.track_id) for song in found]
        return [track.title for track in tracks if track is not None]


def furnish(paths: Paths, world: World) -> None:
    """Put the songs of a world into the store, embedded by its model."""
    tags = [
        Tags(f"Song {row}", (f"Artist {row}",), f"Album {row}", duration_s=60.0)
        for row in range(len(world.pooled))
    ]
    fill(paths, tags, paths.data / "music")
    database = Database(paths.database)
    Embeddings(database).put_many(
        StoredEmbedding(
            AudioId(f"audio {row}"), BODY, HEAD, DEFAULT_POLICY.name, pooled, embedding, float(row)
        )
        for row, (pooled, embedding) in enumerate(zip(world.pooled, world.embedding, strict=True))
    )
    database.close()


def say(database: Database, listener: Listener, songs: int, count: int, seed: int = 0) -> None:
    """Store a listener's answers to random questions; every fifth is held back."""
    Judgments(database).add_many(
        judgment(trio, listener, held_back=number % 5 == 4)
        for number, trio in enumerate(any_questions(count, songs, seed))
    )


def say_about(judgments: Judgments, qualities: Mapping[AudioId, float], count: int) -> None:
    """Store answers of a listener to whom one quality matters; every fifth is held back."""
    songs = sorted(qualities)
    answers = []
    for number, trio in enumerate(any_questions(count, len(songs), 0)):
        first, second, third = (songs[row] for row in trio)
        a, b, c = (qualities[song] for song in (first, second, third))
        closest = Pair(int(np.argmin([abs(a - b), abs(a - c), abs(b - c)])))
        answers.append(
            Judgment(
                JudgmentId(0),
                (first, second, third),
                closest,
                number % 5 == 4,
                "quiz",
                "",
                1.0,
                time.time(),
            )
        )
    judgments.add_many(answers)


def judgment(trio: Ints, listener: Listener, *, held_back: bool = False) -> Judgment:
    """What a listener says of three songs."""
    first, second, third = (AudioId(f"audio {row}") for row in trio)
    closest = listener.answer(trio)
    return Judgment(
        JudgmentId(0),
        (first, second, third),
        closest,
        held_back,
        "quiz",
        HEAD,
        1.0,
        time.time(),
    )


@contextmanager
def opened(paths: Paths, model: Path) -> Iterator[Personal]:
    """Open the services on a furnished library; ``model`` is the bundled one."""
    database = Database(paths.database)
    library = LibraryService(database, Waveforms(paths.cache / "waveforms"))
    library.load()
    assert library.settle(_PATIENCE_S)
    analysis = AnalysisService(database, model, 1)
    registry = ModelRegistry(database, paths.personal_models, model)
    similarity = SimilarityService(database, library, None, registry.align)
    analysis.model_ready.connect(similarity.use_model)
    quiz = QuizService(
        database,
        library,
        analysis,
        similarity,
        registry=registry,
        workshop=paths.cache / "learning",
    )
    analysis.use_model(quiz.registry.path())
    analysis.prepare()
    assert analysis.settle(_PATIENCE_S)
    assert similarity.settle(_PATIENCE_S)
    try:
        yield Personal(database, library, analysis, similarity, quiz)
    finally:
        quiz.close()
        analysis.close()
        similarity.close()
        library.close()
        database.close()


def one_state(paths: Paths, model: Path) -> tuple[str, np.ndarray]:
    """Return the head that all vectors of a library are of, and the vectors; there is one."""
    with opened(paths, model) as there:
        heads = Embeddings(there.database).heads(BODY)
        assert len(heads) == 1, heads
        (head,) = heads
        _, vectors = Embeddings(there.database).matrix(BODY, head)
        active = there.quiz.registry.active()
        if active is None:
            assert head == HEAD
        else:
            (version,) = (made for made in there.quiz.registry.history() if made == active)
            assert head == version.head_hash
            assert there.similarity.model is not None
            assert there.similarity.model.head_hash == head
        return head, vectors


if __name__ == "__main__":
    with opened(Paths.below(Path(sys.argv[1])), Path(sys.argv[2])) as program:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            program.learn()
            program.quiz.models.use(None)
            program.settle()
