"""Analysing the library: when it runs, how far it is, and what goes first."""

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from mecomp_desktop.analysis.effort import Effort
from mecomp_desktop.analysis.embedding_worker import WorkerSettings
from mecomp_desktop.analysis.indexer import Indexer
from mecomp_desktop.analysis.model import ModelInfo, load_model
from mecomp_desktop.analysis.status import AnalysisStatus, PauseSwitch
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import ModelFileError
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import StoredEmbedding
from mecomp_desktop.threads import WorkerThread


class AnalysisService:
    """Runs the indexer and the model it needs.

    Every method may be called from any thread and returns at once, unless it says that it
    blocks: the model is opened, and workers are started and ended, in the background.

    Args:
        database: The library database.
        model: The model file.
        workers: How many worker processes; 0 lets the program choose.
        effort: How much of the machine they take.

    Attributes:
        changed: The status is another one.
        embedded: These vectors have been stored.
        failed: Failures have been recorded.
        lengths_changed: Tracks turned out to be of another length than was listed.
        model_ready: The model has been opened.
    """

    def __init__(
        self,
        database: Database,
        model: Path,
        workers: int = 0,
        effort: Effort = Effort.NORMAL,
    ) -> None:
        self.changed: Event[[]] = Event()
        self.embedded: Event[[list[StoredEmbedding]]] = Event()
        self.failed: Event[[]] = Event()
        self.lengths_changed: Event[[]] = Event()
        self.model_ready: Event[[ModelInfo]] = Event()
        self._database = database
        self._model = model
        self._chosen, self._effort, self._window_idle = workers, effort, False
        self._info: ModelInfo | None = None
        self._indexer: Indexer | None = None
        self._staffed = (0, 0)
        self._wanted = False
        self._pause = PauseSwitch()
        self._pause.changed.connect(self.changed.emit)
        self._error = ""
        self._lock = threading.Lock()
        self._worker = WorkerThread("analysis")

    def status(self) -> AnalysisStatus:
        """Return what it is doing."""
        indexer = self._indexer
        if indexer is None:
            waiting = self._wanted or bool(self._error)
            return AnalysisStatus("waiting" if waiting else "idle", error=self._error)
        return indexer.status()

    def prepare(self) -> None:
        """Open the model; ``model_ready`` fires when that is done."""
        self._worker.post(self._open_model)

    def use_model(self, model: Path) -> None:
        """Use another model from now on; ``model_ready`` fires when it is open."""
        self._worker.post(lambda: self._use_model(model))

    def start(self) -> None:
        """Analyse whatever has no vector; also after ``cancel`` and after an error."""
        self._wanted = True
        self._worker.post(self._start)
        self.changed.emit()

    def wake(self) -> None:
        """Look for recordings that came lately, unless the listener has cancelled."""
        indexer = self._indexer
        if indexer is not None:
            indexer.wake()

    def pause(self) -> None:
        """Finish what is being analysed, and hold back the rest."""
        self._pause.set(True)

    def resume(self) -> None:
        """Go on after ``pause``."""
        self._pause.set(False)

    def cancel(self) -> None:
        """Stop until ``start``; everything embedded so far is kept."""
        self._wanted = False
        indexer = self._indexer
        if indexer is not None:
            indexer.cancel()
        self.changed.emit()

    def analyse_first(self, audio_ids: Iterable[AudioId]) -> None:
        """Analyse these recordings before the others, and start if need be."""
        wanted = list(audio_ids)
        self.start()
        self._worker.post(lambda: self._indexer.prioritise(wanted) if self._indexer else None)

    def set_workers(self, chosen: int) -> None:
        """Use another number of worker processes; 0 lets the program choose."""
        self._chosen = chosen
        self._worker.post(self._staff_anew)

    def set_effort(self, effort: Effort) -> None:
        """Take more or less of the machine."""
        self._effort = effort
        self._worker.post(self._staff_anew)

    def set_window_idle(self, idle: bool) -> None:
        """Note that nobody has used the window for a while, or that somebody does again.

        While it is idle and the machine on mains, a normal effort becomes a full one. Starting
        other processes costs seconds: to be told after minutes, not after every click.
        """
        self._window_idle = idle
        self._worker.post(self._staff_anew)

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until nothing is left to do or it cannot go on; return whether it is so. Blocks."""
        until_s = time.monotonic() + timeout_s
        if not self._worker.settle(timeout_s):
            return False
        indexer = self._indexer
        if indexer is None:
            return True
        return indexer.wait_idle(max(0.0, until_s - time.monotonic()))

    def settle(self, timeout_s: float) -> bool:
        """Wait until what was posted has been done; return whether it has. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """End the workers and every thread. Blocks; may be called twice."""
        with self._lock:
            self._wanted = False
            if self._indexer is not None:
                self._indexer.cancel()
        self._worker.post(self._close_indexer)
        # Without a limit, for then the database goes: a batch that is stored after that would
        # fail. Nothing here waits, the processes are killed.
        self._worker.close(timeout_s=None)

    # On a thread of its own

    def _open_model(self) -> None:
        if self._info is not None:
            return
        try:
            self._info = load_model(self._model).info
        except ModelFileError as error:
            self._error = str(error)
            self.changed.emit()
            return
        self._error = ""
        self.model_ready.emit(self._info)

    def _start(self) -> None:
        self._open_model()
        if self._info is None or not self._wanted:
            return
        if self._indexer is None:
            workers, nice = self._staffed = self._staffing()
            settings = WorkerSettings(self._model, nice=nice)
            indexer = Indexer(self._database, self._info, settings, workers, self._pause)
            indexer.changed.connect(self.changed.emit)
            indexer.embedded.connect(self.embedded.emit)
            indexer.failed.connect(self.failed.emit)
            indexer.lengths_changed.connect(self.lengths_changed.emit)
            self._indexer = indexer
        self._indexer.start()
        if not self._wanted:  # cancelled between the look above and the start
            self._indexer.cancel()

    def _use_model(self, model: Path) -> None:
        if model == self._model:
            return
        self._close_indexer()
        self._model, self._info = model, None
        self._open_model()
        self._start()
        self.changed.emit()

    def _staffing(self) -> tuple[int, int]:
        """Return how many workers there should be now, and how nice."""
        effort = self._effort.while_idle() if self._window_idle else self._effort
        return effort.workers(self._chosen), effort.nice

    def _staff_anew(self) -> None:
        # The niceness of a process cannot be lowered again without rights that we do not have:
        # other workers take the place of these. The files that these read are read again.
        if self._indexer is not None and self._staffed != self._staffing():
            self._close_indexer()
            self._start()

    def _close_indexer(self) -> None:
        with self._lock:
            indexer, self._indexer = self._indexer, None
        if indexer is not None:
            indexer.close()
