"""Qualities that people can name in a sound, measured from audio, and read from summaries.

The measures are common ones (Peeters, *A large set of audio features for sound description*,
2004), each a single number for a recording that does not depend on its loudness. From a few
hundred recordings a ridge regression learns to read them from a model's summaries; what the
model does not tell comes out small, and so counts for little.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mecomp_desktop.arrays import Doubles, Flags, Floats

NAMES = [
    "brightness", "change of brightness", "onset rate", "onset strength", "loudness range",
    "loudness flutter", "noisiness", "bass", "treble", "tempo", "pulse clarity",
    "chroma entropy", "chroma change", "major or minor",
]  # fmt: skip
_SIZE, _HOP, _BANDS = 2048, 512, 40
_TINY = 1e-9
_PENALTIES = np.logspace(0, 5, 11)
# Krumhansl and Kessler 1982: how well each step of the scale fits a major and a minor key.
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
# A beat is expected around two a second, within an octave either way (Ellis 2007).
_BEAT_S = 0.5


@dataclass(frozen=True, slots=True)
class _Sound:
    """A recording's power spectra ``[frames, bins]``, its mel levels, and its rates."""

    power: Doubles
    levels: Doubles
    frequency_hz: Doubles
    frames_per_s: float

    @property
    def total(self) -> Doubles:
        """The power of each frame."""
        total: Doubles = self.power.sum(axis=1) + 1e-6
        return total

    def share(self, chosen: Flags) -> float:
        """The mean log share of the power that lies in some bins."""
        return float(np.log((self.power[:, chosen].sum(axis=1) + 1e-3) / self.total).mean())


def describe(audio: Floats, sample_rate_hz: int) -> Doubles:
    """Returns the value of each of ``NAMES`` for mono audio ``[samples]``, of a second or more."""
    sound = _analyse(audio.astype(np.float64), sample_rate_hz)
    centroid = np.log2(sound.power @ sound.frequency_hz / sound.total + 50)
    decibels = 10 * np.log10(sound.total + 1e-3)
    quiet, loud = np.percentile(decibels, (10, 95))
    flutter = np.log(np.abs(np.diff(decibels)).mean() + 0.1)
    logs, linear = np.log(sound.power[:, 5:] + 1e-6), sound.power[:, 5:].mean(axis=1)
    flatness = float((logs.mean(axis=1) - np.log(linear + 1e-6)).mean())
    return np.array(
        [
            *(centroid.mean(), centroid.std()),
            *_onsets(sound)[:2],
            *(loud - quiet, flutter, flatness),
            *(sound.share(sound.frequency_hz < 200), sound.share(sound.frequency_hz > 4000)),
            *_onsets(sound)[2:],
            *_harmony(sound),
        ]
    )


def fit_linear_probe(pooled: Floats, described: Doubles) -> tuple[Floats, Doubles]:
    """Learns to read qualities from summaries.

    Args:
        pooled: ``[n, width]``, of ``n`` recordings.
        described: ``[n, qualities]``.

    Returns:
        Columns ``[width, qualities]``, and the mean summary ``[width]`` they were learned around.
    """
    from sklearn.linear_model import RidgeCV  # here: importing takes two seconds

    centre = pooled.mean(axis=0, dtype=np.float64)
    spread = pooled.std(axis=0, dtype=np.float64) + _TINY
    places = (pooled - centre) / spread
    columns = [
        RidgeCV(_PENALTIES).fit(places, normal_scores(values)).coef_ / spread
        for values in described.T
    ]
    return np.stack(columns, axis=1).astype(np.float32), centre


def normal_scores(values: Doubles) -> Doubles:
    """Returns the normal quantiles of the ranks: no recording counts by being extreme."""
    ranks = (values.argsort().argsort() + 0.5) / len(values)
    # The logistic's quantile is the normal's to a few hundredths, up to a factor.
    scores: Doubles = np.log(ranks / (1 - ranks)) / 1.702
    return scores


def _analyse(audio: Doubles, sample_rate_hz: int) -> _Sound:
    # Loudness is no quality of the music here: it is the mastering's.
    audio = audio / (np.sqrt((audio**2).mean()) + _TINY)
    if len(audio) < 2 * _SIZE:
        audio = np.pad(audio, (0, 2 * _SIZE - len(audio)))
    frames = sliding_window_view(audio.astype(np.float32), _SIZE)[::_HOP]
    window = np.hanning(_SIZE).astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    frequency: Doubles = np.fft.rfftfreq(_SIZE, 1 / sample_rate_hz).astype(np.float64)
    levels = np.log(power @ _mel_bands(frequency).T + 1e-3)
    return _Sound(power, levels, frequency, sample_rate_hz / _HOP)


def _mel_bands(frequency_hz: Doubles) -> Doubles:
    mels = np.linspace(0, 2595 * np.log10(1 + frequency_hz[-1] / 700), _BANDS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (frequency_hz - low) / (middle - low)
    falling = (high - frequency_hz) / (high - middle)
    bands: Doubles = np.clip(np.minimum(rising, falling), 0, None)
    return bands


def _onsets(sound: _Sound) -> tuple[float, float, float, float]:
    """Onset rate, onset strength, tempo (log2 of beats a minute) and how clear the pulse is."""
    flux = np.maximum(np.diff(sound.levels, axis=0), 0).mean(axis=1)
    # An odd number, so that the average is centred on its frame.
    width = round(0.5 * sound.frames_per_s) | 1
    swell = flux - np.convolve(flux, np.ones(width) / width, "same")
    inside = swell[1:-1]
    peaks = (inside > swell[:-2]) & (inside > swell[2:]) & (inside > 0.15)
    rate = peaks.sum() * sound.frames_per_s / len(swell)
    centred = swell - swell.mean()
    # Twice as long, so that the correlation does not wrap around.
    size = 2 * len(centred)
    power = np.abs(np.fft.rfft(centred, size)) ** 2
    lags = np.fft.irfft(power, size)[: len(centred)]
    first, last = (round(seconds * sound.frames_per_s) for seconds in (0.35, 2.3))
    among = lags[first:last] / (lags[0] + _TINY)
    # Less than 0.35 s of change: no tempo can be told, and 7 (128 beats a minute) is an
    # unremarkable one.
    if not len(among):
        return float(np.log(rate + 0.2)), float(np.log(flux.std() + 1e-4)), 7.0, 0.0
    beats_s = np.arange(first, first + len(among)) / sound.frames_per_s
    beat_s = beats_s[int((among * np.exp(-0.5 * np.log2(beats_s / _BEAT_S) ** 2)).argmax())]
    return (
        float(np.log(rate + 0.2)),
        float(np.log(flux.std() + 1e-4)),
        float(np.log2(60 / beat_s)),
        float(among.max()),
    )


def _harmony(sound: _Sound) -> tuple[float, float, float]:
    """Entropy of the chroma, how quickly it changes, and how much more major than minor it is."""
    tonal = (sound.frequency_hz > 55) & (sound.frequency_hz < 2000)
    steps = np.round(12 * np.log2(sound.frequency_hz[tonal] / 440)).astype(int) % 12
    chroma = np.stack([sound.power[:, tonal][:, steps == step].sum(1) for step in range(12)], 1)
    chroma = chroma / (chroma.sum(axis=1, keepdims=True) + 1e-6)
    entropy = -(chroma * np.log(chroma + 1e-6)).sum(axis=1).mean()
    change = np.abs(np.diff(chroma[::8], axis=0)).sum(axis=1)
    mean = chroma.mean(axis=0)
    mode = _best_key(mean, _MAJOR) - _best_key(mean, _MINOR)
    return float(entropy), float(change.mean()) if len(change) else 0.0, mode


def _best_key(chroma: Doubles, profile: Doubles) -> float:
    """The highest correlation of a chroma with a key's profile, over its twelve keys."""
    centred, shape = chroma - chroma.mean(), profile - profile.mean()
    length = np.linalg.norm(centred) * np.linalg.norm(shape) + _TINY
    return max(float(np.roll(centred, -key) @ shape / length) for key in range(12))
