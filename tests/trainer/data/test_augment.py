"""Augmentations do to a tone what their names say."""

import numpy as np
import pytest

from mecomp_desktop.arrays import Floats
from trainer.data import augment
from trainer.data.augment import make_augmentations
from trainer.errors import DataError

RATE_HZ = 22_050


class Fixed(np.random.Generator):
    """Draws one value, always."""

    def __init__(self, value: float) -> None:
        super().__init__(np.random.PCG64(0))
        self.value = value

    def uniform(self, low: float = 0, high: float = 1, size: object = None) -> float:  # type: ignore[override]  # one value is all these need
        return self.value


@pytest.fixture
def tone() -> Floats:
    """Two seconds of 440 Hz."""
    time = np.arange(2 * RATE_HZ) / RATE_HZ
    return (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


def pitch_hz(audio: Floats) -> float:
    middle = audio[len(audio) // 4 : len(audio) // 2]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 8 * RATE_HZ))
    return float(spectrum.argmax() / 8)


def test_stretching_keeps_the_pitch(tone: Floats) -> None:
    fast = augment.time_stretch(tone, RATE_HZ, Fixed(1.1))
    assert pitch_hz(fast) == pytest.approx(440, abs=2)
    assert len(fast) == len(tone)
    assert np.abs(fast[RATE_HZ // 4 : RATE_HZ]).max() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("rate", [0.9, 1.1])
def test_stretching_moves_a_click(rate: float) -> None:
    audio = np.zeros(2 * RATE_HZ, np.float32)
    audio[RATE_HZ] = 1.0
    moved = augment.time_stretch(audio, RATE_HZ, Fixed(rate))
    assert np.abs(moved).argmax() / RATE_HZ == pytest.approx(1 / rate, abs=0.05)


@pytest.mark.parametrize("semitones", [-2, 1, 2])
def test_shifting_moves_the_pitch_alone(semitones: int, tone: Floats) -> None:
    shifted = augment.pitch_shift(tone, RATE_HZ, Fixed(semitones))
    assert pitch_hz(shifted) == pytest.approx(440 * 2 ** (semitones / 12), rel=0.01)
    assert len(shifted) == len(tone)
    assert np.abs(shifted[-RATE_HZ // 2 : -RATE_HZ // 4]).max() > 0.3


def test_gain_never_clips(tone: Floats) -> None:
    loud = augment.gain(tone * 1.9, RATE_HZ, Fixed(3.0))
    soft = augment.gain(tone, RATE_HZ, Fixed(-12.0))
    assert np.abs(loud).max() == pytest.approx(1.0)
    assert np.abs(soft).max() == pytest.approx(0.5 * 10 ** (-12 / 20), rel=1e-3)


def test_noise_lies_below_the_music(tone: Floats) -> None:
    added = augment.noise(tone, RATE_HZ, Fixed(20.0)) - tone
    ratio_db = 20 * np.log10(np.std(tone) / np.std(added))
    assert ratio_db == pytest.approx(20.0, abs=0.5)


def test_the_equaliser_changes_balance_not_pitch(tone: Floats) -> None:
    changed = augment.equaliser(tone, RATE_HZ, np.random.default_rng(1))
    assert pitch_hz(changed) == pytest.approx(440, abs=1)
    assert np.abs(changed - tone).max() > 0.01


def test_unknown_names_are_an_error() -> None:
    with pytest.raises(DataError, match="'reverb'; there are excerpt, gain"):
        make_augmentations(["reverb"])
