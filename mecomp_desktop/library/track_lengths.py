"""Takes over the lengths that decoding tells, and has the list shown anew."""

import logging
import threading
from collections.abc import Callable

from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import MecompError
from mecomp_desktop.store.lengths import DecodedLength, Lengths
from mecomp_desktop.threads import WorkerThread

_log = logging.getLogger(__name__)


class TrackLengths:
    """Keeps lengths on the library's thread; every method returns at once.

    Args:
        lengths: Where they are kept.
        worker: The library's thread.
        refresh: Reads the tracks anew; called on that thread.
    """

    def __init__(
        self, lengths: Lengths, worker: WorkerThread, refresh: Callable[[], object]
    ) -> None:
        self._lengths = lengths
        self._worker = worker
        self._refresh = refresh
        self._lock = threading.Lock()
        self._is_posted = False

    def learn(self, track: Track, duration_s: float, *, ends_early: bool) -> None:
        """Take over the length of a track that was decoded to its end."""
        length = DecodedLength(track.audio_id, duration_s, ends_early)
        self._worker.post(lambda: self._learn(length))

    def show(self) -> None:
        """Have the tracks read anew, whose lengths have been corrected."""
        with self._lock:
            was_posted, self._is_posted = self._is_posted, True
        if not was_posted:  # one look shows whatever comes until then
            self._worker.post(self._show)

    def _learn(self, length: DecodedLength) -> None:
        try:
            if self._lengths.learn_many([length]):
                self.show()
        except MecompError as error:  # a full or read-only disk: it is learned another time
            _log.warning("a length is not kept: %s", error)

    def _show(self) -> None:
        with self._lock:
            self._is_posted = False
        self._refresh()
