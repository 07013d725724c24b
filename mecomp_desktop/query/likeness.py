"""How close songs sound to the one that a query names."""

from collections.abc import Mapping

import numpy as np

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.tree import Place
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.similarity.vectors import closeness
from mecomp_desktop.store.embeddings import SOUND
from mecomp_desktop.text import fold

MAX_SEEDS = 20
"""More songs of one title than these, and it is not clear which one is meant."""


class Likeness:
    """Answers `conditions.Context.closeness` from the vectors of the library.

    Args:
        library: Where the songs are.
        similarity: Where the vectors are.
    """

    def __init__(self, library: LibraryService, similarity: SimilarityService) -> None:
        self._library = library
        self._similarity = similarity

    def closeness(self, song: str, place: Place) -> Mapping[AudioId, float]:
        """Return how close each analysed recording sounds to a song, 0 to 1.

        Where several recordings have the title, it is how close to the closest of them.

        Raises:
            QueryError: No song, or too many, are called so, or none of them was analysed.
        """
        found: dict[AudioId, float] = {}
        source = self._similarity.sources[SOUND]
        for seed in self._seeds(song, place):
            near = source.near(seed, self._similarity.known_vectors())
            typical = source.typical_distance
            for audio_id, distance in zip(near.audio_ids, near.distances.tolist(), strict=True):
                close = closeness(distance, typical)
                if close > found.get(audio_id, -1.0):
                    found[audio_id] = close
        if not found:
            raise QueryError(f"“{song}” has not been analysed yet", *place)
        return found

    def _seeds(self, song: str, place: Place) -> list[AudioId]:
        catalog = self._library.catalog()
        wanted = " ".join(fold(song).split())
        rows = catalog.search(wanted)
        titles = catalog.tracks.column("title")
        # A song of just this title before those that only have its words somewhere.
        exact = [row for row in rows.tolist() if " ".join(fold(titles[row]).split()) == wanted]
        audio_ids = catalog.tracks.column("audio_id")
        chosen = np.array(exact, np.int32) if exact else rows
        seeds = list(dict.fromkeys(audio_ids[row] for row in chosen.tolist()))
        if not seeds:
            raise QueryError(f"there is no song “{song}”", *place)
        if len(seeds) > MAX_SEEDS:
            raise QueryError(
                f"“{song}” may be any of {len(seeds):,} songs; name the artist as well", *place
            )
        return seeds
