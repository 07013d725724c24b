"""How embeddings fill their space: no clump, and no track that is everybody's neighbour."""

from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Doubles, Rows
from trainer.evaluation.metrics import euclidean_distances

LIST_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Popularity:
    """How often one track is found among the nearest of another.

    Attributes:
        tracks: How many lists there are.
        most: The share of all top-20 lists that the most popular track is in.
        evenly: The share if all were equally popular; with few tracks it is large by itself.
        never: The share of tracks that are in nobody's list.
        skewness: Of the distribution of popularity (Radovanović et al., *Hubs in Space*, 2010).
    """

    tracks: int
    most: float
    evenly: float
    never: float
    skewness: float


def median_distance(vectors: Doubles) -> float:
    """The median of the Euclidean distances of all pairs of rows."""
    rows, columns = np.triu_indices(len(vectors), 1)
    return float(np.median(euclidean_distances(vectors)[rows, columns]))


def popularity(vectors: Doubles, recordings: Rows) -> Popularity:
    """Counts who is in whose list of the twenty nearest.

    Args:
        vectors: ``[n, dimension]``.
        recordings: ``[n]``, the recording each row is a part of; parts of one recording are never
            in each other's lists.
    """
    distances = euclidean_distances(vectors)
    # Pieces of one recording would fill each other's lists.
    distances[recordings[:, None] == recordings] = np.inf
    length = min(LIST_LENGTH, len(vectors) - 1)
    nearest = np.argpartition(distances, length - 1, axis=1)[:, :length]
    # A recording with many pieces may leave fewer than twenty others.
    found = np.isfinite(np.take_along_axis(distances, nearest, axis=1))
    counts = np.bincount(nearest[found], minlength=len(vectors))
    deviation = max(float(counts.std()), 1e-12)
    return Popularity(
        tracks=len(vectors),
        most=float(counts.max() / len(vectors)),
        evenly=float(counts.mean() / len(vectors)),
        never=float((counts == 0).mean()),
        skewness=float((((counts - counts.mean()) / deviation) ** 3).mean()),
    )
