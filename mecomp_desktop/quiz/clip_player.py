"""Plays the clips of the quiz on an engine of their own, beside the player's."""

import threading
from collections.abc import Callable

from mecomp_desktop.audio.engine import Engine, Playable, PlayerState
from mecomp_desktop.domain.events import Event
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.quiz.clips import Clip
from mecomp_desktop.threads import WorkerThread

_LOOK_S = 0.05


class ClipPlayer:
    """Plays one clip after another, each to its end.

    Args:
        open_engine: Opens the engine; called when the first clip is played.
        volume: Returns the player's volume, 0 to 1.

    Attributes:
        changed: Another clip plays, or none.
    """

    def __init__(self, open_engine: Callable[[], Engine], volume: Callable[[], float]) -> None:
        self.changed: Event[[]] = Event()
        self._open_engine = open_engine
        self._volume = volume
        self._engine: Engine | None = None
        self._waiting: list[tuple[int, Clip]] = []
        self._playing: tuple[int, Clip] | None = None
        self._token = self._begun = 0
        self._lock = threading.RLock()
        self._worker: WorkerThread | None = None  # there are listeners who never open the quiz

    def playing(self) -> tuple[int, float] | None:
        """Return which clip is heard, and how far it is from 0 to 1; ``None`` for silence."""
        with self._lock:
            engine, current = self._engine, self._playing
        if engine is None or current is None:
            return None
        place, clip = current
        status = engine.status()
        if status.token != self._token:
            return (place, 0.0)
        done = (status.position_s - clip.start_s) / max(clip.length_s, 0.1)
        return (place, min(1.0, max(0.0, done)))

    def play(self, clips: list[tuple[int, Clip]]) -> None:
        """Play these one after the other, instead of what plays. Returns at once.

        Args:
            clips: Each with the number by which ``playing`` will call it.
        """
        wanted = list(clips)
        with self._lock:
            if self._worker is None:
                self._worker = WorkerThread("clips", _LOOK_S, self._look)
            self._worker.post(lambda: self._begin(wanted))

    def stop(self) -> None:
        """Fall silent. Returns at once."""
        with self._lock:
            if self._worker is not None:
                self._worker.post(lambda: self._begin([]))

    def close(self) -> None:
        """End engine and thread. Blocks; may be called twice."""
        self.stop()
        if self._worker is not None:
            self._worker.close()
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    # On a thread of its own

    def _begin(self, clips: list[tuple[int, Clip]]) -> None:
        self._waiting = clips
        if clips or self._playing is not None:
            self._next()

    def _next(self) -> None:
        with self._lock:
            current = self._waiting.pop(0) if self._waiting else None
            self._playing = current
            self._token += 1
            if self._engine is None and current is not None:
                self._engine = self._open_engine()
                self._engine.track_failed.connect(self._failed)
            engine = self._engine
        if engine is None:
            return
        if current is None:
            engine.stop()
        else:
            clip = current[1]
            engine.set_volume(self._volume())
            engine.start(Playable(self._token, clip.path, clip.gain, clip.part), clip.start_s)
        self.changed.emit()

    def _failed(self, token: int, _why: UnreadableFile) -> None:
        """A clip cannot be played: go on with the one after it. On the engine's thread."""
        if self._worker is not None:
            self._worker.post(lambda: self._next() if token == self._token else None)

    def _look(self) -> None:
        with self._lock:
            engine, current, token = self._engine, self._playing, self._token
        if engine is None or current is None:
            return
        clip, status = current[1], engine.status()
        if status.token == token:
            self._begun = token
            over = status.position_s >= clip.start_s + clip.length_s
        else:  # not begun yet, or over because the file has ended
            over = status.state is PlayerState.STOPPED and self._begun == token
        if over:
            self._next()
