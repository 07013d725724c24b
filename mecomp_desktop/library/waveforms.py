"""The shapes of songs for the seek bar, computed once and kept in the cache."""

import logging
from collections.abc import Callable
from pathlib import Path

from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.files import write_atomically

_log = logging.getLogger(__name__)
BUCKETS = 400


class Waveforms:
    """Finds shapes, or has them computed; thread-safe, and blocking: for worker threads.

    Args:
        folder: Where they are kept; made when needed, and may be deleted at any time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, track: Track, decode: Callable[[Track, int], bytes]) -> bytes | None:
        """Return one byte a bucket, or ``None`` where the file cannot be decoded.

        Args:
            track: Whose shape.
            decode: Computes it in so many buckets; raises ``UnreadableFile``.
        """
        file = self._folder / track.audio_id[:2] / f"{track.audio_id}.peaks"
        try:
            kept = file.read_bytes()
        except OSError:
            kept = b""
        if len(kept) == BUCKETS:
            return kept
        try:
            shape = decode(track, BUCKETS)
        except UnreadableFile as error:
            _log.info("no shape of %s: %s", track.path, error.reason)
            return None
        self._keep(file, shape)
        return shape

    def _keep(self, file: Path, shape: bytes) -> None:
        try:
            write_atomically(file, shape)
        except OSError as error:  # a full or read-only disk costs only the time to compute it
            _log.warning("cannot keep the shape of %s: %s", file, error)
