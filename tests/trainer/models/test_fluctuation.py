"""Fluctuation patterns against NumPy's transform and plain loops."""

import numpy as np
import pytest
import torch
from scipy.signal.windows import hann

from mecomp_desktop.arrays import Doubles, Floats
from trainer.config import SpectralConfig
from trainer.models.fluctuation import FluctuationPatterns, tempo_filters


def log_mel(frames: int, seed: int = 0) -> Doubles:
    """Bands that go together with their neighbours and change slowly, as music's do."""
    rng = np.random.default_rng(seed)
    steps = rng.standard_normal((frames, 64)).cumsum(axis=0) * 0.3
    return (steps @ np.exp(-0.1 * np.abs(np.subtract.outer(range(64), range(64)))) / 8) - 5.0


def masked(values: Doubles, padding: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A batch of one with frames of digital silence after it, and its mask."""
    padded = np.pad(values, ((0, padding), (0, 0)), constant_values=-11.5)
    mask = torch.arange(len(padded))[None] < len(values)
    return torch.from_numpy(padded).float()[None], mask.float()


def patterns(values: Doubles, padding: int = 0) -> Floats:
    recording_mask: Floats = FluctuationPatterns(SpectralConfig())(*masked(values, padding))[
        0
    ].numpy()
    return recording_mask


def plain_patterns(values: Doubles) -> Doubles:
    filters = tempo_filters(128, 10)
    found = []
    for group in range(16):
        level = values[:, group * 4 : group * 4 + 4].mean(axis=1)
        level = np.pad(level - level.mean(), (0, max(0, 128 - len(level))))
        strengths = []
        for start in range(0, len(level) - 127, 64):
            window = level[start : start + 128]
            spectrum = np.fft.rfft((window - window.mean()) * hann(128, sym=False))[1:]
            strengths.append(np.sqrt(np.abs(spectrum) ** 2 + 1e-4) @ filters)
        found.append(np.log(np.mean(strengths, axis=0) + 0.1))
    return np.array(found).T.ravel()


@pytest.mark.parametrize("frames", [2, 22, 127, 128, 129, 191, 192, 646])
def test_patterns_are_the_plain_ones(frames: int) -> None:
    values = log_mel(frames)
    np.testing.assert_allclose(patterns(values), plain_patterns(values), rtol=1e-3, atol=2e-4)


@pytest.mark.parametrize("frames", [1, 22, 128, 200])
@pytest.mark.parametrize("padding", [1, 64, 500])
def test_padding_changes_nothing(frames: int, padding: int) -> None:
    values = log_mel(frames)
    np.testing.assert_allclose(patterns(values, padding), patterns(values), rtol=0, atol=1e-4)


def test_a_beat_shows_at_its_tempo() -> None:
    beat = np.cos(2 * np.pi * np.arange(640) * 10 / 128)  # ten to a window
    filters = tempo_filters(128, 10)
    found = patterns(np.repeat(beat[:, None], 64, axis=1)).reshape(-1, 16)
    assert (found.argmax(axis=0) == filters[9].argmax()).all()


def test_tempo_filters_share_out_every_frequency_once() -> None:
    filters = tempo_filters(128, 10)
    assert ((filters > 0).sum(axis=1) == 1).all()
    np.testing.assert_allclose(filters.sum(axis=0), 1.0)
