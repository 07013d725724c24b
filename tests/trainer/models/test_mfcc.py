import math

import numpy as np
import pytest
import torch

from trainer.models.mfcc import (
    BANDS,
    HOP,
    VALUES,
    WINDOW,
    log_mel,
    mel_filters,
    mfcc,
    mfcc_features,
    standardised,
)
from trainer.models.prcnn import LogMel

RATE_HZ = 22_050


def sine(frequency_hz: float, seconds: float = 1.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (0.5 * np.sin(2 * np.pi * frequency_hz * time)).astype(np.float32)


@pytest.mark.parametrize("frequency_hz", [500.0, 2_000.0, 8_000.0])
def test_a_tone_lands_in_its_band(frequency_hz: float) -> None:
    top_mel = 2595 * math.log10(1 + RATE_HZ / 2 / 700)
    expected = 2595 * math.log10(1 + frequency_hz / 700) / top_mel * (BANDS + 1) - 1
    assert log_mel(sine(frequency_hz), RATE_HZ).mean(0).argmax() == pytest.approx(expected, abs=1)


def test_filters_have_area_one() -> None:
    width_hz = RATE_HZ / WINDOW
    wide = mel_filters(RATE_HZ)[BANDS // 2 :]  # those over many bins
    assert wide.sum(1) * width_hz == pytest.approx(np.ones(len(wide)), abs=0.05)


def test_coefficients_equal_a_naive_transform() -> None:
    audio = sine(700) + sine(3_100)
    bands = log_mel(audio, RATE_HZ)[3]
    ours = mfcc(audio, RATE_HZ)[3]
    for order in range(20):
        total = sum(v * math.cos(math.pi * order * (b + 0.5) / BANDS) for b, v in enumerate(bands))
        scale = math.sqrt((1 if order == 0 else 2) / BANDS)
        assert ours[order] == pytest.approx(total * scale, rel=1e-3, abs=1e-2)


@pytest.mark.parametrize("samples", [100, WINDOW, WINDOW + HOP, RATE_HZ])
def test_always_140_finite_values(samples: int) -> None:
    values = mfcc_features(sine(440)[:samples], RATE_HZ)
    assert values.shape == (VALUES,) == (140,)
    assert np.isfinite(values).all()


def test_standardised_columns_weigh_alike() -> None:
    scaled = standardised(np.random.default_rng(0).normal(5, [1, 100, 0], (50, 3)))
    assert scaled.mean(0) == pytest.approx(np.zeros(3), abs=1e-9)
    assert scaled[:, :2].std(0) == pytest.approx(np.ones(2))


def test_the_networks_spectrogram_is_the_same() -> None:
    noise = np.random.default_rng(0).standard_normal(640 * HOP)
    audio = (0.1 * noise).astype(np.float32)
    ours = LogMel(RATE_HZ)(torch.from_numpy(audio)[None])[0].numpy()
    assert ours.shape == (640, 128)
    decibel = 50 * ours
    reference = log_mel(audio, RATE_HZ)
    assert np.abs(decibel[: len(reference)] - reference).max() < 0.5
