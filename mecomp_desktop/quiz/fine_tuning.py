"""One round of learning: from the answers to a new model in use, or to why not."""

import dataclasses
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.analysis.projection_head import Head
from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts import training_job
from mecomp_desktop.contracts.evaluation import judge
from mecomp_desktop.domain.judgment import Judgment
from mecomp_desktop.domain.model_version import ModelVersion, Verdict, VersionId
from mecomp_desktop.errors import UserError
from mecomp_desktop.quiz.model_registry import BaseModel, ModelRegistry
from mecomp_desktop.quiz.trainer_process import Result, Training, TrainingJob
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.judgments import Judgments

Report = Callable[[float], object]

_MIN_EMBEDDED = 30
_TRAINED = 0.8


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What came of a round.

    Attributes:
        verdict: What was measured.
        version: The version that is in use now; ``None`` if it was not adopted.
    """

    verdict: Verdict
    version: VersionId | None


class Tuning:
    """Runs the trainer, judges what it brings, and adopts it or not.

    Args:
        database: The library database.
        registry: The listener's models.
        workshop: A directory for drafts; emptied at every round.
    """

    def __init__(self, database: Database, registry: ModelRegistry, workshop: Path) -> None:
        self._embeddings = Embeddings(database)
        self._judgments = Judgments(database)
        self._registry = registry
        self._workshop = workshop
        self._training: Training | None = None

    def cancel(self) -> None:
        """Stop the trainer, if it runs; from any thread."""
        current = self._training
        if current is not None:
            current.cancel()

    def learn(self, base: BaseModel, report: Report) -> TrainingResult:
        """Learn from all answers; adopt what is better. Blocks for some seconds.

        Args:
            base: The model to build upon.
            report: Told how far it is, from 0 to 1.

        Raises:
            UserError: There is too little to learn from, the trainer could not, or was stopped.
            BrokenEnvironment: A package is missing, or the disk is full.
        """
        shutil.rmtree(self._workshop, ignore_errors=True)
        self._workshop.mkdir(parents=True, exist_ok=True)
        try:
            result, judgments = self._train(base, report)
            return self._decide(base, result, judgments, report)
        finally:
            self._training = None
            shutil.rmtree(self._workshop, ignore_errors=True)

    def _train(self, base: BaseModel, report: Report) -> tuple[Result, list[Judgment]]:
        ids, pooled = self._embeddings.pooled_matrix(base.info.body_hash)
        if len(ids) < _MIN_EMBEDDED:
            raise UserError(
                f"Only {len(ids)} songs have been analysed so far; learning needs "
                f"{_MIN_EMBEDDED} at least."
            )
        # Read once for the whole round: the trainer answers by line numbers, and an answer that
        # comes meanwhile must not shift them.
        judgments = self._judgments.all()
        job = TrainingJob(base.path, ids, pooled, judgments)
        self._training = Training(job, self._workshop, lambda share: report(_TRAINED * share))
        return self._training.run(), judgments

    def _decide(
        self, base: BaseModel, result: Result, judgments: list[Judgment], report: Report
    ) -> TrainingResult:
        verdict = judge([outcome for _, outcome in result.outcomes])
        if verdict.adopted:
            # Better than the bundled model is not enough: the one in use learned from most of the
            # same answers, and the listener would be set back.
            verdict = self._compare_with_current(result, verdict)
        if not verdict.adopted:
            return TrainingResult(verdict, None)
        report(_TRAINED)
        info = load_model(result.folder / training_job.MODEL_FILE).info
        # The vectors of the library are about to be rewritten by what the file says of itself.
        if (info.body_hash, info.head_hash) != (base.info.body_hash, result.head_hash):
            raise UserError("The trainer wrote a model of another kind; nothing has changed.")
        learned_from = sum(
            not judgment.held_back and judgment.closest is not None for judgment in judgments
        )
        body, head = info.body_hash, info.head_hash
        files = self._registry.files
        # The base's head as well, or there would be no way back to the model it came from without
        # analysing everything again.
        files.keep_head(result.folder / training_job.BASE_HEAD_FILE, body, base.info.head_hash)
        version = ModelVersion(
            id=VersionId(0),
            kind="learned",
            name=info.name,
            body_hash=body,
            head_hash=head,
            head_file=files.keep_head(result.folder / training_job.HEAD_FILE, body, head),
            model_file=files.keep_model(result.folder / training_job.MODEL_FILE, body, head),
            created_at_s=time.time(),
            answers=learned_from,
            verdict=verdict,
        )
        return TrainingResult(verdict, self._registry.adopt(version))

    def _compare_with_current(self, result: Result, verdict: Verdict) -> Verdict:
        """Object if the learned model in use agrees better on answers that it has not seen."""
        current = self._registry.active()
        if current is None or current.kind != "learned":
            return verdict
        fresh = [
            (judgment, outcome)
            for judgment, outcome in result.outcomes
            # On answers that either has learned from it would agree by memory.
            if judgment.held_back or judgment.judged_at_s > current.created_at_s
        ]
        before = self._agreements(current, [judgment for judgment, _ in fresh])
        after = sum(outcome.after for _, outcome in fresh)
        if after >= before:
            return verdict
        return dataclasses.replace(
            verdict,
            adopted=False,
            reason=f"The model in use is better still: of {len(fresh)} questions that neither had "
            f"learned from, it agrees with you on {before}, the new one on {after}.",
        )

    def _agreements(self, version: ModelVersion, judgments: list[Judgment]) -> int:
        ids, pooled = self._embeddings.pooled_matrix(version.body_hash)
        row_of = {audio_id: row for row, audio_id in enumerate(ids)}
        head = Head(self._registry.files.head_path(version.body_hash, version.head_hash))
        hits = 0
        for judgment in judgments:
            rows = [row_of[song] for song in judgment.trio]
            hits += closest_pair(head.embed(pooled[rows])) == judgment.closest
        return hits


def closest_pair(vectors: Floats) -> int:
    """Return which pair of three vectors, float32 ``[3, dimension]``, is closest, as ``Pair``."""
    sides = vectors[[0, 0, 1]] - vectors[[1, 2, 2]]
    return int((sides**2).sum(axis=1).argmin())
