"""Changing the model in use: to any of the history, in and out as files."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mecomp_desktop.analysis.model import ModelInfo, load_model
from mecomp_desktop.analysis.service import AnalysisService
from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts import model_file
from mecomp_desktop.contracts.evaluation import read_verdict
from mecomp_desktop.contracts.linear_probe import read_linear_probe
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.model_version import ModelVersion, VersionId
from mecomp_desktop.errors import BrokenEnvironment, MecompError
from mecomp_desktop.files import replacing
from mecomp_desktop.quiz import trainer_process
from mecomp_desktop.quiz.model_comparison import ModelComparison
from mecomp_desktop.quiz.model_registry import ModelRegistry
from mecomp_desktop.quiz.song_coordinates import SongCoordinates, place
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.threads import WorkerThread

Vectors = tuple[list[AudioId], Floats]

_SETTLE_S = 60.0


class Models:
    """Changes the model in use, and tells everything that knows it.

    Every method may be called from any thread and returns at once, unless it says that it blocks.

    Which models there are is the registry's; here is what takes time, and what others have to do
    afterwards.

    Args:
        database: The library database.
        registry: Where the models are.
        analysis: Embeds with the model in use.
        similarity: Serves the vectors of the model in use.
        comparison: Compares before and after.
        worker: Where what takes time is done.

    Attributes:
        changed: Another model is in use, or the history is longer.
        notice: One plain sentence that the listener should see.
    """

    def __init__(
        self,
        database: Database,
        registry: ModelRegistry,
        analysis: AnalysisService,
        similarity: SimilarityService,
        comparison: ModelComparison,
        worker: WorkerThread,
    ) -> None:
        self.changed: Event[[]] = Event()
        self.notice: Event[[str]] = Event()
        self._embeddings = Embeddings(database)
        self._registry = registry
        self._analysis, self._similarity = analysis, similarity
        self._comparison = comparison
        self._worker = worker

    def use(self, number: VersionId | None) -> None:
        """Go to a model of the history, or with ``None`` to the bundled one."""
        self._worker.post(lambda: self._carefully(lambda: self._use(number)))

    def export_to(self, path: Path) -> str:
        """Write the model in use as one file, checked, and return MECOMP's two lines. Blocks.

        Raises:
            UserError: The file cannot be written, or does not keep the contract.
        """
        try:
            with replacing(path) as draft:
                shutil.copyfile(self._registry.path(), draft)
                load_model(draft)
        except OSError as error:
            raise BrokenEnvironment(f"{path} cannot be written: {error.strerror}") from error
        return f'kind = "embedding"\nmodel_path = "{path}"'

    def import_from(self, path: Path) -> None:
        """Check a model file, add it to the history and use it; a ``notice`` tells the end."""
        self._worker.post(lambda: self._carefully(lambda: self._import(path)))

    # What learning and the quiz need; these read the store, and block

    def vectors(self) -> Vectors:
        """Return where the model in use places the library."""
        return self._embeddings.matrix(*self._registry.hashes())

    def coordinates(self) -> SongCoordinates:
        """Lay out the vectors of the model in use."""
        body, _ = self._registry.hashes()
        ids, embedding = self._embeddings.matrix(body)
        pooled_ids, pooled = self._embeddings.pooled_matrix(body)
        if ids != pooled_ids:  # embedded in between, or of two widths: what both know
            both = sorted(set(ids) & set(pooled_ids))
            embedding = _rows(ids, embedding, both)
            ids, pooled = both, _rows(pooled_ids, pooled, both)
        return place(ids, embedding, pooled, self._linear_probe(pooled.shape[1]))

    def _linear_probe(self, width: int) -> Floats:
        """Return what reads audible qualities from the summaries of the model in use."""
        info = self._similarity.model or self._registry.bundled().info
        return read_linear_probe(info.metadata, width)

    def changed_from(self, before: Vectors) -> None:
        """Compare with where the library lay before, and let all know of the other model."""
        self._comparison.compare(before, self.vectors())
        self._switched()

    # On a thread of its own

    def _use(self, number: VersionId | None) -> None:
        before = self.vectors()
        self._registry.use(number)
        self.changed_from(before)

    def _import(self, path: Path) -> None:
        info = load_model(path).info
        head_file = ""
        if info.body_hash in self._embeddings.bodies():
            head_file = self._extract_head(path, info)
        verdict, answers = read_verdict(info.metadata.get(model_file.META_VERDICT, ""))
        version = ModelVersion(
            id=VersionId(0),
            kind="imported",
            name=info.name,
            body_hash=info.body_hash,
            head_hash=info.head_hash,
            model_file=self._registry.files.keep_model(path, info.body_hash, info.head_hash),
            head_file=head_file,
            created_at_s=time.time(),
            answers=answers,
            verdict=verdict,
        )
        self._registry.adopt(version)
        self._switched()
        again = (
            " The library is being analysed with it; the previous model is used until that is done."
        )
        self.notice.emit(f"{info.name} is in use.{'' if head_file else again}")

    def _extract_head(self, path: Path, info: ModelInfo) -> str:
        """Keep the head of a model whose body has already analysed the library; return its name."""
        with tempfile.TemporaryDirectory() as folder:
            head = Path(folder) / "head.onnx"
            trainer_process.extract_head(path, head)
            return self._registry.files.keep_head(head, info.body_hash, info.head_hash)

    def _switched(self) -> None:
        """Let everything that knows the model know the other one; its vectors are aligned there."""
        path = self._registry.path()
        info = load_model(path).info
        self._analysis.use_model(path)
        self._analysis.settle(_SETTLE_S)
        self._similarity.use_model(info)
        self._similarity.settle(_SETTLE_S)
        self.changed.emit()

    def _carefully(self, job: Callable[[], object]) -> None:
        try:
            job()
        except MecompError as error:
            self.notice.emit(str(error))


def _rows(ids: list[AudioId], matrix: Floats, wanted: list[AudioId]) -> Floats:
    row_of = {audio_id: row for row, audio_id in enumerate(ids)}
    return matrix[[row_of[audio_id] for audio_id in wanted]]
