"""What the command line and the window share: the library, its analysis and what sounds alike."""

import logging
from collections.abc import Callable
from pathlib import Path

from mecomp_desktop.analysis.effort import Effort
from mecomp_desktop.analysis.embedding_worker import EmbeddingWorker, WorkerSettings
from mecomp_desktop.analysis.service import AnalysisService
from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.undo import UndoStack
from mecomp_desktop.errors import BrokenEnvironment, UnreadableFile
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.library.waveforms import Waveforms
from mecomp_desktop.paths import Paths, resource
from mecomp_desktop.playlists.service import PlaylistService
from mecomp_desktop.quiz.model_registry import ModelRegistry
from mecomp_desktop.settings import SettingsStore
from mecomp_desktop.similarity.service import Similar, SimilarityService
from mecomp_desktop.store.care import LibraryCare
from mecomp_desktop.store.recovery import open_library
from mecomp_desktop.threads import WorkerThread, on_job_error
from mecomp_desktop.workers.worker_slot import Failed

_log = logging.getLogger(__name__)
_LOAD_S = 600.0


class Core:
    """The library and what is known of its sound: all that a command line needs.

    Args:
        paths: Where things live; the directories are made when missing.
        workers: How many processes listen; ``None`` asks the settings, 0 lets the program choose.
        keep_graph: Keep a graph over the vectors. A short-lived command is quicker without.

    Raises:
        UserError: The library was written by a newer version.
        BrokenEnvironment: The folders cannot be made, or the library not opened.

    Attributes:
        paths: Where things live.
        settings: What the listener has chosen.
        library: Tracks, folders, scans, failures.
        analysis: Embeds the library in the background.
        similarity: What sounds alike.
        undo: What the listener did, to be taken back: one stack for all of it.
        playlists: Playlists, and the files they come from and go to.
    """

    def __init__(
        self, paths: Paths, *, workers: int | None = None, keep_graph: bool = True
    ) -> None:
        try:
            paths.create()
        except OSError as error:
            raise BrokenEnvironment(
                f"cannot make the folder {error.filename}: {error.strerror}"
            ) from error
        self.paths = paths
        self.settings = SettingsStore(paths.settings_file, self.write_later)
        chosen = self.settings.load()
        for problem in self.settings.problems:
            _log.warning("%s", problem)
        self.database, self._start_message = open_library(
            paths.database, check_tracks=not keep_graph
        )
        self._writer = WorkerThread("files")
        self.care = LibraryCare(self.database)
        self.registry = ModelRegistry(self.database, paths.personal_models, resource(BUNDLED_MODEL))
        self.library = LibraryService(self.database, Waveforms(paths.cache / "waveforms"))
        self.analysis = AnalysisService(
            self.database,
            self.registry.path(),
            chosen.workers if workers is None else workers,
            # Whoever calls a command waits for it.
            Effort(chosen.analysis_effort) if workers is None else Effort.FULL,
        )
        graph_file = paths.cache / "neighbours.bin" if keep_graph else None
        self.similarity = SimilarityService(self.database, self.library, graph_file, self._align)
        self.undo = UndoStack()
        self.playlists = PlaylistService(self.database, self.library, self.undo)
        self._connect_rooms()

    def _align(self, body_hash: str, head_hash: str) -> None:
        """Bring the stored vectors to the model in use; what cannot be is analysed again."""
        if self.database.read_only:  # what lies there serves as it is
            return
        if self.registry.align(body_hash, head_hash):
            self.analysis.wake()

    def write_later(self, write: Callable[[], object]) -> None:
        """Have a file written in the background; before the program ends at the latest."""
        self._writer.post(write)

    def _usable_bodies(self) -> set[str]:
        """Return the bodies of all models that the listener may go back to. Blocks."""
        history = self.registry.history()
        return {
            self.registry.bundled().info.body_hash,
            *(version.body_hash for version in history),
        }

    @property
    def notices(self) -> tuple[Event[[str]], ...]:
        """Where sentences for the listener come from."""
        return (
            self.library.notice,
            self.care.notice,
            self.database.notice,
            self.settings.notice,
        )

    def start_sentences(self) -> list[str]:
        """Return what the listener should know of how the program started."""
        messages = [*self.settings.problems, self._start_message]
        missing = self.registry.missing_model()
        if missing is not None:
            file = self.registry.files.model_path(missing)
            messages.append(
                f"The file of your model “{missing.name}” is gone ({file}). The model that came"
                " with the program is used, and your library is compared with it."
            )
        if self.database.read_only:
            messages.append(f"The library in {self.paths.data} is read-only: changes are not kept.")
        return [sentence for sentence in messages if sentence]

    def forward_messages(self, listener: Callable[[str], object]) -> None:
        """Have a command tell its user what the listener should know, now and later."""
        for notice in self.notices:
            notice.connect(listener)
        for sentence in self.start_sentences():
            listener(sentence)

    def load(self) -> None:
        """Read the library and its vectors, and open the model. Blocks: for commands.

        Raises:
            Exception: Whatever kept it from being read.
        """
        errors: list[Exception] = []
        disconnect = on_job_error(errors.append)
        try:
            self.library.load()
            self.analysis.prepare()
            self.library.settle(_LOAD_S)
            self.analysis.settle(_LOAD_S)
            self.similarity.settle(_LOAD_S)
        finally:
            disconnect()
        if errors:
            raise errors[0]

    def similar_to_file(self, file: Path, n: int) -> list[Similar]:
        """Return what sounds closest to a file, which is listened to if need be. Blocks.

        Args:
            file: Any music file; it need not be in the library.
            n: How many songs.

        Raises:
            UnreadableFile: It cannot be read.
            ModelFileError: The model cannot be opened.
            BrokenEnvironment: No process comes up that could read it.
        """
        audio = self.library.identity(file)
        vector = self.similarity.vector_of(audio)
        if vector is None:
            vector = self._embedded(file)
        # Of a long file that is cut into songs, these are no news either.
        return self.similarity.similar_to(vector, n, {audio, *self.library.recordings_in(file)})

    def _embedded(self, file: Path) -> Floats:
        """Return the vector of a file, which is decoded in a worker process as any other."""
        worker = EmbeddingWorker(WorkerSettings(self.registry.path(), nice=Effort.FULL.nice))
        try:
            vectors = worker.embed_track(file, 0.0)
        finally:
            worker.rest()
        if isinstance(vectors, Failed):
            raise UnreadableFile(file, vectors.reason, vectors.detail)
        return vectors.embedding

    def close(self) -> None:
        """End every thread and process. Blocks for at most some seconds; idempotent."""
        self.library.cancel_scan()
        self.analysis.cancel()  # its processes end while the others do
        self.care.close()
        self.similarity.close()
        self.playlists.close()
        self.library.close()
        self._writer.close()
        # What the listener did is stored by now. A last batch of vectors that another program
        # keeps from being stored is analysed again at the next start, rather than waited for.
        self.database.stop_waiting()
        self.analysis.close()
        # Last: a thread that still wrote would fail, or end the process inside SQLite.
        self.database.close()

    def _connect_rooms(self) -> None:
        library, analysis, similarity = self.library, self.analysis, self.similarity
        library.changed.connect(analysis.wake)
        library.changed.connect(similarity.count)
        library.scanned.connect(analysis.wake)
        analysis.failed.connect(library.refresh_failures)
        analysis.lengths_changed.connect(library.show_lengths)
        analysis.embedded.connect(similarity.take_in)
        analysis.model_ready.connect(similarity.use_model)
        analysis.model_ready.connect(
            lambda info: self.care.drop_retired_vectors(info.body_hash, self._usable_bodies)
        )
