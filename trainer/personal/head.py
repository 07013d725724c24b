"""A learned metric as the head of a model: base head, then one affine map, then unit length."""

import hashlib
from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Floats
from trainer.personal.space import Space

# How far from the origin the learned vectors stand, in units of their spread, along an axis of
# their own. Scaling to unit length bends distances; at this distance it hardly does (measured:
# 55 % agreement with the listener without, 61.6 % with, 62.2 % for the metric itself).
_STANDOFF = 2.0


@dataclass(frozen=True, slots=True)
class PersonalHead:
    """The map from base embedding and summary to the new embedding, before unit length.

    Attributes:
        from_embedding: ``[dimension, dimension]``.
        from_pooled: ``[width, dimension]``.
        bias: ``[dimension]``.
    """

    from_embedding: Floats
    from_pooled: Floats
    bias: Floats

    def embed(self, embedding: Floats, pooled: Floats) -> Floats:
        """Returns unit vectors ``[n, dimension]``."""
        raw = embedding @ self.from_embedding + pooled @ self.from_pooled + self.bias
        unit: Floats = raw / np.linalg.norm(raw, axis=1, keepdims=True)
        return unit

    def digest(self, base_head_hash: str) -> str:
        """Returns the new head's hash: the base head's and every number of this one."""
        digest = hashlib.sha256(base_head_hash.encode())
        for part in (self.from_embedding, self.from_pooled, self.bias):
            # In a fixed byte order: the hash names the head in the listener's database, which may
            # move to another machine.
            digest.update(np.ascontiguousarray(part, "<f4").tobytes())
        return digest.hexdigest()


def build_head(metric: Space, embedding: Floats, pooled: Floats) -> PersonalHead:
    """Fits a metric into the model's own dimension: its strongest axes over the library.

    Args:
        metric: Euclidean distance in it is the learned one; any number of axes.
        embedding: ``[n, dimension]`` of the base model, for the library.
        pooled: ``[n, width]``.
    """
    dimension = embedding.shape[1]
    places = metric.place(embedding, pooled).astype(np.float64)
    mean = places.mean(axis=0)
    variance, axes = np.linalg.eigh(np.cov(places, rowvar=False))
    # One dimension is left for the standoff.
    kept = min(dimension - 1, len(variance))
    strongest = np.zeros((len(variance), dimension))
    strongest[:, :kept] = axes[:, ::-1][:, :kept]
    narrowed = metric.then(strongest.astype(np.float32))
    bias = narrowed.offset - mean @ strongest
    # All vectors get the same large coordinate, so they stand on a small cap of the sphere, where
    # straight lines and arcs hardly differ.
    bias[-1] = _STANDOFF * np.sqrt(variance[::-1][:kept].sum())
    return PersonalHead(narrowed.from_embedding, narrowed.from_pooled, bias.astype(np.float32))
