"""Where the songs of a library lie, for choosing questions: embedding beside summary."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mecomp_desktop.domain.ids import AudioId

Matrix = npt.NDArray[np.float32]

_POOLED_SHARE = 0.4
_AXES = 64
_SAMPLE = 20_000
_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Coordinates of a library.

    Attributes:
        audio_ids: ``n`` recordings.
        coordinates: float32 ``[n, axes]``; two recordings are about 1 apart.
    """

    audio_ids: tuple[AudioId, ...]
    coordinates: Matrix


def place(audio_ids: Sequence[AudioId], embedding: Matrix, pooled: Matrix) -> Places:
    """Lay a library out.

    Both parts count about equally, whatever their widths; the summary's strongest directions
    lead, tempered by the square root of their spread. A listener may hear what the embedding
    has dropped, so a question about it must be possible.

    Args:
        audio_ids: ``n`` recordings.
        embedding: float32 ``[n, dimension]``.
        pooled: float32 ``[n, width]``.
    """
    if not len(audio_ids):
        return Places((), np.zeros((0, 1), np.float32))
    left = _scaled(embedding, _centre(embedding)) * np.float32((0.5 - _POOLED_SHARE / 2) ** 0.5)
    axes = _tempered_axes(pooled)
    right = (pooled - _centre(pooled)) @ axes * np.float32((_POOLED_SHARE / 2) ** 0.5)
    return Places(tuple(audio_ids), np.ascontiguousarray(np.hstack([left, right])))


def _centre(values: Matrix) -> Matrix:
    centre: Matrix = _sample(values).mean(axis=0, dtype=np.float64).astype(np.float32)
    return centre


def _scaled(values: Matrix, centre: Matrix) -> Matrix:
    spread = np.sqrt(_sample(values).var(axis=0, dtype=np.float64).sum()) + _TINY
    scaled: Matrix = (values - centre) / np.float32(spread)
    return scaled


def _tempered_axes(pooled: Matrix) -> Matrix:
    sample = _sample(pooled).astype(np.float64)
    sample -= sample.mean(axis=0)
    variance, axes = np.linalg.eigh(sample.T @ sample / len(sample))
    variance, axes = variance[::-1][:_AXES], axes[:, ::-1][:, :_AXES]
    kept = variance > _TINY * max(float(variance[0]), _TINY)
    deviation = np.sqrt(variance[kept])
    scaled = axes[:, kept] / np.sqrt(deviation) / np.sqrt(deviation.sum() + _TINY)
    tempered: Matrix = scaled.astype(np.float32)
    return tempered


def _sample(values: Matrix) -> Matrix:
    return values[:: -(-len(values) // _SAMPLE)]
