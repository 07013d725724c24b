"""By which factor a song is played, so that songs, or albums, are as loud as each other."""

from collections.abc import Callable

from mecomp_desktop.domain.queue import PlayQueue, QueueEntry
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.playback.track_finder import TrackFinder
from mecomp_desktop.settings import LoudnessSettings

_DB_PER_FACTOR_OF_TEN = 20.0

Gain = Callable[[QueueEntry, Track], float]
"""Tells the linear factor by which the song of an entry is played; called under a lock: quick."""


def as_it_is(_entry: QueueEntry, _track: Track) -> float:
    """Leave every song as loud as it is."""
    return 1.0


class ReplayGain:
    """The factors of the songs in a queue. Not thread-safe: its owner calls it under a lock.

    Args:
        queue: What plays beside what.
        finder: Looks tracks up.
        wanted: What the listener wants.
    """

    def __init__(
        self, queue: PlayQueue, finder: TrackFinder, wanted: Callable[[], LoudnessSettings]
    ) -> None:
        self._queue = queue
        self._finder = finder
        self._wanted = wanted

    def __call__(self, entry: QueueEntry, track: Track) -> float:
        """Return the linear factor for the song of an entry."""
        settings = self._wanted()
        in_album = settings.mode == "auto" and self._is_in_album(entry, track)
        return gain_of(track, settings, in_album=in_album)

    def _is_in_album(self, entry: QueueEntry, track: Track) -> bool:
        before, after = map(self._track_of, self._queue.neighbours(entry.id))
        return follows_in_album(before, track) or follows_in_album(track, after)

    def _track_of(self, entry: QueueEntry | None) -> Track | None:
        return None if entry is None else self._finder.track(entry.track_id)


def gain_of(track: Track, settings: LoudnessSettings, *, in_album: bool) -> float:
    """Return the linear factor for a song; exactly 1 where nothing is to be changed.

    Args:
        track: The song, with what its file says of its loudness.
        settings: What the listener wants.
        in_album: Whether it is played among the songs of its album, in their order: the quiet
            song of an album is meant to be quiet.
    """
    if settings.mode == "off":
        return 1.0
    by_album = settings.mode == "album" or (settings.mode == "auto" and in_album)
    gain_db, peak = _of_album(track.tags) if by_album else _of_track(track.tags)
    if gain_db is None:
        return _factor(settings.untagged_db)
    factor = _factor(gain_db + settings.preamp_db)
    if settings.prevent_clipping and peak is not None:
        return min(factor, 1.0 / peak)
    return factor


def follows_in_album(before: Track | None, after: Track | None) -> bool:
    """Return whether the second song stands right after the first on their album."""
    if before is None or after is None or not before.tags.album:
        return False
    if (before.album, before.album_artist) != (after.album, after.album_artist):
        return False
    (part, number), (next_part, next_number) = _place(before.tags), _place(after.tags)
    if part == next_part:
        return next_number == number + 1
    return next_part > part and next_number == 1


def _of_track(tags: Tags) -> tuple[float | None, float | None]:
    if tags.track_gain_db is not None:
        return tags.track_gain_db, tags.track_peak
    return tags.album_gain_db, tags.album_peak


def _of_album(tags: Tags) -> tuple[float | None, float | None]:
    if tags.album_gain_db is not None:
        return tags.album_gain_db, tags.album_peak
    return tags.track_gain_db, tags.track_peak


def _factor(gain_db: float) -> float:
    return 10 ** (gain_db / _DB_PER_FACTOR_OF_TEN)


def _place(tags: Tags) -> tuple[tuple[int, str], int]:
    """Return the disc and side of a song, and its number there."""
    return (tags.disc_number or 1, tags.side), tags.track_number or 0
