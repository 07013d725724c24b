"""What can be seen of a track: its cover and its shape, read in worker processes."""

import logging
from collections.abc import Callable

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.library.waveforms import Waveforms
from mecomp_desktop.workers.worker_slot import SlotClosed

_log = logging.getLogger(__name__)


class TrackPictures:
    """Reads covers and shapes; thread-safe, and blocking: for worker threads.

    Nothing is raised where there is no picture: a list of thousands of songs asks for theirs, and
    what keeps a file from being read is listed elsewhere.

    Args:
        inspector: Reads the files.
        waveforms: Keeps the shapes.
        learn_length: Told the length of a track that was decoded to its end for its shape, in
            seconds, and whether that is clearly less than its header promises.
    """

    def __init__(
        self,
        inspector: Inspector,
        waveforms: Waveforms,
        learn_length: Callable[[TrackId, float, bool], object],
    ) -> None:
        self._inspector = inspector
        self._learn_length = learn_length
        self._waveforms = waveforms

    def cover(self, track: Track, size_px: int) -> bytes | None:
        """Return a track's cover, from the file or beside it, as a PNG.

        Args:
            track: The track.
            size_px: The picture's shorter side is no longer than this.
        """
        try:
            return self._inspector.cover(track.path, track.tags.album, size_px)
        except SlotClosed:
            return None
        except BrokenEnvironment as error:
            _log.warning("no cover of %s: %s", track.path, error)
            return None

    def peaks(self, track: Track) -> bytes | None:
        """Return the shape of a track, one byte a bucket, if it can be decoded."""
        try:
            return self._waveforms.of(track, self._shape)
        except SlotClosed:
            return None
        except BrokenEnvironment as error:
            _log.warning("no shape of %s: %s", track.path, error)
            return None

    def _shape(self, track: Track, buckets: int) -> bytes:
        shape = self._inspector.shape(track.path, buckets, track.duration_s, track.part)
        self._learn_length(track.id, shape.duration_s, shape.ends_early)
        return shape.levels
