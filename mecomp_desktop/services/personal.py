"""The listener's own ears: the quiz, learning from it, and the models that come of it."""

import dataclasses
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mecomp_desktop.analysis.model import ModelInfo, load_model
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair, Tally, tally
from mecomp_desktop.domain.model_version import ModelVersion, Verdict, VersionId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import BrokenEnvironment, MecompError
from mecomp_desktop.personal import answer_files, training
from mecomp_desktop.personal.places import Places, place
from mecomp_desktop.personal.shelf import Bundled, Shelf
from mecomp_desktop.services.background import Worker
from mecomp_desktop.services.library import LibraryService, track_of_audio
from mecomp_desktop.services.listening import ListeningService
from mecomp_desktop.services.neighbourhoods import Neighbourhood, Neighbourhoods
from mecomp_desktop.services.quiz import Prepared, Quiz
from mecomp_desktop.services.recommend import RecommendService
from mecomp_desktop.services.tuning import Base, Tuning
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.state import State

__all__ = ["Answer", "LearningStatus", "PersonalService", "Prepared", "Standing"]

Matrix = npt.NDArray[np.float32]
CsvForm = Literal["paper", "full"]

ROUND = 30
"""So many new answers make a round: then it is worth learning again."""

_log = logging.getLogger(__name__)
_STATE = "personal.learning"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is listed: with the songs, where the library has them."""

    judgment: Judgment
    tracks: tuple[Track | None, Track | None, Track | None]


@dataclass(frozen=True, slots=True)
class LearningStatus:
    """What the learning is doing.

    Attributes:
        running: Whether it runs now.
        share: How far it is, from 0 to 1.
        verdict: What the last round came to; ``None`` before the first.
        error: Why the last round came to nothing, in a sentence; empty otherwise.
    """

    running: bool = False
    share: float = 0.0
    verdict: Verdict | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the listener is.

    Attributes:
        tally: The answers, counted.
        new: Decided answers since the last round.
        wanted: New answers that make a round.
        install_command: What adds the packages that learning needs; empty when they are there.
    """

    tally: Tally
    new: int
    wanted: int
    install_command: str


class PersonalService:
    """What the quiz page shows and does.

    Every method may be called from any thread and returns at once, unless it says that it blocks.

    Args:
        database: The library database.
        library: Where the songs are.
        listening: Told when another model is to listen.
        recommend: Told when the library lies elsewhere.
        bundled: The file of the model that came with the program.
        directory: Where personal models are kept.
        workshop: Where drafts are made; emptied at every start.

    Attributes:
        quiz: The questions that are ready.
        answers_changed: Answers were added, changed or removed.
        learning_changed: ``learning()`` is another one.
        models_changed: Another model is in use, or the history is longer.
        notice: One plain sentence that the listener should see.
    """

    def __init__(
        self,
        database: Database,
        library: LibraryService,
        listening: ListeningService,
        recommend: RecommendService,
        bundled: Path,
        directory: Path,
        workshop: Path,
    ) -> None:
        self.answers_changed: Event[[]] = Event()
        self.learning_changed: Event[[]] = Event()
        self.models_changed: Event[[]] = Event()
        self.notice: Event[[str]] = Event()
        self._library, self._listening = library, listening
        self._judgments = Judgments(database)
        self._embeddings = Embeddings(database)
        self._state = State(database)
        self._shelf = Shelf(database, directory)
        self._tuning = Tuning(database, self._shelf, workshop)
        self._neighbourhoods = Neighbourhoods(library, Plays(database), self._state)
        self._recommend = recommend
        self._bundled_path = bundled
        self._bundled: Base | None = None
        self._status = LearningStatus(verdict=self._last_verdict())
        self._last: list[JudgmentId] = []
        self._worker = Worker("personal")
        self.quiz = Quiz(library, self._places, self._judgments.all)
        self._disconnect = [
            library.changed.connect(self.quiz.forget_library),
            listening.heard.connect(lambda _: self.quiz.forget_library()),
        ]
        self._shelf.tidy()

    # Answers

    def answer(self, prepared: Prepared, closest: Pair | None, took_s: float) -> None:
        """Store an answer, ``None`` for "can't tell"; a full round starts the learning."""
        question = prepared.question
        info = self._recommend.model
        judgment = Judgment(
            id=JudgmentId(0),
            trio=question.trio,
            closest=closest,
            held_back=question.held_back,
            origin="quiz",
            asked_by=info.head_hash if info is not None else "",
            took_s=took_s,
            judged_at_s=time.time(),
        )
        self._last.append(self._judgments.add(judgment))
        self.answers_changed.emit()
        standing = self.standing()
        if standing.new >= standing.wanted and not standing.install_command:
            self.learn()

    def undo(self) -> bool:
        """Take back the last answer of this session; return whether there was one."""
        while self._last:
            if self._judgments.remove([self._last.pop()]):
                self.answers_changed.emit()
                return True
        return False

    def change(self, judgment_id: JudgmentId, closest: Pair | None) -> None:
        """Replace what was answered."""
        if self._judgments.change(judgment_id, closest):
            self.answers_changed.emit()

    def remove(self, judgment_ids: Sequence[JudgmentId]) -> None:
        """Delete answers."""
        if self._judgments.remove(judgment_ids):
            self.answers_changed.emit()

    def restore(self, judgments: Sequence[Judgment]) -> None:
        """Put deleted answers back."""
        self._judgments.add_many(judgments)
        self.answers_changed.emit()

    def answers(self) -> list[Answer]:
        """Return all answers, newest first. Reads the store: some milliseconds."""
        by_audio = track_of_audio(self._library.catalog())
        found = []
        for judgment in reversed(self._judgments.all()):
            first, second, third = (by_audio.get(song) for song in judgment.trio)
            found.append(Answer(judgment, (first, second, third)))
        return found

    def standing(self) -> Standing:
        """Return how far the listener is. Reads the store: some milliseconds."""
        judgments = self._judgments.all()
        decided = sum(one.closest is not None for one in judgments)
        told = self._told()
        return Standing(
            tally=tally(judgments),
            new=max(0, decided - int(told.get("answers", 0))),
            wanted=ROUND,
            install_command=training.INSTALL_COMMAND if training.missing_parts() else "",
        )

    def export_answers(self, path: Path, form: CsvForm) -> int:
        """Write all answers as CSV and return how many. Blocks.

        Raises:
            UserError: The file cannot be written.
        """
        path_of = {one.audio_id: one.path for one in self._library.catalog().tracks}
        judgments = self._judgments.all()
        if form == "full":
            return answer_files.write_full(path, judgments, path_of)
        return answer_files.write_paper(
            path, judgments, lambda song: answer_files.readable(path_of.get(song)) or song
        )

    def import_answers(self, path: Path) -> str:
        """Add the answers of a CSV file and return what came of it, in plain words. Blocks.

        Raises:
            UserError: It is no list of answers; nothing was added.
        """
        reading = answer_files.read_answers(path, self._resolver(), time.time())
        there = {_signature(one) for one in self._judgments.all() if one.judged_at_s}
        added = [one for one in reading.judgments if _signature(one) not in there]
        self._judgments.add_many(added)
        self.answers_changed.emit()
        return answer_files.summary(reading, len(added), len(reading.judgments) - len(added))

    # Learning

    def learn(self) -> None:
        """Learn from all answers, in the background; nothing happens while it already does."""
        if self._status.running:
            return
        self._set_status(dataclasses.replace(self._status, running=True, share=0.0, error=""))
        self._worker.post(self._learn)

    def cancel_learning(self) -> None:
        """Stop learning; nothing changes."""
        self._tuning.cancel()

    def learning(self) -> LearningStatus:
        """Return what the learning is doing."""
        return self._status

    # Models

    def model_path(self) -> Path:
        """Return the file of the model in use."""
        version = self._shelf.active()
        return self._bundled_path if version is None else self._shelf.model_path(version)

    def history(self) -> list[ModelVersion]:
        """Return the listener's models, oldest first; the bundled one is not among them."""
        return self._shelf.history()

    def active(self) -> VersionId | None:
        """Return which of the history is in use; ``None`` for the bundled model."""
        version = self._shelf.active()
        return None if version is None else version.id

    def use(self, number: VersionId | None) -> None:
        """Go to a model of the history, or with ``None`` to the bundled one."""
        self._worker.post(lambda: self._carefully(lambda: self._use(number)))

    def neighbourhoods(self) -> list[Neighbourhood]:
        """Return what lay next to five favourite songs before the last change, and after."""
        return self._neighbourhoods.last()

    def export_model(self, path: Path) -> str:
        """Write the model in use as one file, checked, and return MECOMP's two lines. Blocks.

        Raises:
            UserError: The file cannot be written, or does not keep the contract.
        """
        draft = path.with_name(path.name + ".part")
        try:
            shutil.copyfile(self.model_path(), draft)
            load_model(draft)
            draft.replace(path)
        except OSError as error:
            raise BrokenEnvironment(f"{path} cannot be written: {error.strerror}") from error
        finally:
            draft.unlink(missing_ok=True)
        return f'kind = "embedding"\nmodel_path = "{path}"'

    def import_model(self, path: Path) -> None:
        """Check a model file, add it to the history and use it; a ``notice`` tells the end."""
        self._worker.post(lambda: self._carefully(lambda: self._import(path)))

    # Start and end

    def settle(self, timeout_s: float) -> bool:
        """Wait until what was posted has been done; return whether it has. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """Stop learning and end the threads. Blocks; may be called twice."""
        for disconnect in self._disconnect:
            disconnect()
        self._tuning.cancel()
        self._worker.close(timeout_s=20.0)
        self.quiz.close()

    # On a thread of its own

    def _learn(self) -> None:
        error, verdict = "", None
        try:
            if not self._worker.closed:
                verdict = self._learn_once()
        except MecompError as problem:
            error = str(problem)
        except Exception as bug:
            _log.exception("learning failed")
            error = f"Learning failed unexpectedly ({type(bug).__name__}: {bug})."
        self._set_status(LearningStatus(False, 0.0, verdict, error))

    def _learn_once(self) -> Verdict:
        base = self._base()
        decided = sum(one.closest is not None for one in self._judgments.all())
        before = self._vectors()
        learned = self._tuning.learn(base, self._report)
        self._state.set(
            _STATE, {"answers": decided, "verdict": dataclasses.asdict(learned.verdict)}
        )
        if learned.version is not None:
            self._neighbourhoods.compare(before, self._vectors())
            self._report(0.95)
            self._switched()
        return learned.verdict

    def _use(self, number: VersionId | None) -> None:
        base, before = self._bundled_base(), self._vectors()
        bundled = Bundled(base.path, base.info.body_hash, base.info.head_hash)
        self._shelf.use(number, bundled)
        self._neighbourhoods.compare(before, self._vectors())
        self._switched()

    def _import(self, path: Path) -> None:
        info = load_model(path).info
        head_file = ""
        if info.body_hash in self._embeddings.bodies():
            head_file = self._cut_head(path, info)
        version = ModelVersion(
            id=VersionId(0),
            kind="imported",
            name=info.name,
            body_hash=info.body_hash,
            head_hash=info.head_hash,
            model_file=self._shelf.keep_model(path, info.body_hash, info.head_hash),
            head_file=head_file,
            created_at_s=time.time(),
            answers=0,
            verdict=None,
        )
        self._shelf.adopt(version)
        self._switched()
        again = "" if head_file else " It listens to your library now; so long the old one serves."
        self.notice.emit(f"{info.name} is in use.{again}")

    def _cut_head(self, path: Path, info: ModelInfo) -> str:
        """Keep the head of a model whose body has already heard the library; return its name."""
        with tempfile.TemporaryDirectory() as folder:
            cut = Path(folder) / "head.onnx"
            training.cut_head(path, cut)
            return self._shelf.keep_head(cut, info.body_hash, info.head_hash)

    def _switched(self) -> None:
        """Let everything that knows the model know the other one."""
        path = self.model_path()
        info = load_model(path).info
        self._listening.use_model(path)
        self._listening.settle(60.0)
        self._shelf.align(info.body_hash, info.head_hash)
        self._recommend.use_model(info)
        self._recommend.settle(60.0)
        self.quiz.forget_library()
        self.models_changed.emit()

    def _carefully(self, job: Callable[[], object]) -> None:
        try:
            job()
        except MecompError as error:
            self.notice.emit(str(error))

    def _report(self, share: float) -> None:
        self._set_status(dataclasses.replace(self._status, share=share))

    def _set_status(self, status: LearningStatus) -> None:
        self._status = status
        self.learning_changed.emit()

    def _base(self) -> Base:
        """Return what learning builds upon: the imported model in use, or the bundled one."""
        version = self._shelf.active()
        if version is not None and version.kind == "imported":
            path = self._shelf.model_path(version)
            return Base(path, load_model(path).info)
        return self._bundled_base()

    def _bundled_base(self) -> Base:
        if self._bundled is None:
            self._bundled = Base(self._bundled_path, load_model(self._bundled_path).info)
        return self._bundled

    def _vectors(self) -> tuple[list[AudioId], Matrix]:
        version = self._shelf.active()
        if version is not None:
            return self._embeddings.matrix(version.body_hash, version.head_hash)
        info = self._bundled_base().info
        return self._embeddings.matrix(info.body_hash, info.head_hash)

    def _places(self) -> Places:
        """Lay out what the model in use has heard. On the quiz's thread."""
        version = self._shelf.active()
        body = version.body_hash if version is not None else self._bundled_base().info.body_hash
        ids, embedding = self._embeddings.matrix(body)
        pooled_ids, pooled = self._embeddings.pooled_matrix(body)
        if ids != pooled_ids:  # heard in between, or of two widths: what both know
            both = sorted(set(ids) & set(pooled_ids))
            embedding = _rows(ids, embedding, both)
            ids, pooled = both, _rows(pooled_ids, pooled, both)
        return place(ids, embedding, pooled)

    def _last_verdict(self) -> Verdict | None:
        verdict = self._told().get("verdict")
        return Verdict(**verdict) if isinstance(verdict, dict) else None

    def _told(self) -> dict[str, Any]:
        told = self._state.get(_STATE)
        return told if isinstance(told, dict) else {}

    def _resolver(self) -> Callable[[str], AudioId | None]:
        return answer_files.resolver(
            (one.audio_id, one.path) for one in self._library.catalog().tracks
        )


def _signature(judgment: Judgment) -> tuple[object, ...]:
    """Return what tells one answer from another, to the moment it was given."""
    return (judgment.trio, judgment.closest, judgment.held_back, judgment.judged_at_s)


def _rows(ids: list[AudioId], matrix: Matrix, wanted: list[AudioId]) -> Matrix:
    row_of = {audio_id: row for row, audio_id in enumerate(ids)}
    return matrix[[row_of[one] for one in wanted]]
