"""Changes to a clip that leave its music the same: the network should not mind them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import soxr

from mecomp_desktop.arrays import Floats
from trainer.errors import DataError

Augmentation = Callable[[Floats, int, np.random.Generator], Floats]

_FRAME = 2_048
_HOP = _FRAME // 4


def gain(audio: Floats, sample_rate_hz: int, rng: np.random.Generator) -> Floats:
    """Louder or softer, −12 to +3 dB, never past full scale."""
    factor = 10 ** (rng.uniform(-12.0, 3.0) / 20)
    peak = float(np.abs(audio).max(initial=1e-6))
    return audio * np.float32(min(factor, 1.0 / peak))


def equaliser(audio: Floats, sample_rate_hz: int, rng: np.random.Generator) -> Floats:
    """A smooth curve of ±6 dB over four octave-spaced corners, as another loudspeaker would."""
    spectrum = np.fft.rfft(audio)
    frequency = np.fft.rfftfreq(len(audio), 1 / sample_rate_hz)
    corners_hz = (60.0, 300.0, 1_500.0, 7_500.0)
    curve_db = np.interp(
        np.log(frequency + 1.0), np.log(corners_hz), rng.uniform(-6.0, 6.0, len(corners_hz))
    )
    changed = np.fft.irfft(spectrum * 10 ** (curve_db / 20), len(audio))
    return np.clip(changed, -1.0, 1.0).astype(np.float32)


def noise(audio: Floats, sample_rate_hz: int, rng: np.random.Generator) -> Floats:
    """White noise 20 to 50 dB below the music."""
    level = float(np.sqrt(np.mean(audio**2))) * 10 ** (-rng.uniform(20.0, 50.0) / 20)
    hiss = rng.standard_normal(len(audio), np.float32) * np.float32(level)
    return np.clip(audio + hiss, -1.0, 1.0)


def pitch_shift(audio: Floats, sample_rate_hz: int, rng: np.random.Generator) -> Floats:
    """Up or down by at most two semitones; the tempo stays."""
    ratio = 2 ** (rng.uniform(-2.0, 2.0) / 12)
    return _resampled(_stretched(audio, 1 / ratio), 1 / ratio, len(audio))


def time_stretch(audio: Floats, sample_rate_hz: int, rng: np.random.Generator) -> Floats:
    """Faster or slower by at most 10 %; the pitch stays."""
    return _fitted(_stretched(audio, rng.uniform(0.9, 1.1)), len(audio))


def excerpt(audio: Floats, sample_rate_hz: int, rng: np.random.Generator) -> Floats:
    """Another place of the clip; the loader has chosen it already."""
    return audio


AUGMENTATIONS: Mapping[str, Augmentation] = {
    "excerpt": excerpt,
    "gain": gain,
    "equaliser": equaliser,
    "noise": noise,
    "pitch-shift": pitch_shift,
    "time-stretch": time_stretch,
}


def make_augmentations(names: Sequence[str]) -> list[Augmentation]:
    """Looks augmentations up by name.

    Raises:
        DataError: One is unknown.
    """
    if unknown := [name for name in names if name not in AUGMENTATIONS]:
        known = ", ".join(AUGMENTATIONS)
        raise DataError(f"unknown augmentation {unknown[0]!r}; there are {known}")
    return [AUGMENTATIONS[name] for name in names]


def _stretched(audio: Floats, rate: float) -> Floats:
    """A phase vocoder: ``rate`` times as fast at the same pitch."""
    window = np.hanning(_FRAME + 1)[:-1]
    padded = np.pad(audio, _FRAME)
    starts = np.arange(0, len(padded) - _FRAME - _HOP, _HOP * rate)
    advance = 2 * np.pi * _HOP * np.arange(_FRAME // 2 + 1) / _FRAME
    out = np.zeros(len(starts) * _HOP + _FRAME)
    phase = np.zeros(_FRAME // 2 + 1)
    for index, start in enumerate(starts.astype(int)):
        here = np.fft.rfft(window * padded[start : start + _FRAME])
        there = np.fft.rfft(window * padded[start + _HOP : start + _HOP + _FRAME])
        frame = np.fft.irfft(np.abs(there) * np.exp(1j * phase))
        out[index * _HOP : index * _HOP + _FRAME] += window * frame
        turn = np.angle(there) - np.angle(here) - advance
        phase += advance + turn - 2 * np.pi * np.round(turn / (2 * np.pi))
    first = round(_FRAME / rate)
    return np.clip(out[first:] / 1.5, -1.0, 1.0).astype(np.float32)


def _resampled(audio: Floats, ratio: float, length: int) -> Floats:
    """Plays ``audio`` faster by ``1 / ratio`` and cuts or fills it to ``length``."""
    changed = soxr.resample(audio, 1.0, ratio, quality="MQ")
    return _fitted(np.asarray(changed, np.float32), length)


def _fitted(audio: Floats, length: int) -> Floats:
    return np.pad(audio[:length], (0, max(0, length - len(audio))))
