import numpy as np
import pytest

from tests.trainer.evaluation.songs import RATE_HZ, song
from trainer.evaluation.perturbations import CHANGES, EVERY_CHANGE, louder, resampled, trimmed

SECONDS = 5.0


@pytest.fixture(scope="module")
def original() -> np.ndarray:
    return song(1, SECONDS)


def level_db(audio: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(audio.astype(np.float64) ** 2)))


@pytest.mark.parametrize("name", [name for name in EVERY_CHANGE if not name.startswith("3 s")])
def test_a_change_leaves_length_and_place(original: np.ndarray, name: str) -> None:
    changed = EVERY_CHANGE[name](original, RATE_HZ)
    assert changed.dtype == np.float32
    assert len(changed) == pytest.approx(len(original), abs=2)
    count = min(len(changed), len(original))
    alike = np.corrcoef(changed[:count], original[:count])[0, 1]
    assert alike > 0.9


def test_an_mp3_is_another_recording_and_less_at_half_the_bits(original: np.ndarray) -> None:
    errors = []
    for name in ("MP3, 96 kbit/s", "MP3, 48 kbit/s"):
        changed = EVERY_CHANGE[name](original, RATE_HZ)
        errors.append(level_db(changed[: len(original)] - original[: len(changed)]))
    assert level_db(original) - 60 < errors[0] < errors[1]


def test_gain_is_a_gain(original: np.ndarray) -> None:
    for decibel in (6.0, -6.0):
        changed = louder(decibel)(original, RATE_HZ)
        assert level_db(changed) - level_db(original) == pytest.approx(decibel, abs=1e-3)


def test_three_seconds_go(original: np.ndarray) -> None:
    np.testing.assert_array_equal(trimmed(original, RATE_HZ), original[3 * RATE_HZ :])


def test_a_low_rate_takes_the_treble(original: np.ndarray) -> None:
    hiss = np.random.default_rng(0).uniform(-1, 1, RATE_HZ).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(resampled(16_000)(hiss, RATE_HZ)))
    frequency_hz = np.fft.rfftfreq(len(hiss), 1 / RATE_HZ)
    assert spectrum[frequency_hz > 8_500].max() < 0.01 * spectrum[frequency_hz < 7_000].mean()


def test_the_changes_of_the_target_are_among_all() -> None:
    assert set(CHANGES) < set(EVERY_CHANGE)
