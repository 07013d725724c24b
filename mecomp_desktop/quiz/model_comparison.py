"""What lies next to a listener's favourite songs, before a change of the model and after."""

from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.recordings import track_of_audio
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.state import State

Vectors = tuple[list[AudioId], Floats]

_FAVOURITES, _NEIGHBOURS = 5, 5
_STATE = "personal.neighbourhoods"


@dataclass(frozen=True, slots=True)
class NeighbourComparison:
    """One song, and what sounds closest to it by two models.

    Attributes:
        song: The song itself.
        before: By the model before the change, closest first.
        after: By the model after it.
        is_favourite: Whether the listener plays it; another stands in where too few are played.
    """

    song: Track
    before: tuple[Track, ...]
    after: tuple[Track, ...]
    is_favourite: bool


class ModelComparison:
    """Keeps the comparison of the last change.

    Args:
        library: Where the songs are.
        plays: Tells the favourites: what was played most.
        state: Where the comparison is kept.
    """

    def __init__(self, library: LibraryService, plays: Plays, state: State) -> None:
        self._library, self._plays, self._state = library, plays, state

    def compare(self, before: Vectors, after: Vectors) -> None:
        """Note the neighbours of five favourites in both. Takes as long as looking at them all."""
        favourites = self._favourites(set(before[0]) & set(after[0]))
        self._state.set(
            _STATE,
            [[song, nearest(before, song), nearest(after, song)] for song in favourites],
        )

    def last(self) -> list[NeighbourComparison]:
        """Return the comparison of the last change, as far as the songs are still there."""
        stored = self._state.get(_STATE)
        by_audio = track_of_audio(self._library.catalog())
        played = self._plays.counts()
        found = []
        for song, before, after in stored if isinstance(stored, list) else []:
            track = by_audio.get(song)
            if track is not None:
                here, there = (
                    tuple(by_audio[audio_id] for audio_id in ids if audio_id in by_audio)
                    for ids in (before, after)
                )
                found.append(NeighbourComparison(track, here, there, song in played))
        return found

    def _favourites(self, known: set[AudioId]) -> list[AudioId]:
        """Return what was played most; then, where too little was played, any songs."""
        counts = self._plays.counts()
        tracks = {track.audio_id for track in self._library.catalog().tracks if track.available}
        return sorted(known & tracks, key=lambda song: (-counts.get(song, 0), song))[:_FAVOURITES]


def nearest(vectors: Vectors, song: AudioId, count: int = _NEIGHBOURS) -> list[AudioId]:
    """Return the closest other songs, closest first."""
    ids, matrix = vectors
    distances = ((matrix - matrix[ids.index(song)]) ** 2).sum(axis=1)
    order = np.argsort(distances, kind="stable")
    return [ids[row] for row in order if ids[row] != song][:count]
