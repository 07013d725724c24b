"""Songs chosen by what the listener did with them: played lately, most, never, long ago."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from mecomp_desktop.domain.ids import AudioId, TrackId
from mecomp_desktop.domain.play_counts import NEVER_PLAYED, PlayCounts
from mecomp_desktop.domain.rating import Rating, RatingTable
from mecomp_desktop.library.catalog import Catalog

MAX_SONGS = 1000
"""So many songs a view of the last or the most shows at most."""
FORGOTTEN_AFTER_S = 120 * 86_400.0
_FAVOURITE_STARS = 4.0
_FAVOURITE_PLAYS = 5


class View(StrEnum):
    """What is chosen."""

    RECENTLY_PLAYED = "recently played"
    MOST_PLAYED = "most played"
    LIKED = "liked"
    RECENTLY_ADDED = "recently added"
    NEVER_PLAYED = "never played"
    FORGOTTEN = "forgotten favourites"


class SongFacts(NamedTuple):
    """One recording with what is known of it.

    Attributes:
        counts: Plays and skips.
        rating: What the listener thinks of it.
        added_at_s: When it was added, in seconds since the epoch.
    """

    counts: PlayCounts
    rating: Rating
    added_at_s: float


def songs_of(
    view: View,
    catalog: Catalog,
    counts: Mapping[AudioId, PlayCounts],
    ratings: RatingTable,
    now_s: float,
) -> list[TrackId]:
    """Return the songs of a view in its order, each recording once.

    Columns of the library are looked at, no tracks: to make one of each of 100,000 rows would
    take seconds of the interpreter, which the window needs as well.

    Args:
        view: What is wanted.
        catalog: The library.
        counts: Plays and skips by recording.
        ratings: What the listener thinks.
        now_s: The time, in seconds since the epoch.
    """
    key_of, column = _KEYS[view], catalog.tracks.column
    added, ids = column("added_at_s"), column("id")
    found = []
    for audio_id, row in catalog.recordings().items():
        count, rating = counts.get(audio_id, NEVER_PLAYED), ratings.of_song(audio_id)
        key = key_of(SongFacts(count, rating, added[row]), now_s)
        if key is not None:
            found.append((-key, ids[row], row))
    if view in _WITHOUT_PUT_AWAY and ratings.has_never_again:
        tracks = catalog.tracks
        found = [entry for entry in found if not ratings.is_never_again(tracks[entry[2]])]
    # By id where equal, so that the same library always gives the same list.
    found.sort()
    limit = None if view in _WHOLE else MAX_SONGS
    return [track_id for _, track_id, _ in found[:limit]]


def _recently_played(song: SongFacts, _now_s: float) -> float | None:
    return song.counts.last_played_at_s


def _most_played(song: SongFacts, _now_s: float) -> float | None:
    return song.counts.plays or None


def _liked(song: SongFacts, _now_s: float) -> float | None:
    return song.rating.liked_at_s


def _recently_added(song: SongFacts, _now_s: float) -> float | None:
    return song.added_at_s


def _never_played(song: SongFacts, _now_s: float) -> float | None:
    return None if song.counts.plays else song.added_at_s


def _forgotten(song: SongFacts, now_s: float) -> float | None:
    """Return how much of a favourite a song is; ``None`` if it is none, or was played lately."""
    counts, rating = song.counts, song.rating
    stars = rating.stars or 0.0
    is_favourite = rating.liked or stars >= _FAVOURITE_STARS or counts.plays >= _FAVOURITE_PLAYS
    last_s = max(counts.last_played_at_s or 0.0, rating.liked_at_s or 0.0)
    if not is_favourite or now_s - last_s < FORGOTTEN_AFTER_S:
        return None
    return counts.plays + _FAVOURITE_PLAYS * rating.liked + stars


_KEYS: dict[View, Callable[[SongFacts, float], float | None]] = {
    View.RECENTLY_PLAYED: _recently_played,
    View.MOST_PLAYED: _most_played,
    View.LIKED: _liked,
    View.RECENTLY_ADDED: _recently_added,
    View.NEVER_PLAYED: _never_played,
    View.FORGOTTEN: _forgotten,
}
_WHOLE = frozenset({View.LIKED, View.NEVER_PLAYED})
_WITHOUT_PUT_AWAY = frozenset({View.NEVER_PLAYED, View.FORGOTTEN})
