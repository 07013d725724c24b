"""The composition root: builds everything, wires it, and owns start and stop."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mecomp_desktop.analysis.effort import Effort
from mecomp_desktop.audio.engine import Engine
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.audio.player_engine import SoundEngine
from mecomp_desktop.core import Core
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.undo import Command
from mecomp_desktop.errors import UserError
from mecomp_desktop.files import reachable_folder
from mecomp_desktop.history.service import HistoryService
from mecomp_desktop.library.folder_removal import FolderRemoval
from mecomp_desktop.library.root_view import RootView
from mecomp_desktop.paths import Paths
from mecomp_desktop.playback.saved_state import PlayerMemory
from mecomp_desktop.playback.service import PlaybackService
from mecomp_desktop.query.dynamic_playlists import DynamicPlaylists
from mecomp_desktop.query.live_facts import LiveFacts
from mecomp_desktop.query.service import QueryService
from mecomp_desktop.quiz.clip_player import ClipPlayer
from mecomp_desktop.quiz.service import QuizService
from mecomp_desktop.radio.service import RadioService
from mecomp_desktop.ratings.service import RatingsService
from mecomp_desktop.settings import Settings
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.state import State
from mecomp_desktop.threads import WorkerThread


class Application:
    """Everything the window needs.

    Attributes:
        paths: Where things live.
        settings: What the listener has chosen.
        library: Tracks, folders, scans, failures.
        analysis: Embeds the library in the background.
        similarity: What sounds alike.
        ratings: Likes, ratings and what is never to be played again.
        history: Plays and skips.
        playlists: Playlists, and the files they come from and go to.
        queries: Finds songs by what they are and what the listener did with them.
        dynamic_playlists: Queries by name, and their songs.
        playback: The queue and the player.
        radio: Fills the queue with what sounds alike.
        personal: The quiz, and the models that come of it.
        clips: Plays the quiz's clips.
        undo: What the listener did, to be taken back: one stack for all of it.
        care: Checks the library's file, backs it up and restores it.
    """

    def __init__(self, core: Core, engine: Engine, open_clip_engine: Callable[[], Engine]) -> None:
        self._core = core
        self.paths, self.settings = core.paths, core.settings
        self.library, self.analysis = core.library, core.analysis
        self.similarity, self.care = core.similarity, core.care
        self.undo, self.playlists = core.undo, core.playlists
        self.ratings = RatingsService(core.database, self.undo)
        self.history = HistoryService(core.database)
        facts = LiveFacts(self.history, self.ratings)
        self.queries = QueryService(core.database, self.library, self.similarity, facts)
        self.dynamic_playlists = DynamicPlaylists(
            core.database, self.library, self.queries, facts, self.undo
        )
        memory = PlayerMemory(State(core.database))
        self.playback = PlaybackService(
            engine,
            self.library,
            self.history,
            memory,
            verdict=self.library.objection,
            undo=self.undo,
            is_unwanted=self.ratings.is_never_again,
            loudness=lambda: self.settings.current.loudness,
        )
        self.radio = RadioService(
            self.playback,
            self.library,
            self.similarity,
            self.analysis,
            Plays(core.database),
            lambda: self.settings.current.radio,
            ratings=self.ratings.table,
        )
        self.quiz = QuizService(
            core.database,
            self.library,
            self.analysis,
            self.similarity,
            registry=core.registry,
            workshop=self.paths.cache / "learning",
            undo=self.undo,
            ratings=self.ratings.table,
        )
        self.clips = ClipPlayer(open_clip_engine, lambda: self.playback.status().volume)
        self._in_force = self.settings.current
        self._closed = False
        self._opening = WorkerThread("opening files")
        self._connect_rooms()

    @classmethod
    def open(cls, paths: Paths, engine: Engine | None = None) -> "Application":
        """Build everything; nothing runs before ``start``.

        Args:
            paths: Where things live; the directories are made when missing.
            engine: What plays; the sound card by default.

        Raises:
            UserError: The library was written by a newer version.
            BrokenEnvironment: The folders cannot be made, or the library not opened.
        """
        core = Core(paths)
        device = core.settings.current.output_device or None
        if engine is not None:  # whoever brings an engine wants no other sound
            return cls(core, engine, NullEngine)
        # It plays on every computer, in silence where there is no sound; the device is opened
        # when something plays, so nothing waits for it here.
        return cls(core, SoundEngine(device_id=device), lambda: SoundEngine(device_id=device))

    @property
    def notice(self) -> Event[[str]]:
        """One plain sentence that the listener should see, from whichever service."""
        return self.playback.notice

    def start(self) -> None:
        """Read the library, bring the queue back, look for changes and listen. Returns at once."""
        for sentence in self._core.start_sentences():
            self.notice.emit(sentence)
        self.library.load()
        self.care.start()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add the folders among these to the library, and play the files. Returns at once."""
        self._opening.post(lambda: self._open(list(paths)))

    def write_later(self, write: Callable[[], object]) -> None:
        """Have a file written in the background; before the program ends at the latest."""
        self._core.write_later(write)

    def remove_folder(self, root: RootView) -> Command:
        """Take a folder out of the library, as a step that can be undone. Returns at once."""
        return self.undo.run(FolderRemoval(self.library, root.id, root.path))

    def close(self) -> None:
        """Save, and end every thread and process. Blocks for a moment; may be called twice."""
        if self._closed:
            return
        self._closed = True
        self.library.cancel_scan()
        self._opening.close()
        self.radio.close()
        self.quiz.close()
        self.clips.close()
        self.playback.close()
        self.dynamic_playlists.close()
        self.ratings.close()
        self.history.close()
        self._core.close()

    def _connect_rooms(self) -> None:
        for notice in self._core.notices:
            notice.connect(self.notice.emit)
        self.radio.notice.connect(self.notice.emit)
        self.quiz.models.notice.connect(self.notice.emit)
        self.library.loaded.connect(self._loaded)
        for changed in (self.library.changed, self.history.changed, self.ratings.changed):
            changed.connect(self.dynamic_playlists.follow)
        self.similarity.changed.connect(self.dynamic_playlists.follow_vectors)
        self.playback.measured.connect(self.library.learn_length)
        self.ratings.changed.connect(self.playback.follow_ratings)
        self.ratings.changed.connect(self.radio.follow_ratings)
        self.ratings.changed.connect(self.quiz.quiz.follow_ratings)
        self.settings.changed.connect(self._settings_changed)

    def _loaded(self) -> None:
        if self._closed:
            return
        self.playback.restore_state()
        self.library.rescan()
        self.library.watch(self.settings.current.watch_folders)
        self.analysis.start()

    def _settings_changed(self, settings: Settings) -> None:
        before, self._in_force = self._in_force, settings
        if settings.output_device != before.output_device:
            self.playback.set_device(settings.output_device or None)
        if settings.loudness != before.loudness:
            self.playback.follow_loudness()
        if settings.workers != before.workers:
            self.analysis.set_workers(settings.workers)
        if settings.analysis_effort != before.analysis_effort:
            self.analysis.set_effort(Effort(settings.analysis_effort))
        if settings.watch_folders != before.watch_folders:
            self.library.watch(settings.watch_folders)

    def _open(self, paths: Sequence[Path]) -> None:
        files = []
        for path in paths:
            if not reachable_folder(path):
                files.append(path)
                continue
            try:
                self.library.add_root(path)
            except UserError as error:
                self.notice.emit(f"{error}.")
        tracks = self.library.visit(files)
        if tracks:
            self.playback.play_tracks(tracks)
