"""Where the songs of a library lie, for choosing questions: embedding beside summary."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId

_POOLED_SHARE, _READ_SHARE = 0.4, 0.7
_AXES = 32
_SAMPLE = 20_000
_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class SongCoordinates:
    """Coordinates of a library.

    Attributes:
        audio_ids: ``n`` recordings.
        coordinates: float32 ``[n, axes]``; two recordings are about 1 apart.
    """

    audio_ids: tuple[AudioId, ...]
    coordinates: Floats


def place(
    audio_ids: Sequence[AudioId],
    embedding: Floats,
    pooled: Floats,
    linear_probe: Floats | None = None,
) -> SongCoordinates:
    """Lay a library out.

    Embedding and summary count about equally, whatever their widths; the summary's strongest
    directions lead, tempered by the square root of their spread. A listener may hear what the
    embedding has dropped, so a question about it must be possible. Where the model can read
    audible qualities from its summaries, they count most: there a listener's idea is expected.

    Args:
        audio_ids: ``n`` recordings.
        embedding: float32 ``[n, dimension]``.
        pooled: float32 ``[n, width]``.
        linear_probe: float32 ``[width, qualities]``, if there is one.
    """
    if not len(audio_ids):
        return SongCoordinates((), np.zeros((0, 1), np.float32))
    centred: Floats = (pooled - _centre(pooled)).astype(np.float32)
    parts: list[tuple[Floats, float]] = [
        (_scaled(embedding, _centre(embedding)), 1 - _POOLED_SHARE),
        ((centred @ _tempered_axes(pooled)).astype(np.float32), _POOLED_SHARE),
    ]
    if linear_probe is not None and linear_probe.shape[1]:
        read: Floats = (centred @ linear_probe).astype(np.float32)
        parts = [(part, (1 - _READ_SHARE) * share) for part, share in parts]
        parts.append((_scaled(read, _centre(read)), _READ_SHARE))
    # Two recordings lie apart by twice the variance.
    scaled = [part * np.float32((share / 2) ** 0.5) for part, share in parts]
    return SongCoordinates(tuple(audio_ids), np.ascontiguousarray(np.hstack(scaled)))


def _centre(values: Floats) -> Floats:
    centre: Floats = _sample(values).mean(axis=0, dtype=np.float64).astype(np.float32)
    return centre


def _scaled(values: Floats, centre: Floats) -> Floats:
    spread = np.sqrt(_sample(values).var(axis=0, dtype=np.float64).sum()) + _TINY
    scaled: Floats = (values - centre) / np.float32(spread)
    return scaled


def _tempered_axes(pooled: Floats) -> Floats:
    sample = _sample(pooled).astype(np.float64)
    sample -= sample.mean(axis=0)
    variance, axes = np.linalg.eigh(sample.T @ sample / len(sample))
    variance, axes = variance[::-1][:_AXES], axes[:, ::-1][:, :_AXES]
    kept = variance > _TINY * max(float(variance[0]), _TINY)
    deviation = np.sqrt(variance[kept])
    scaled = axes[:, kept] / np.sqrt(deviation) / np.sqrt(deviation.sum() + _TINY)
    tempered: Floats = scaled.astype(np.float32)
    return tempered


def _sample(values: Floats) -> Floats:
    return values[:: -(-len(values) // _SAMPLE)]
