"""A telling part of a song, at the loudness of every other."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mecomp_desktop.arrays import Doubles, Floats
from mecomp_desktop.audio.decode import decode_mono, probe
from mecomp_desktop.audio.loudness import SILENT_LUFS, loudness_lufs
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile

CLIP_S = 12.0
TARGET_LUFS = -18.0
_MAX_GAIN_DB, _CEILING = 20.0, 0.98
# To find the part, the song's first minutes are decoded coarsely.
_SKETCH_RATE_HZ, _SKETCH_S = 8_000, 300.0
_FRAME_S = 0.5
# The beginning and the end tell least of a song: an intro, a fade.
_EDGE_SHARE = 0.12
_RATE_HZ = 44_100


@dataclass(frozen=True, slots=True)
class Clip:
    """What is played of a song in the quiz.

    Attributes:
        path: The file.
        start_s: Where the clip begins, in seconds of the file or the part.
        length_s: How long it is; less than ``CLIP_S`` for a shorter song.
        gain: What its samples are multiplied by, so that all clips are equally loud.
        envelope: float32 ``[frames]``, how strong it is over time, 0 to 1: for drawing.
        part: The stretch of the file that is the song; all of it if ``None``.
    """

    path: Path
    start_s: float
    length_s: float
    gain: float
    envelope: tuple[float, ...]
    part: Part | None = None


def choose_clip(path: Path, part: Part | None = None) -> Clip:
    """Find the telling part and its gain. Decodes up to five minutes: for worker processes.

    Args:
        path: The file.
        part: The stretch of it that is the song; all of it if ``None``.

    Raises:
        UnreadableFile: It cannot be decoded.
    """
    duration_s = probe(path, part).duration_s
    start_s = _telling_start(path, part, duration_s)
    samples = decode_mono(path, _RATE_HZ, start_s, CLIP_S, part)
    if not len(samples):
        raise UnreadableFile(path, Reason.NO_AUDIO, "no sound at the chosen place")
    return Clip(
        path=path,
        start_s=start_s,
        length_s=len(samples) / _RATE_HZ,
        gain=matching_gain(samples, _RATE_HZ),
        envelope=_envelope(samples),
        part=part,
    )


def matching_gain(samples: Floats, sample_rate_hz: int) -> float:
    """Return the factor that brings mono sound to the target loudness without clipping."""
    level = loudness_lufs(samples, sample_rate_hz)
    if level <= SILENT_LUFS:
        return 1.0
    gain = 10 ** (min(TARGET_LUFS - level, _MAX_GAIN_DB) / 20)
    peak = float(np.abs(samples).max())
    return min(gain, _CEILING / peak)


def _telling_start(path: Path, part: Part | None, duration_s: float) -> float:
    """Return where the clip begins: the window most like the song's typical strong part.

    Each window is judged by how strong it is, and by how close its spectrum is to the median
    one: a chorus is both, an intro or a break is neither.
    """
    if duration_s <= CLIP_S * 1.5:
        return max(0.0, (duration_s - CLIP_S) / 2)
    sketch = decode_mono(path, _SKETCH_RATE_HZ, 0.0, _SKETCH_S, part)
    frames = _spectra(sketch)
    width = round(CLIP_S / _FRAME_S)
    first = round(len(frames) * _EDGE_SHARE)
    last = max(first + 1, len(frames) - width - first)
    if len(frames) <= width:
        return 0.0
    levels = frames.mean(axis=1)
    typical = np.median(frames, axis=0)
    strangeness = np.abs(frames - typical).mean(axis=1)
    score = _running_mean(levels - strangeness, width)[first:last]
    return float((first + int(score.argmax())) * _FRAME_S) if len(score) else 0.0


def _spectra(samples: Floats) -> Doubles:
    """Return log energies in bands a third of an octave wide, ``[frames, bands]``."""
    size = round(_FRAME_S * _SKETCH_RATE_HZ)
    count = len(samples) // size
    pieces = samples[: count * size].reshape(count, size) * np.hanning(size)
    power = np.abs(np.fft.rfft(pieces, axis=1)) ** 2
    edges = np.unique(np.geomspace(20, power.shape[1] - 1, 24).astype(int))
    bands = np.add.reduceat(power, edges[:-1], axis=1)
    logs: Doubles = np.log10(bands + 1e-6)
    return logs


def _running_mean(values: Doubles, width: int) -> Doubles:
    total = np.concatenate([[0.0], np.cumsum(values)])
    mean: Doubles = (total[width:] - total[:-width]) / width
    return mean


def _envelope(samples: Floats, buckets: int = 120) -> tuple[float, ...]:
    parts = np.array_split(np.abs(samples), min(buckets, len(samples)))
    peaks = np.array([float(part.max()) for part in parts])
    return tuple((peaks / max(float(peaks.max()), 1e-9)).tolist())
