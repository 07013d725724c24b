"""Files that are played without being in the library."""

import threading
import time
from pathlib import Path

from mecomp_desktop.domain.ids import RootId, TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.inspection import Inspector

_NO_ROOT = RootId(0)


class TemporaryTracks:
    """Tracks with negative ids, known until the program ends. Thread-safe.

    Args:
        inspector: Reads the files.
    """

    def __init__(self, inspector: Inspector) -> None:
        self._inspector = inspector
        self._lock = threading.Lock()
        self._tracks: dict[TrackId, Track] = {}
        self._ids: dict[Path, TrackId] = {}

    def track(self, track_id: TrackId) -> Track | None:
        """Return one of them."""
        return self._tracks.get(track_id)

    def open_file(self, path: Path) -> Track:
        """Read a file and give it an id, the same one each time. Blocks.

        Raises:
            UnreadableFile: It cannot be read.
            SlotClosed: The program ends.
            BrokenEnvironment: No process comes up that could read it.
        """
        read = self._inspector.inspect(path)
        with self._lock:
            track_id = self._ids.setdefault(path, TrackId(-1 - len(self._ids)))
            track = Track(track_id, read.audio_id, path, _NO_ROOT, read.tags, True, time.time())
            self._tracks[track_id] = track
            return track
