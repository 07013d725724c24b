"""Likeness by sound: the distance between the model's vectors."""

from collections.abc import Callable, Sequence

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.similarity.neighbour_index import NeighbourIndex, Neighbours
from mecomp_desktop.similarity.vectors import closeness
from mecomp_desktop.store.embeddings import SOUND

_VERY_CLOSE = 0.6
_CLOSE = 0.35


class SoundSource:
    """The vectors of the model that serves; see `SimilaritySource`.

    Args:
        index: Returns the index of now: another model brings another.
        typical: Returns how far two of its recordings usually are apart.
    """

    kind = SOUND

    def __init__(self, index: Callable[[], NeighbourIndex], typical: Callable[[], float]) -> None:
        self._index = index
        self._typical = typical

    @property
    def typical_distance(self) -> float:
        """How far two recordings of the library usually are apart."""
        return self._typical()

    def near(self, target: Floats | AudioId, count: int) -> Neighbours:
        """Return the recordings whose vectors are closest."""
        index = self._index()
        vector = index.vector(target) if isinstance(target, str) else target
        if vector is None:
            return Neighbours([], np.zeros(0, np.float32))
        return index.nearest(vector, count)

    def distance(self, first: AudioId, second: AudioId) -> float | None:
        """Return the Euclidean distance of two vectors of length 1: 0…2."""
        index = self._index()
        first_vector, second_vector = index.vector(first), index.vector(second)
        if first_vector is None or second_vector is None:
            return None
        return float(np.linalg.norm(first_vector - second_vector))

    def reasons(self, first: AudioId, second: AudioId) -> Sequence[str]:
        """Return how close they sound, in words."""
        distance = self.distance(first, second)
        close = 0.0 if distance is None else closeness(distance, self._typical())
        if close >= _VERY_CLOSE:
            return ["sounds very close"]
        return ["sounds close"] if close >= _CLOSE else []
