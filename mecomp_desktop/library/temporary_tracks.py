"""Files that are played without being in the library."""

import threading
import time
from pathlib import Path

from mecomp_desktop.domain.ids import RootId, TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.identity import audio_id

_NO_ROOT = RootId(0)


class TemporaryTracks:
    """Tracks with negative ids, known until the program ends. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tracks: dict[TrackId, Track] = {}
        self._ids: dict[Path, TrackId] = {}

    def track(self, track_id: TrackId) -> Track | None:
        """Return a visitor."""
        return self._tracks.get(track_id)

    def welcome(self, path: Path) -> Track:
        """Read a file and give it an id, the same one each time.

        Raises:
            UnreadableFile: It cannot be read.
        """
        # Readers of tags take a moment to load, which the window need not wait for.
        from mecomp_desktop.library.tags import read_tags

        tags, audio = read_tags(path), audio_id(path)
        with self._lock:
            track_id = self._ids.setdefault(path, TrackId(-1 - len(self._ids)))
            track = Track(track_id, audio, path, _NO_ROOT, tags, True, time.time())
            self._tracks[track_id] = track
            return track
