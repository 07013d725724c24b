"""The space in which a listener's metric is learned: the base embedding beside the summaries.

The base embedding alone has thrown away what its training did not need; the raw summaries keep
it, but count everything alike. Measured on simulated listeners, both side by side learn best, the
summaries' principal axes tempered (each divided by the square root of its spread), so that the
strong ones still lead. Where the model file reads audible qualities from its summaries, these
lead the way: a listener's idea is more often about something audible than about any direction.
"""

from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Doubles, Floats

# Measured on simulated listeners: half as many lose 0.6 % of agreement after 200 answers, and
# twice as many gain nothing.
_POOLED_AXES = 64
_PROBE_SHARE = 0.7
_MAX_SAMPLE_ROWS = 20_000
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Space:
    """An affine map from what a model stores of a recording to coordinates.

    Attributes:
        from_embedding: ``[dimension, axes]``.
        from_pooled: ``[width, axes]``.
        offset: ``[axes]``.
    """

    from_embedding: Floats
    from_pooled: Floats
    offset: Floats

    def place(self, embedding: Floats, pooled: Floats) -> Floats:
        """Returns coordinates ``[n, axes]``; two recordings are about 1 apart on average."""
        placed: Floats = embedding @ self.from_embedding + pooled @ self.from_pooled + self.offset
        return placed

    def then(self, matrix: Floats) -> "Space":
        """Returns this map followed by a linear one, ``[axes, others]``."""
        return Space(self.from_embedding @ matrix, self.from_pooled @ matrix, self.offset @ matrix)


def side_by_side(spaces: list[Space]) -> Space:
    """Returns one space whose axes are those of all of them."""
    return Space(
        np.concatenate([space.from_embedding for space in spaces], axis=1),
        np.concatenate([space.from_pooled for space in spaces], axis=1),
        np.concatenate([space.offset for space in spaces]),
    )


def build_space(
    embedding: Floats, pooled: Floats, pooled_share: float, probe: Floats | None = None
) -> Space:
    """Builds the space from a library.

    Args:
        embedding: ``[n, dimension]``, of the base model.
        pooled: ``[n, width]``, any width.
        pooled_share: How much of the squared distance comes from the summaries, 0 to 1, of what
            the audible qualities leave.
        probe: ``[width, qualities]``, reads audible qualities from summaries, if there is one.
    """
    embedding, pooled = _sample(embedding), _sample(pooled)
    axes = _tempered_axes(pooled)
    named = np.zeros((len(axes), 0)) if probe is None else probe.astype(np.float64)
    probe_share = _PROBE_SHARE if named.shape[1] else 0.0
    named = named / _total_deviation(pooled @ named) if named.shape[1] else named
    # Halved below: of two independent points the squared distance has twice the variance, and
    # should be about 1.
    spread = np.eye(embedding.shape[1]) / _total_deviation(embedding)
    left = np.sqrt((1 - probe_share) * (1 - pooled_share) / 2) * spread
    right = np.sqrt((1 - probe_share) * pooled_share / 2) * axes
    right = np.hstack([right, np.sqrt(probe_share / 2) * named])
    from_embedding = np.hstack([left, np.zeros((len(left), right.shape[1]))])
    from_pooled = np.hstack([np.zeros((len(right), left.shape[1])), right])
    offset = -(embedding.mean(axis=0) @ from_embedding + pooled.mean(axis=0) @ from_pooled)
    return Space(
        from_embedding.astype(np.float32),
        from_pooled.astype(np.float32),
        offset.astype(np.float32),
    )


def _tempered_axes(pooled: Floats) -> Doubles:
    """Returns ``[width, axes]``: principal axes, scaled; the total variance along them is 1."""
    centred = pooled - pooled.mean(axis=0, dtype=np.float64)
    covariance = centred.T @ centred / len(centred)
    variance, axes = np.linalg.eigh(covariance)
    variance, axes = variance[::-1][:_POOLED_AXES], axes[:, ::-1][:, :_POOLED_AXES]
    # Directions in which nothing varies would be divided by the root of nothing.
    kept = variance > _TINY * max(float(variance[0]), _TINY)
    variance, axes = variance[kept], axes[:, kept]
    deviation = np.sqrt(variance)
    scaled: Doubles = axes / np.sqrt(deviation) / np.sqrt(deviation.sum() + _TINY)
    return scaled


def _total_deviation(values: Floats | Doubles) -> float:
    return float(np.sqrt(values.var(axis=0, dtype=np.float64).sum())) + _TINY


def _sample(values: Floats) -> Floats:
    # Every n-th row instead of random ones: the same library gives the same space.
    step = -(-len(values) // _MAX_SAMPLE_ROWS)
    return values[::step]
