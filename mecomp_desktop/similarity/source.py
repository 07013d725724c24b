"""What every kind of likeness offers: the sound of songs, and whatever else can be compared."""

from collections.abc import Sequence
from typing import Protocol

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.similarity.neighbour_index import Neighbours
from mecomp_desktop.store.embeddings import VectorKind


class SimilaritySource(Protocol):
    """One way in which two recordings can be alike. Every method may be called from any thread.

    Distances of one source can be compared with each other, not with those of another; a source
    says itself how far two recordings usually are apart.
    """

    @property
    def kind(self) -> VectorKind:
        """What it compares: ``"sound"``, …; no two sources have the same."""
        ...

    @property
    def typical_distance(self) -> float:
        """How far two recordings of the library usually are apart."""
        ...

    def near(self, target: Floats | AudioId, count: int) -> Neighbours:
        """Return the recordings closest to a vector of this kind or to a recording.

        Args:
            target: float32 ``[dimension]``, or a recording, which is among its own neighbours.
            count: How many; fewer come back when there are fewer, none for an unknown recording.
        """
        ...

    def distance(self, first: AudioId, second: AudioId) -> float | None:
        """Return how far two recordings are apart; ``None`` when either cannot be compared."""
        ...

    def reasons(self, first: AudioId, second: AudioId) -> Sequence[str]:
        """Return in a listener's words what makes two recordings alike; none where nothing does."""
        ...
