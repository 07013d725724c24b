"""Chooses a radio's songs from all that the library's vectors and the listener's rules say."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.rating import RatingTable
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.radio.liking import by_liking
from mecomp_desktop.radio.nearness import nothing_is_near
from mecomp_desktop.radio.plan import Past, candidates_needed, choose
from mecomp_desktop.settings import RadioSettings
from mecomp_desktop.similarity.candidate import Candidate
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.similarity.vectors import distances, drifted, middle
from mecomp_desktop.store.plays import Plays

_DRIFT_SONGS = 3
_WIDEN = 4
_NEIGHBOURS = 8
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """Songs that a radio adds.

    Attributes:
        songs: The songs, in their order.
        closeness: How close each is to the seed, 0…1.
    """

    songs: list[Candidate]
    closeness: list[float]


class RadioPlanner:
    """Chooses songs. Used by the radio's thread alone.

    Args:
        library: Where the tracks are.
        similarity: What sounds alike.
        plays: What was played lately.
        rules: Tells the listener's limits.
        rng: Where adventure comes from.
        ratings: Tells what the listener likes, and what is never to be played.
    """

    def __init__(
        self,
        library: LibraryService,
        similarity: SimilarityService,
        plays: Plays,
        rules: Callable[[], RadioSettings],
        rng: random.Random,
        ratings: Callable[[], RatingTable] = RatingTable,
    ) -> None:
        self._library = library
        self._similarity = similarity
        self._plays = plays
        self._rules = rules
        self._rng = rng
        self._ratings = ratings

    def knows(self, seeds: Sequence[Track]) -> bool:
        """Return whether any of the seeds has a vector to plan from."""
        return len(self._similarity.vectors(seeds)) > 0

    def plan(self, seeds: Sequence[Track], queued: Sequence[Track], count: int) -> Plan:
        """Choose songs by all the rules; by fewer of them before there are none at all.

        The seeds themselves come only where nothing else is left: an album's radio is what
        sounds like the album.

        Args:
            seeds: What the radio started from; one of them at least has a vector.
            queued: What stays in the queue, in its order.
            count: How many songs are wanted.
        """
        rules = self._rules()
        seed = middle(self._similarity.vectors(seeds))
        last = self._similarity.vectors(queued[-_DRIFT_SONGS:])
        # From the seed each time, never from the last song: a step from song to song ends anywhere
        # within twenty of them.
        target = drifted(seed, last, rules.adventure)
        held_back = frozenset(self._plays.recent(rules.recent_plays))
        held_back |= {track.audio_id for track in seeds}
        is_unwanted = self._ratings().is_never_again
        past = Past(queued, held_back, self._vectors_of(queued), is_unwanted)
        chosen = self._search(target, count, past, rules)
        # A library that has played everything lately repeats itself rather than falling silent; but
        # what the listener has put away stays away.
        if len(chosen) < min(count, rules.keep_ahead):
            whole = [*queued, *(candidate.track for candidate in chosen)]
            again = Past(whole, vectors=self._vectors_of(whole), is_unwanted=is_unwanted)
            chosen += self._search(target, count - len(chosen), again, rules)
        return Plan(chosen, [self._closeness(seed, candidate) for candidate in chosen])

    def is_far(self, seeds: Sequence[Track]) -> bool:
        """Return whether nothing in the library sounds close to the seeds."""
        seed = middle(self._similarity.vectors(seeds))
        own = {track.audio_id for track in seeds}
        near = self._similarity.candidates(seed, _NEIGHBOURS + len(own))
        distances = (found.distance for found in near if found.track.audio_id not in own)
        nearest = np.array(list(islice(distances, _NEIGHBOURS)), np.float32)
        return nothing_is_near(nearest, self._sample(), self._similarity.known_vectors())

    def _sample(self) -> Floats:
        """Return vectors from all over the library, float32 ``[n, dimension]``."""
        tracks = self._library.catalog().tracks
        step = max(1, len(tracks) // _SAMPLE)
        rows = range(0, len(tracks), step)
        return self._similarity.vectors([tracks[row] for row in rows])

    def _vectors_of(self, tracks: Sequence[Track]) -> dict[AudioId, Floats]:
        found = {track.audio_id: self._similarity.vector_of(track.audio_id) for track in tracks}
        return {audio_id: vector for audio_id, vector in found.items() if vector is not None}

    def _search(
        self, target: Floats, count: int, past: Past, rules: RadioSettings
    ) -> list[Candidate]:
        known = self._similarity.known_vectors()
        ask = candidates_needed(count, past, rules)
        # Neighbours first, rules after: the index knows nothing of artists and albums, and asking
        # for all of a library at once would cost more than asking twice.
        while True:
            near = by_liking(self._similarity.candidates(target, ask), self._ratings())
            chosen = choose(
                near,
                count,
                past,
                rules,
                rng=self._rng,
                # Windows are shortened only once every song was looked at: a few more neighbours
                # are closer to what the listener wants than the same artist again.
                relax=ask >= known,
                typical=self._similarity.typical_distance,
            )
            if len(chosen) >= count or ask >= known:
                return chosen
            ask *= _WIDEN

    def _closeness(self, seed: Floats, candidate: Candidate) -> float:
        if candidate.vector is None:
            return self._similarity.closeness(candidate.distance)
        distance = float(distances(seed, candidate.vector[np.newaxis])[0])
        return self._similarity.closeness(distance)
