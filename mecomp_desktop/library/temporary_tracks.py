"""Files that are played without being in the library."""

import threading
import time
from dataclasses import replace
from pathlib import Path

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.part import Part, place_of
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.library.identity import part_id
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
        self._ids: dict[str, TrackId] = {}

    def track(self, track_id: TrackId) -> Track | None:
        """Return one of them."""
        return self._tracks.get(track_id)

    def learn_length(self, track_id: TrackId, duration_s: float, *, ends_early: bool) -> None:
        """Take over the length that decoding has told."""
        with self._lock:
            track = self._tracks[track_id]
            tags = replace(track.tags, duration_s=duration_s, ends_early=ends_early)
            self._tracks[track_id] = replace(track, tags=tags)

    def open_file(self, path: Path) -> list[Track]:
        """Read a file and give each of its songs an id, the same one each time. Blocks.

        Raises:
            UnreadableFile: It cannot be read.
            SlotClosed: The program ends.
            BrokenEnvironment: No process comes up that could read it.
        """
        read = self._inspector.inspect(path)
        songs: list[tuple[Part | None, Tags]] = [(song.part, song.tags) for song in read.songs]
        with self._lock:
            return [
                self._track(path, read.audio_id, part, tags)
                for part, tags in songs or [(None, read.tags)]
            ]

    def _track(self, path: Path, file_id: AudioId, part: Part | None, tags: Tags) -> Track:
        place = place_of(str(path), part)
        track_id = self._ids.setdefault(place, TrackId(-1 - len(self._ids)))
        audio_id = file_id if part is None else part_id(file_id, part)
        start_s, end_s = (None, None) if part is None else part
        track = Track(
            *(track_id, audio_id, path, _NO_ROOT, tags, True, time.time()), start_s, end_s
        )
        self._tracks[track_id] = track
        return track
