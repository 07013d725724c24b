"""Songs made by the tests that differ as songs do: instruments, key, tempo, drums, room."""

import numpy as np

from mecomp_desktop.arrays import Doubles, Floats

RATE_HZ = 44_100
_SCALES = ((0, 2, 4, 7, 9), (0, 3, 5, 7, 10), (0, 2, 3, 7, 8), (0, 1, 5, 7, 8))


def song(seed: int, seconds: float) -> Floats:
    """A mono song at 44,100 Hz, −1…1; no two seeds share a band, and a seed is a band to its end.

    A theme comes back with changes, so that no two parts of a song are the same samples.
    """
    rng = np.random.default_rng((7, seed))
    count = round(seconds * RATE_HZ)
    beat_s = 60 / rng.uniform(70, 170)
    sound = np.zeros(count + RATE_HZ * 4, np.float64)
    for part in (_melody, _chords, _drums):
        if rng.uniform() < 0.8 or part is _melody:
            sound += rng.uniform(0.3, 1.0) * part(len(sound), beat_s, rng)
    sound = _coloured(sound[:count], rng)
    return (0.8 * sound / np.abs(sound).max()).astype(np.float32)


def _melody(count: int, beat_s: float, rng: np.random.Generator) -> Doubles:
    length_s = beat_s * rng.choice([0.25, 0.5, 1.0])
    decay = rng.uniform(0.5, 8.0)
    return _notes(count, length_s, length_s * rng.uniform(0.6, 1.5), decay, 220, rng)


def _chords(count: int, beat_s: float, rng: np.random.Generator) -> Doubles:
    length_s = beat_s * rng.choice([2.0, 4.0])
    voices = [_notes(count, length_s, length_s, 0.3, 110, rng) for _ in range(3)]
    return np.sum(voices, axis=0) / 3


def _notes(
    count: int,
    every_s: float,
    length_s: float,
    decay: float,
    root_hz: float,
    rng: np.random.Generator,
) -> Doubles:
    """Notes of one instrument, at random steps of one scale."""
    scale, key = _SCALES[rng.integers(len(_SCALES))], rng.integers(12)
    strengths = rng.uniform(0, 1, 10) / np.arange(1, 11) ** rng.uniform(0.3, 2.0)
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    envelope = np.exp(-decay * time_s) * np.minimum(1, time_s / rng.uniform(0.002, 0.1))
    envelope *= np.minimum(1, (length_s - time_s) / 0.01)
    pitches_hz = [root_hz * 2 ** ((s + key + octave) / 12) for s in scale for octave in (0, 12)]
    turns = (2 * np.pi * np.arange(1, 11)[:, None] * time_s).astype(np.float32)  # five times faster
    notes = [
        envelope * (strengths @ np.sin(np.float32(pitch_hz) * turns)) for pitch_hz in pitches_hz
    ]
    theme = rng.integers(len(notes), size=8)
    out = np.zeros(count)
    for number, start in enumerate(range(0, count - len(time_s), round(every_s * RATE_HZ))):
        varied = rng.uniform() < 0.2
        note = rng.integers(len(notes)) if varied else theme[number % len(theme)]
        out[start : start + len(time_s)] += notes[note]
    return out / np.abs(out).max()


def _drums(count: int, beat_s: float, rng: np.random.Generator) -> Doubles:
    time_s = np.arange(round(0.3 * RATE_HZ)) / RATE_HZ
    kick = np.sin(2 * np.pi * rng.uniform(45, 90) * time_s) * np.exp(-rng.uniform(8, 30) * time_s)
    hiss = np.diff(rng.standard_normal(len(time_s) + 1)) * np.exp(-rng.uniform(10, 60) * time_s)
    loudness = rng.uniform(0.05, 0.6)
    out = np.zeros(count)
    for number, start in enumerate(
        range(0, count - len(time_s), round(beat_s * RATE_HZ / rng.choice([1, 2, 4])))
    ):
        hit = kick if number % 4 == 0 else loudness * hiss * rng.uniform(0.6, 1.0)
        out[start : start + len(time_s)] += hit
    return out / np.abs(out).max()


def _coloured(sound: Doubles, rng: np.random.Generator) -> Doubles:
    """A studio's equaliser and a little of its noise."""
    spectrum = np.fft.rfft(sound)
    frequency_hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    corners_hz = np.log([40.0, 200.0, 1_000.0, 4_000.0, 12_000.0])
    curve_db = np.interp(np.log(frequency_hz + 1), corners_hz, rng.uniform(-9, 9, 5))
    quiet = 10 ** (rng.uniform(-70, -45) / 20) * np.abs(sound).max()
    shaped: Doubles = np.fft.irfft(spectrum * 10 ** (curve_db / 20), len(sound))
    return shaped + quiet * rng.standard_normal(len(sound))
