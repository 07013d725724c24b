"""Analysing the library in the background."""

import logging
import threading
from collections.abc import Iterable

from mecomp_desktop.analysis.embedding_worker import WorkerSettings
from mecomp_desktop.analysis.embedding_writer import EmbeddingWriter, Stored
from mecomp_desktop.analysis.indexing_run import IndexingRun
from mecomp_desktop.analysis.model import ModelInfo
from mecomp_desktop.analysis.status import AnalysisStatus, PauseSwitch, State
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import StoredEmbedding

_log = logging.getLogger(__name__)


class Indexer:
    """Embeds every recording that has no vector of this model's body and excerpt policy yet.

    An older vector goes on serving until the new one replaces it.
    Results are stored in batches, each in one transaction; whatever ends the program, at most
    a batch has to be analysed again. Every method may be called from any thread; only
    ``wait_idle`` and ``close`` wait.

    Attributes:
        changed: The status is another one.
        embedded: These vectors have been stored.
        failed: Failures have been recorded.
        lengths_changed: Tracks turned out to be of another length than was listed.

    The events are emitted from a background thread; a listener may call every method but
    ``wait_idle`` and ``close``.

    Args:
        database: The library.
        info: What the model file says of itself.
        settings: What each worker is started with, the model file among it.
        workers: How many worker processes.
        pause: Holds back every file that has not been begun; one of its own by default.
    """

    def __init__(
        self,
        database: Database,
        info: ModelInfo,
        settings: WorkerSettings,
        workers: int = 1,
        pause: PauseSwitch | None = None,
    ) -> None:
        self._info = info
        self._settings = settings
        self._workers = workers
        self._writer = EmbeddingWriter(database, info, settings.policy.name)
        self._pause = pause or PauseSwitch()
        self._disconnect_pause = self._pause.changed.connect(self._writer.restart_clock)
        self.changed: Event[[]] = Event()
        self.embedded: Event[[list[StoredEmbedding]]] = Event()
        self.failed: Event[[]] = Event()
        self.lengths_changed: Event[[]] = Event()
        self._signal = threading.Condition()
        self._wanted = self._woken = self._active = self._closing = False
        # Only a start tries files again that failed for a passing reason: to be woken happens at
        # every change of the library, and such a file may take a minute each time.
        self._forgiving = False
        self._error = ""
        self._urgent: tuple[AudioId, ...] = ()
        self._run: IndexingRun | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, or look again; also after ``cancel`` and after a breakdown."""
        with self._signal:
            if self._closing:
                return
            self._wanted, self._error = True, ""
            self._forgiving = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._live, name="indexer")
                self._thread.start()
        self.wake()

    def wake(self) -> None:
        """Look for files that came, changed or were cleared of a failure; no-op if not started."""
        with self._signal:
            if not self._wanted or self._closing:
                return
            if self._run is None or not self._run.wake():
                self._woken = True
            self._signal.notify_all()
        self.changed.emit()

    def cancel(self) -> None:
        """Stop until ``start``; files that are being analysed right now are dropped, not blamed."""
        with self._signal:
            self._wanted = self._woken = False
            if self._run is not None:
                self._run.end()
            self._signal.notify_all()
        self.changed.emit()

    def prioritise(self, audio_ids: Iterable[AudioId]) -> None:
        """Analyse these recordings first, as far as they have no vector yet."""
        with self._signal:
            self._urgent = tuple(audio_ids)
            if self._run is not None:
                self._run.prioritise(self._urgent)

    def status(self) -> AnalysisStatus:
        """Return what it is doing and how far it is."""
        with self._signal:
            return AnalysisStatus(self._state(), self._writer.progress(), self._error)

    def wait_idle(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing is left to do (or nothing can be done); return whether it is so."""
        with self._signal:
            return self._signal.wait_for(lambda: self._state() in ("idle", "waiting"), timeout_s)

    def close(self) -> None:
        """End everything, and wait until no thread and no process is left; may be called again."""
        with self._signal:
            self._closing = True
            thread = self._thread
        self.cancel()
        self._disconnect_pause()
        if thread is not None:
            thread.join()

    def _state(self) -> State:
        if self._error:
            return "waiting"
        busy = self._run.busy if self._run is not None else self._active
        if busy or (self._wanted and self._woken):
            return "paused" if self._pause.is_on else "running"
        return "idle"

    def _live(self) -> None:
        while self._begin():
            error = ""
            try:
                self._analyse()
            except BrokenEnvironment as broken:
                _log.warning("analysis stops: %s", broken)
                error = str(broken)
            except Exception as bug:
                _log.exception("analysis stops")
                error = f"the analysis stopped unexpectedly ({type(bug).__name__}: {bug})"
            with self._signal:
                self._run, self._active = None, False
                if error:
                    self._wanted, self._error = False, error
            self._announce()

    def _begin(self) -> bool:
        """Wait for work; return whether there is any, rather than the end."""
        with self._signal:
            self._signal.wait_for(lambda: self._closing or (self._wanted and self._woken))
            self._woken, self._active = False, not self._closing
            return self._active

    def _analyse(self) -> None:
        if self._forgiving:
            self._forgiving = False
            self._writer.forgive()
        self._writer.restart_clock()
        jobs = self._writer.plan()
        run = IndexingRun(self._writer, self._info.body_hash, self._pause, self._batch_stored)
        with self._signal:
            if not (jobs and self._wanted):
                return
            run.prioritise(self._urgent)
            self._run = run
        run.follow(jobs, self._settings, self._workers, self._announce)

    def _batch_stored(self, stored: Stored) -> None:
        if stored.embedded:
            self.embedded.emit(stored.embedded)
        if stored.failed_ids:
            self.failed.emit()
        if stored.lengths:
            self.lengths_changed.emit()
        self._announce()

    def _announce(self) -> None:
        with self._signal:
            self._signal.notify_all()
        self.changed.emit()
