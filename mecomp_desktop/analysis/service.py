"""Analysing the library: when it runs, how far it is, and what goes first."""

import os
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mecomp_desktop.analysis.embedding_worker import WorkerSettings
from mecomp_desktop.analysis.indexer import Indexer, IndexerState
from mecomp_desktop.analysis.model import ModelInfo, load_model
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.progress import Progress
from mecomp_desktop.errors import ModelFileError
from mecomp_desktop.store.database import Database
from mecomp_desktop.threads import WorkerThread

State = Literal["idle", "running", "paused", "waiting"]
_MOST_WORKERS = 4
_STATES: dict[IndexerState, State] = {
    IndexerState.IDLE: "idle",
    IndexerState.RUNNING: "running",
    IndexerState.PAUSED: "paused",
    IndexerState.BROKEN: "waiting",
}


@dataclass(frozen=True, slots=True)
class AnalysisStatus:
    """What the analysis is doing.

    Attributes:
        state: ``waiting`` while it gets ready, or cannot go on (``error`` says why).
        progress: How far it is, in recordings.
        error: Why it cannot go on, in plain words; empty otherwise.
    """

    state: State = "idle"
    progress: Progress = field(default_factory=Progress)
    error: str = ""


class AnalysisService:
    """Runs the indexer and the model it needs.

    Every method may be called from any thread and returns at once, unless it says that it
    blocks: the model is opened, and workers are started and ended, in the background.

    Args:
        database: The library database.
        model: The model file.
        workers: How many worker processes; 0 lets the program choose.

    Attributes:
        changed: The status is another one.
        embedded: These recordings have vectors now.
        failed: Failures have been recorded.
        model_ready: The model has been opened.
    """

    def __init__(self, database: Database, model: Path, workers: int = 0) -> None:
        self.changed: Event[[]] = Event()
        self.embedded: Event[[list[AudioId]]] = Event()
        self.failed: Event[[]] = Event()
        self.model_ready: Event[[ModelInfo]] = Event()
        self._database = database
        self._model = model
        self._workers = workers_for(workers)
        self._info: ModelInfo | None = None
        self._indexer: Indexer | None = None
        self._wanted = self._paused = False
        self._error = ""
        self._lock = threading.Lock()
        self._worker = WorkerThread("analysis")

    def status(self) -> AnalysisStatus:
        """Return what it is doing."""
        indexer = self._indexer
        if indexer is None:
            waiting = self._wanted or bool(self._error)
            return AnalysisStatus("waiting" if waiting else "idle", error=self._error)
        status = indexer.status()
        return AnalysisStatus(_STATES[status.state], status.progress, status.error)

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
        self._set_paused(True)

    def resume(self) -> None:
        """Go on after ``pause``."""
        self._set_paused(False)

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
        count = workers_for(chosen)
        if count != self._workers:
            self._workers = count
            self._worker.post(self._restart)

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
        self._worker.close()

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
            settings = WorkerSettings(self._model)
            indexer = Indexer(self._database, self._info, settings, self._workers)
            indexer.changed.connect(self.changed.emit)
            indexer.embedded.connect(self.embedded.emit)
            indexer.failed.connect(self.failed.emit)
            self._indexer = indexer
            if self._paused:
                indexer.pause()
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

    def _restart(self) -> None:
        if self._indexer is not None:
            self._close_indexer()
            self._start()

    def _close_indexer(self) -> None:
        with self._lock:
            indexer, self._indexer = self._indexer, None
        if indexer is not None:
            indexer.close()

    def _set_paused(self, paused: bool) -> None:
        self._paused = paused
        indexer = self._indexer
        if indexer is not None:
            indexer.pause() if paused else indexer.resume()
        self.changed.emit()


def workers_for(chosen: int) -> int:
    """Return how many worker processes to use when the listener has chosen so many (0: choose)."""
    if chosen > 0:
        return chosen
    # Half of the cores: the other half belongs to whatever else the listener does.
    return max(1, min(_MOST_WORKERS, usable_cores() // 2))


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
