"""What the engine has been handed: the song that plays, and the one that follows it."""

import logging
from collections.abc import Callable
from pathlib import Path

from mecomp_desktop.audio.engine import Engine, Playable
from mecomp_desktop.domain.ids import EntryId
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.threads import WorkerThread

_log = logging.getLogger(__name__)
_KEPT_TOKENS = 16


class Deck:
    """Hands songs to the engine and knows which token stands for which queue entry.

    The engine is only called from one thread of its own, so that nobody who holds a lock
    waits for it, and its commands keep their order. Not thread-safe itself: its owner calls
    it under a lock.

    Args:
        engine: What plays.
        worker: The thread that commands it.
        failed: Told when the engine refuses a song at once.
    """

    def __init__(
        self, engine: Engine, worker: WorkerThread, failed: Callable[[int, UnreadableFile], None]
    ) -> None:
        self._engine = engine
        self._worker = worker
        self._failed = failed
        self._last_token = 0
        self._handed: dict[int, EntryId] = {}
        self._loaded: int | None = None
        self._cued: int | None = None

    @property
    def loaded(self) -> EntryId | None:
        """The entry in the engine; ``None`` while it has nothing to play."""
        return None if self._loaded is None else self._handed[self._loaded]

    @property
    def cued(self) -> EntryId | None:
        """The entry that the engine will go on with by itself."""
        return None if self._cued is None else self._handed[self._cued]

    @property
    def token(self) -> int | None:
        """What the engine calls the loaded song."""
        return self._loaded

    def load(self, entry_id: EntryId, path: Path, position_s: float = 0.0) -> None:
        """Play a song from here on, at once; nothing follows it until ``cue``."""
        item = self._hand(entry_id, path)
        self._loaded, self._cued = item.token, None
        self._command(item, lambda: self._engine.start(item, position_s))

    def cue(self, entry_id: EntryId, path: Path) -> None:
        """Have a song follow the loaded one without a gap."""
        if self._loaded is None or self.cued == entry_id:
            return
        item = self._hand(entry_id, path)
        self._cued = item.token
        self._command(item, lambda: self._engine.set_next(item))

    def uncue(self) -> None:
        """Have nothing follow the loaded song."""
        if self._cued is not None:
            self._cued = None
            self._worker.post(lambda: self._engine.set_next(None))

    def unload(self) -> None:
        """Stop and forget what was handed over."""
        if self._loaded is not None:
            self._loaded = self._cued = None
            self._worker.post(self._engine.stop)

    def rename(self, entry_id: EntryId) -> None:
        """Let the loaded song stand for another entry of the queue from now on."""
        if self._loaded is not None:
            self._handed[self._loaded] = entry_id

    def play(self) -> None:
        """Go on."""
        self._worker.post(self._engine.play)

    def pause(self) -> None:
        """Hold on."""
        self._worker.post(self._engine.pause)

    def seek(self, position_s: float) -> None:
        """Go to a place in the loaded song, in seconds."""
        self._worker.post(lambda: self._engine.seek(position_s))

    def went_on(self, token: int) -> EntryId | None:
        """Take note that a song has begun; return its entry if the engine went on to it by itself.

        A song that was handed over after it, or started since, makes this old news.
        """
        if self._loaded is None or token <= self._loaded or token not in self._handed:
            return None
        self._loaded = token
        if self._cued is not None and self._cued <= token:
            self._cued = None
        return self._handed[token]

    def ended(self, token: int) -> None:
        """Take note that the engine has nothing left to play."""
        if token == self._loaded:
            self._loaded = self._cued = None

    def entry_of(self, token: int) -> EntryId | None:
        """Return the entry a recent token stands for, if it still matters."""
        return self._handed[token] if token in (self._loaded, self._cued) else None

    def drop_cued(self, token: int) -> None:
        """Take note that the song that should follow cannot be played."""
        if token == self._cued:
            self._cued = None

    def _hand(self, entry_id: EntryId, path: Path) -> Playable:
        self._last_token += 1
        self._handed[self._last_token] = entry_id
        for old in [token for token in self._handed if token < self._last_token - _KEPT_TOKENS]:
            if old not in (self._loaded, self._cued):
                del self._handed[old]
        return Playable(self._last_token, path)

    def _command(self, item: Playable, command: Callable[[], None]) -> None:
        def run() -> None:
            try:
                command()
            except UnreadableFile as error:
                self._failed(item.token, error)

        self._worker.post(run)
