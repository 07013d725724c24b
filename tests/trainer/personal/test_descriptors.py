"""Qualities that can be named, on sounds that differ in one of them."""

import numpy as np
import pytest

from trainer.personal.descriptors import NAMES, describe, fit_linear_probe, normal_scores

RATE_HZ = 22_050
TIME_S = np.arange(6 * RATE_HZ) / RATE_HZ


def tone(pitch_hz: float) -> np.ndarray:
    return np.sin(2 * np.pi * pitch_hz * TIME_S).astype(np.float32)


def noise(seed: int = 0) -> np.ndarray:
    return (0.3 * np.random.default_rng(seed).standard_normal(len(TIME_S))).astype(np.float32)


def clicks(a_second: float) -> np.ndarray:
    pulse = np.exp(-30 * (TIME_S % (1 / a_second)))
    return (noise() * pulse).astype(np.float32)


def triad(third_semitones: int) -> np.ndarray:
    pitches = [220 * 2 ** (steps / 12) for steps in (0, third_semitones, 7)]
    return sum(tone(pitch) for pitch in pitches) / 3


def value(audio: np.ndarray, name: str) -> float:
    return float(describe(audio, RATE_HZ)[NAMES.index(name)])


@pytest.mark.parametrize(
    ("name", "less", "more"),
    [
        ("brightness", tone(200), tone(3000)),
        ("onset rate", clicks(1), clicks(6)),
        ("onset strength", tone(400), clicks(2)),
        ("loudness range", noise(), noise() * (0.02 + (TIME_S % 3 > 1.5))),
        ("loudness flutter", tone(300), clicks(8)),
        ("noisiness", tone(1000), noise()),
        ("bass", tone(2000), tone(80)),
        ("treble", tone(200), tone(6000)),
        ("tempo", clicks(1), clicks(2)),
        ("pulse clarity", noise(), clicks(2)),
        ("chroma entropy", tone(440), noise()),
        ("chroma change", tone(440), np.where(TIME_S % 0.5 < 0.25, tone(440), tone(587))),
        ("major or minor", triad(3), triad(4)),
        ("change of brightness", tone(500), np.where(TIME_S % 1 < 0.5, tone(200), tone(5000))),
    ],
)
def test_rises_with_what_it_is_called(name: str, less: np.ndarray, more: np.ndarray) -> None:
    assert value(np.float32(more), name) > value(np.float32(less), name)


def test_loudness_changes_nothing() -> None:
    audio = clicks(3)
    np.testing.assert_allclose(describe(audio, RATE_HZ), describe(audio / 8, RATE_HZ), atol=1e-3)


@pytest.mark.parametrize("audio", [np.zeros(RATE_HZ, np.float32), np.ones(RATE_HZ, np.float32)])
def test_silence_and_a_second_are_finite(audio: np.ndarray) -> None:
    assert np.isfinite(describe(audio, RATE_HZ)).all()


def test_normal_scores_know_the_order_alone() -> None:
    values = np.array([3.0, -1.0, 900.0, 4.0])
    scores = normal_scores(values)
    assert (np.argsort(scores) == np.argsort(values)).all()
    assert scores.sum() == pytest.approx(0)


def test_reads_what_is_in_the_summaries_and_leaves_the_rest() -> None:
    rng = np.random.default_rng(1)
    pooled = rng.standard_normal((600, 20)).astype(np.float32)
    there = pooled @ rng.standard_normal(20) + 0.1 * rng.standard_normal(600)
    absent = rng.standard_normal(600)
    columns, centre = fit_linear_probe(pooled[:300], np.stack([there, absent], axis=1)[:300])
    read = (pooled[300:] - centre) @ columns
    assert np.corrcoef(read[:, 0], there[300:])[0, 1] > 0.95
    assert read[:, 1].std() < 0.3 * read[:, 0].std()
