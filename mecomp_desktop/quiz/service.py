"""The listener's own ears: the quiz, learning from it, and the models that come of it."""

import dataclasses
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mecomp_desktop.analysis.service import AnalysisService
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.judgment import AnswerCounts, Pair, count_answers
from mecomp_desktop.domain.model_version import Verdict
from mecomp_desktop.domain.rating import RatingTable
from mecomp_desktop.domain.track import Track
from mecomp_desktop.domain.undo import UndoStack
from mecomp_desktop.errors import MecompError
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.quiz import trainer_process
from mecomp_desktop.quiz.answers import Answers
from mecomp_desktop.quiz.clip_chooser import ClipChooser
from mecomp_desktop.quiz.clips import Clip
from mecomp_desktop.quiz.fine_tuning import Tuning
from mecomp_desktop.quiz.model_comparison import ModelComparison
from mecomp_desktop.quiz.model_registry import ModelRegistry
from mecomp_desktop.quiz.models import Models
from mecomp_desktop.quiz.questions import Prepared, Quiz
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.state import State
from mecomp_desktop.threads import WorkerThread

ROUND = 30
"""So many new answers make a round: then it is worth learning again."""

_log = logging.getLogger(__name__)
_STATE = "personal.learning"
_CLOSE_S = 20.0


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
class QuizProgress:
    """How far the listener is.

    Attributes:
        counts: The answers, counted.
        new: Decided answers since the last round.
        wanted: New answers that make a round.
        install_command: What adds the packages that learning needs; empty when they are there.
    """

    counts: AnswerCounts
    new: int
    wanted: int
    install_command: str


class QuizService:
    """Puts the quiz, the answers, the learning and the models together.

    Every method may be called from any thread and returns at once, unless it says that it blocks.

    Args:
        database: The library database.
        library: Where the songs are.
        analysis: Embeds with the model in use.
        similarity: Serves the vectors of the model in use.
        registry: The listener's models.
        workshop: Where drafts are made; emptied at every round.
        undo: Where answers are kept as steps that can be undone; one of its own by default.
        ratings: Tells what the listener never wants to hear again, which is not asked about.

    Attributes:
        quiz: The questions that are ready.
        answers: What the listener said.
        registry: The listener's models, and which is in use.
        models: Changes the model in use.
        comparison: What lay next to some songs before the last change of model, and after.
        learning_changed: ``learning()`` is another one.
    """

    def __init__(
        self,
        database: Database,
        library: LibraryService,
        analysis: AnalysisService,
        similarity: SimilarityService,
        registry: ModelRegistry,
        workshop: Path,
        undo: UndoStack | None = None,
        ratings: Callable[[], RatingTable] = RatingTable,
    ) -> None:
        self.learning_changed: Event[[]] = Event()
        self._state = State(database)
        self._worker = WorkerThread("personal")
        self.registry = registry
        registry.files.tidy()
        self._tuning = Tuning(database, registry, workshop)
        self.answers = Answers(
            database,
            library,
            lambda: similarity.model.head_hash if similarity.model else "",
            undo,
        )
        self.comparison = ModelComparison(library, Plays(database), self._state)
        self.models = Models(
            database,
            registry,
            analysis,
            similarity,
            self.comparison,
            self._worker,
        )
        self._clips = ClipChooser()
        self.quiz = Quiz(
            library,
            self.models.coordinates,
            self.answers.judgments,
            self._clips.choose,
            ratings=ratings,
        )
        self._status = LearningStatus(verdict=self._last_verdict())
        self._disconnect = [
            library.changed.connect(self.quiz.forget_library),
            analysis.embedded.connect(lambda _: self.quiz.forget_library()),
            self.models.changed.connect(self.quiz.forget_library),
        ]

    def choose_clip(self, track: Track) -> Clip:
        """Return what is played of a track. Blocks.

        Raises:
            UnreadableFile: It cannot be decoded.
            BrokenEnvironment: No process comes up that could read it.
        """
        return self._clips.choose(track.path, track.part)

    def answer(self, prepared: Prepared, closest: Pair | None, took_s: float) -> None:
        """Store an answer, ``None`` for "can't tell"; a full round starts the learning."""
        self.answers.add(prepared, closest, took_s, self._learn_if_due)

    def progress(self) -> QuizProgress:
        """Return how far the listener is. Reads the store: some milliseconds."""
        judgments = self.answers.judgments()
        decided = sum(judgment.closest is not None for judgment in judgments)
        stored = self._last_round()
        return QuizProgress(
            counts=count_answers(judgments),
            new=max(0, decided - int(stored.get("answers", 0))),
            wanted=ROUND,
            install_command=trainer_process.INSTALL_COMMAND
            if trainer_process.missing_parts()
            else "",
        )

    def _learn_if_due(self) -> None:
        progress = self.progress()
        if progress.new >= progress.wanted and not progress.install_command:
            self.learn()

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

    def settle(self, timeout_s: float) -> bool:
        """Wait until what was posted has been done; return whether it has. Blocks."""
        return self.answers.settle(timeout_s) and self._worker.settle(timeout_s)

    def close(self) -> None:
        """Stop learning and end the threads. Blocks; may be called twice."""
        for disconnect in self._disconnect:
            disconnect()
        self.answers.close()
        self._tuning.cancel()
        self._worker.close(timeout_s=_CLOSE_S)
        # Before the thread that may wait for a clip.
        self._clips.close()
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
        base = self.registry.base()
        decided = sum(judgment.closest is not None for judgment in self.answers.judgments())
        before = self.models.vectors()
        learned = self._tuning.learn(base, self._report)
        self._state.set(
            _STATE, {"answers": decided, "verdict": dataclasses.asdict(learned.verdict)}
        )
        if learned.version is not None:
            self._report(0.95)
            self.models.changed_from(before)
        return learned.verdict

    def _report(self, share: float) -> None:
        self._set_status(dataclasses.replace(self._status, share=share))

    def _set_status(self, status: LearningStatus) -> None:
        self._status = status
        self.learning_changed.emit()

    def _last_verdict(self) -> Verdict | None:
        verdict = self._last_round().get("verdict")
        return Verdict(**verdict) if isinstance(verdict, dict) else None

    def _last_round(self) -> dict[str, Any]:
        stored = self._state.get(_STATE)
        return stored if isinstance(stored, dict) else {}
