"""Several kinds of likeness as one."""

from collections.abc import Sequence

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.similarity.neighbour_index import Neighbours
from mecomp_desktop.similarity.source import SimilaritySource
from mecomp_desktop.store.embeddings import VectorKind

# Of each source so many times as many neighbours are looked at as are wanted: what is near in the
# mixture is rarely the very nearest in any of its parts.
_LOOK_FURTHER = 8


class MixtureSource:
    """The weighted mean of several sources' distances; a source itself, see `SimilaritySource`.

    Each distance is divided by what is typical of its source first: a distance of 0.4 may be next
    door in one kind and across the library in another. A pair that a source cannot compare is
    typical to it, neither near nor far.

    Args:
        kind: The mixture's own name.
        parts: Sources and their weights, which need not sum to 1.

    Raises:
        ValueError: There is no part with a weight above 0.
    """

    def __init__(self, kind: VectorKind, parts: Sequence[tuple[SimilaritySource, float]]) -> None:
        self.kind = kind
        self._parts = [(source, weight) for source, weight in parts if weight > 0]
        if not self._parts:
            raise ValueError("a mixture needs a source with a weight above 0")
        self._total = sum(weight for _, weight in self._parts)

    @property
    def typical_distance(self) -> float:
        """1: each part's distance is measured by what is typical of it."""
        return 1.0

    def near(self, target: Floats | AudioId, count: int) -> Neighbours:
        """Return the recordings closest to a recording in all parts together.

        Raises:
            ValueError: The target is a vector, which is of one part's kind alone.
        """
        if not isinstance(target, str):
            raise ValueError("a vector is of one kind: ask that source")
        found: dict[AudioId, None] = {}
        for source, _ in self._parts:
            found |= dict.fromkeys(source.near(target, count * _LOOK_FURTHER).audio_ids)
        measured = [(self.distance(target, audio_id), audio_id) for audio_id in found]
        nearest = sorted((far, audio_id) for far, audio_id in measured if far is not None)[:count]
        distances = np.array([far for far, _ in nearest], np.float32)
        return Neighbours([audio_id for _, audio_id in nearest], distances)

    def distance(self, first: AudioId, second: AudioId) -> float | None:
        """Return the weighted mean of the parts' distances; ``None`` when no part knows both."""
        total, known = 0.0, False
        for source, weight in self._parts:
            distance = source.distance(first, second)
            known = known or distance is not None
            share = 1.0 if distance is None else distance / source.typical_distance
            total += weight * share
        return total / self._total if known else None

    def reasons(self, first: AudioId, second: AudioId) -> Sequence[str]:
        """Return what every part has to say, the heaviest first."""
        by_weight = sorted(self._parts, key=lambda part: -part[1])
        return [reason for source, _ in by_weight for reason in source.reasons(first, second)]
