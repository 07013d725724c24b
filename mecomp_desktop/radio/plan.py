"""Which of the songs that sound alike a radio plays, and in which order."""

import math
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.settings import RadioSettings
from mecomp_desktop.similarity.candidate import Candidate
from mecomp_desktop.similarity.duplicates import Recordings, album_key, artist_keys

_SPREAD = 3.0


@dataclass(frozen=True, slots=True)
class Past:
    """What a radio must not repeat.

    Attributes:
        queued: The songs already in the queue, first to last.
        played: The recordings that were played lately.
        vectors: Those of the queued songs that have one, float32 ``[dimension]`` each: by them
            the same recording is told where tags say too little.
        is_unwanted: Tells of a song whether the listener never wants to hear it again.
    """

    queued: Sequence[Track] = ()
    played: Collection[AudioId] = field(default=frozenset())
    vectors: Mapping[AudioId, Floats] = field(default_factory=dict)
    is_unwanted: Callable[[Track], bool] = lambda _track: False


def candidates_needed(count: int, past: Past, rules: RadioSettings) -> int:
    """Return how many neighbours to ask for, so that enough are left after all the rules."""
    # Bounded: after a night of radio everything near was played, and asking for all of it each time
    # is slower than widening once.
    spare = len(past.queued) + len(past.played)
    return math.ceil(count * (4 + 6 * rules.adventure)) + min(spare, 400)


def choose(
    candidates: Iterable[Candidate],
    count: int,
    past: Past,
    rules: RadioSettings,
    *,
    rng: random.Random | None = None,
    relax: bool = False,
    typical: float = 1.0,
) -> list[Candidate]:
    """Choose the next songs of a radio.

    Args:
        candidates: What sounds alike, closest first; only so many are looked at as are needed.
        count: How many songs are wanted; fewer are returned when no more may be played.
        past: What must not be repeated.
        rules: The listener's limits.
        rng: Where adventure comes from; the same seed makes the same radio.
        relax: Rather shorten the artist and album windows than return too few songs.
        typical: How far two songs of this library usually are apart.
    """
    if rng is not None and rules.adventure > 0:
        candidates = _adventurous(list(candidates), rules.adventure, rng)
    waiting = _fresh(candidates, past, rules, typical)
    windows = _Windows(past.queued, rules)
    chosen: list[Candidate] = []
    held_back: list[Candidate] = []
    while len(chosen) < count:
        pick = _first_allowed(held_back, waiting, windows)
        # Widened only when nothing at all is left: the windows are the listener's wish, and a
        # library of two artists cannot keep them.
        if pick is None:
            if not (relax and held_back and windows.shorten()):
                break
            continue
        windows.add(pick.track)
        chosen.append(pick)
    return chosen


def _first_allowed(
    held_back: list[Candidate], waiting: Iterator[Candidate], windows: "_Windows"
) -> Candidate | None:
    """Take the closest song that the windows allow; hold back those before it."""
    # Those that were held back come first again as soon as the windows allow: they are the closest,
    # and to drop them would let the radio drift away from its seed.
    for row, candidate in enumerate(held_back):
        if windows.allow(candidate.track):
            return held_back.pop(row)
    for candidate in waiting:
        if windows.allow(candidate.track):
            return candidate
        held_back.append(candidate)
    return None


def _fresh(
    candidates: Iterable[Candidate], past: Past, rules: RadioSettings, typical: float
) -> Iterator[Candidate]:
    """Yield the songs that may be played at all, each recording once."""
    seen = Recordings(typical)
    # The queue as well as the candidates: a remaster of the song that plays is the nearest of all
    # neighbours.
    for track in past.queued:
        seen.add(track, past.vectors.get(track.audio_id))
    for candidate in candidates:
        track = candidate.track
        if not track.available or track.audio_id in past.played or not _long_enough(track, rules):
            continue
        if past.is_unwanted(track) or seen.has(track, candidate.vector):
            continue
        seen.add(track, candidate.vector)
        yield candidate


def _long_enough(track: Track, rules: RadioSettings) -> bool:
    # Unknown lengths are let through: to be silent about a tag is no fault of the song.
    return not track.duration_s or (
        rules.min_duration_s <= track.duration_s <= rules.max_duration_s
    )


def _adventurous(
    candidates: Sequence[Candidate], adventure: float, rng: random.Random
) -> list[Candidate]:
    """Shuffle the closest-first order a little: the nearer, the likelier it stays in front."""
    # With the root of the length: ten times as many neighbours are not ten times as far away.
    reach = max(1.0, _SPREAD * adventure * math.sqrt(len(candidates)))
    keys = [row / reach - rng.expovariate(1.0) for row in range(len(candidates))]
    return [candidates[row] for row in sorted(range(len(candidates)), key=keys.__getitem__)]


class _Windows:
    """Who and what was on lately: an artist or album comes back only after so many others."""

    def __init__(self, queued: Sequence[Track], rules: RadioSettings) -> None:
        self._longest = max(rules.artist_window, rules.album_window)
        self._artist_window, self._album_window = rules.artist_window, rules.album_window
        last = queued[max(0, len(queued) - self._longest) :]
        self._artists = [artist_keys(track) for track in last]
        self._albums = [album_key(track) for track in last]
        self._look()

    def allow(self, track: Track) -> bool:
        return (
            artist_keys(track).isdisjoint(self._recent_artists)
            and album_key(track) not in self._recent_albums
        )

    def add(self, track: Track) -> None:
        self._artists.append(artist_keys(track))
        self._albums.append(album_key(track))
        self._look()

    def shorten(self) -> bool:
        """Halve the windows; return whether there was anything to halve."""
        if not (self._artist_window or self._album_window):
            return False
        self._artist_window //= 2
        self._album_window //= 2
        self._look()
        return True

    def _look(self) -> None:
        artists = self._artists[max(0, len(self._artists) - self._artist_window) :]
        albums = self._albums[max(0, len(self._albums) - self._album_window) :]
        self._recent_artists = frozenset[str]().union(*artists)
        # Songs without an album have the same empty key; they are not one album.
        self._recent_albums = frozenset(albums) - {""}
