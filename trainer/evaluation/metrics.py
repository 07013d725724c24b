"""How good embeddings are: retrieval by label, and triplets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mecomp_desktop.arrays import Doubles, Flags, Rows

Labels = npt.NDArray[np.str_]

PRECISION_AT = (1, 5, 9)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One value a query: reciprocal rank, average precision, and precision at 1, 5, 9."""

    reciprocal_rank: Doubles
    average_precision: Doubles
    precision_at: dict[int, Doubles]
    labels: Labels

    def summary(self) -> dict[str, float]:
        """Means over all queries, under the names of 002."""
        values = {"MRR": self.reciprocal_rank, "MAP": self.average_precision}
        values |= {f"P@{k}": self.precision_at[k] for k in PRECISION_AT}
        return {name: float(each.mean()) for name, each in values.items()}

    def by_class(self) -> dict[str, dict[str, float]]:
        """MAP and MRR of each label's queries."""
        return {
            str(label): {
                "MAP": float(self.average_precision[self.labels == label].mean()),
                "MRR": float(self.reciprocal_rank[self.labels == label].mean()),
                "queries": float((self.labels == label).sum()),
            }
            for label in np.unique(self.labels)
        }


def cosine_distances(vectors: npt.NDArray[np.floating]) -> Doubles:
    """One minus cosine similarity between all rows, ``[n, n]``."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.asarray(vectors, np.float64) / np.maximum(lengths, 1e-12)
    distances: Doubles = 1.0 - unit @ unit.T
    return distances


def euclidean_distances(vectors: npt.NDArray[np.floating]) -> Doubles:
    """Euclidean distances between all rows, ``[n, n]``."""
    exact = np.asarray(vectors, np.float64)
    squares = (exact**2).sum(1)
    distances: Doubles = np.sqrt(
        np.maximum(squares[:, None] + squares[None] - 2 * exact @ exact.T, 0.0)
    )
    return distances


def retrieval(
    distances: Doubles, labels: Sequence[str], artists: Sequence[str] | None = None
) -> Retrieval:
    """Ranks every clip's neighbours and asks which have its label.

    Args:
        distances: ``[n, n]``.
        labels: What should be near each other.
        artists: With them, a query never gets a clip by its own artist (the artist filter).
            An empty name is nobody's.

    Queries that have no right answer are left out.
    """
    wanted = np.asarray(labels)
    allowed = ~np.eye(len(wanted), dtype=bool)
    if artists is not None:
        names = np.asarray(artists)
        # The artist filter (Pampalk, Flexer & Widmer 2005): tracks of an album share a production,
        # and finding them by it says little about music.
        allowed &= (names[:, None] != names[None]) | (names == "")[:, None]
    queries = [i for i in range(len(wanted)) if (allowed[i] & (wanted == wanted[i])).any()]
    rows = [_ranked(distances[i], allowed[i], wanted == wanted[i]) for i in queries]
    return Retrieval(
        reciprocal_rank=np.array([1.0 / (1 + row.argmax()) for row in rows]),
        average_precision=np.array([_average_precision(row) for row in rows]),
        precision_at={k: np.array([row[:k].mean() for row in rows]) for k in PRECISION_AT},
        labels=wanted[queries],
    )


def _ranked(distances: Doubles, allowed: Flags, right: Flags) -> Flags:
    """Whether each neighbour is right, the closest first."""
    candidates = np.flatnonzero(allowed)
    # Stable: ties go to the earlier row on every machine.
    order = candidates[distances[candidates].argsort(kind="stable")]
    return right[order]


def _average_precision(right: Flags) -> float:
    hits = np.flatnonzero(right)
    return float((np.arange(1, len(hits) + 1) / (hits + 1)).mean())


@dataclass(frozen=True, slots=True)
class TripletScore:
    """How triplets come out: accuracy, loss, and the mean distances (001, IV.A)."""

    accuracy: float
    loss: float
    positive_distance: float
    negative_distance: float


def triplet_score(distances: Doubles, triplets: Rows, margin: float = 0.2) -> TripletScore:
    """Scores triplets ``[n, 3]`` of rows: anchor, positive, negative."""
    near = distances[triplets[:, 0], triplets[:, 1]]
    far = distances[triplets[:, 0], triplets[:, 2]]
    return TripletScore(
        accuracy=float((near < far).mean()),
        loss=float(np.maximum(0.0, near - far + margin).mean()),
        positive_distance=float(near.mean()),
        negative_distance=float(far.mean()),
    )


def confusion(
    distances: Doubles, labels: Sequence[str], artists: Sequence[str]
) -> tuple[list[str], Doubles]:
    """Of each label's queries, the share whose nearest neighbour has each label."""
    wanted, names = np.asarray(labels), np.asarray(artists)
    own = (names[:, None] == names[None]) & (names != "")[:, None]
    barred = own | np.eye(len(wanted), dtype=bool)
    nearest = wanted[np.where(barred, np.inf, distances).argmin(1)]
    classes = sorted(set(labels))
    table = np.array(
        [[(nearest[wanted == row] == column).mean() for column in classes] for row in classes]
    )
    return classes, table
