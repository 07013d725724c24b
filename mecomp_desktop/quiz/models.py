"""The listener's models: which is in use, back to any of them, in and out as files."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mecomp_desktop.analysis.model import ModelInfo, load_model
from mecomp_desktop.analysis.service import AnalysisService
from mecomp_desktop.contracts import model_file
from mecomp_desktop.contracts.evaluation import read_verdict
from mecomp_desktop.contracts.linear_probe import read_linear_probe
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.model_version import ModelVersion, VersionId
from mecomp_desktop.errors import BrokenEnvironment, MecompError
from mecomp_desktop.files import replacing
from mecomp_desktop.quiz import trainer_process
from mecomp_desktop.quiz.fine_tuning import Base
from mecomp_desktop.quiz.model_comparison import ModelComparison, NeighbourComparison
from mecomp_desktop.quiz.model_registry import Bundled, ModelRegistry
from mecomp_desktop.quiz.song_coordinates import SongCoordinates, place
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.threads import WorkerThread

Matrix = npt.NDArray[np.float32]
Vectors = tuple[list[AudioId], Matrix]

_SETTLE_S = 60.0


class Models:
    """Changes the model in use, and tells everything that knows it.

    Every method may be called from any thread and returns at once, unless it says that it blocks.

    Args:
        database: The library database.
        registry: Where the models are.
        bundled: The file of the model that came with the program.
        analysis: Told when another model is in use.
        similarity: Told when the library lies elsewhere.
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
        bundled: Path,
        analysis: AnalysisService,
        similarity: SimilarityService,
        comparison: ModelComparison,
        worker: WorkerThread,
    ) -> None:
        self.changed: Event[[]] = Event()
        self.notice: Event[[str]] = Event()
        self._embeddings = Embeddings(database)
        self._registry, self._bundled_path = registry, bundled
        self._analysis, self._similarity = analysis, similarity
        self._comparison = comparison
        self._worker = worker
        self._bundled: Base | None = None

    def path(self) -> Path:
        """Return the file of the model in use."""
        version = self._registry.active()
        return self._bundled_path if version is None else self._registry.model_path(version)

    def history(self) -> list[ModelVersion]:
        """Return the listener's models, oldest first; the bundled one is not among them."""
        return self._registry.history()

    def active(self) -> VersionId | None:
        """Return which of the history is in use; ``None`` for the bundled model."""
        version = self._registry.active()
        return None if version is None else version.id

    def use(self, number: VersionId | None) -> None:
        """Go to a model of the history, or with ``None`` to the bundled one."""
        self._worker.post(lambda: self._carefully(lambda: self._use(number)))

    def last_comparison(self) -> list[NeighbourComparison]:
        """Return what lay next to five favourite songs before the last change, and after."""
        return self._comparison.last()

    def export_to(self, path: Path) -> str:
        """Write the model in use as one file, checked, and return MECOMP's two lines. Blocks.

        Raises:
            UserError: The file cannot be written, or does not keep the contract.
        """
        try:
            with replacing(path) as draft:
                shutil.copyfile(self.path(), draft)
                load_model(draft)
        except OSError as error:
            raise BrokenEnvironment(f"{path} cannot be written: {error.strerror}") from error
        return f'kind = "embedding"\nmodel_path = "{path}"'

    def import_from(self, path: Path) -> None:
        """Check a model file, add it to the history and use it; a ``notice`` tells the end."""
        self._worker.post(lambda: self._carefully(lambda: self._import(path)))

    # What learning and the quiz need; these read the store, and block

    def base(self) -> Base:
        """Return what learning builds upon: the imported model in use, or the bundled one."""
        version = self._registry.active()
        if version is not None and version.kind == "imported":
            path = self._registry.model_path(version)
            return Base(path, load_model(path).info)
        return self.bundled()

    def bundled(self) -> Base:
        """Return the model that came with the program."""
        if self._bundled is None:
            self._bundled = Base(self._bundled_path, load_model(self._bundled_path).info)
        return self._bundled

    def vectors(self) -> Vectors:
        """Return where the model in use places the library."""
        version = self._registry.active()
        if version is not None:
            return self._embeddings.matrix(version.body_hash, version.head_hash)
        info = self.bundled().info
        return self._embeddings.matrix(info.body_hash, info.head_hash)

    def coordinates(self) -> SongCoordinates:
        """Lay out the vectors of the model in use."""
        version = self._registry.active()
        body = version.body_hash if version is not None else self.bundled().info.body_hash
        ids, embedding = self._embeddings.matrix(body)
        pooled_ids, pooled = self._embeddings.pooled_matrix(body)
        if ids != pooled_ids:  # embedded in between, or of two widths: what both know
            both = sorted(set(ids) & set(pooled_ids))
            embedding = _rows(ids, embedding, both)
            ids, pooled = both, _rows(pooled_ids, pooled, both)
        return place(ids, embedding, pooled, self._linear_probe(pooled.shape[1]))

    def _linear_probe(self, width: int) -> Matrix:
        """Return what reads audible qualities from the summaries of the model in use."""
        info = self._similarity.model or self.bundled().info
        return read_linear_probe(info.metadata, width)

    def changed_from(self, before: Vectors) -> None:
        """Compare with where the library lay before, and let all know of the other model."""
        self._comparison.compare(before, self.vectors())
        self._switched()

    # On a thread of its own

    def _use(self, number: VersionId | None) -> None:
        base, before = self.bundled(), self.vectors()
        bundled = Bundled(base.path, base.info.body_hash, base.info.head_hash)
        self._registry.use(number, bundled)
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
            model_file=self._registry.keep_model(path, info.body_hash, info.head_hash),
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
            return self._registry.keep_head(head, info.body_hash, info.head_hash)

    def _switched(self) -> None:
        """Let everything that knows the model know the other one; its vectors are aligned there."""
        path = self.path()
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


def _rows(ids: list[AudioId], matrix: Matrix, wanted: list[AudioId]) -> Matrix:
    row_of = {audio_id: row for row, audio_id in enumerate(ids)}
    return matrix[[row_of[audio_id] for audio_id in wanted]]
