"""The statistics against NumPy, SciPy and plain loops."""

import numpy as np
import numpy.typing as npt
import pytest
import torch
from scipy.fft import dct
from scipy.signal.windows import hann

from trainer.config import SpectralConfig
from trainer.models.mel_statistics import MelStatistics, tempo_filters

CONFIG = SpectralConfig()

Floats = npt.NDArray[np.float64]


def log_mel(frames: int, seed: int = 0) -> Floats:
    """Bands that go together with their neighbours and change slowly, as music's do."""
    rng = np.random.default_rng(seed)
    steps = rng.standard_normal((frames, 64)).cumsum(axis=0) * 0.3
    return (steps @ np.exp(-0.1 * np.abs(np.subtract.outer(range(64), range(64)))) / 8) - 5.0


def plain_statistics(values: Floats) -> Floats:
    """What the network is to compute, coefficient by coefficient."""
    cepstrum = dct(values, norm="ortho", axis=1)[:, :20]
    cepstrum[:, 0] *= np.sqrt(2)
    deviation = np.sqrt(cepstrum.var(axis=0) + 1e-4)
    change = np.diff(cepstrum, axis=0)
    spread = (change**2).mean(axis=0) if len(change) else np.zeros(20)
    covariance = np.atleast_2d(np.cov(cepstrum, rowvar=False, bias=True))
    correlations = [
        covariance[i, j] / deviation[i] / deviation[j] for i in range(20) for j in range(i + 1, 20)
    ]
    return np.concatenate(
        [
            cepstrum.mean(axis=0),
            np.log(deviation),
            np.log(np.sqrt(spread + 1e-4)),
            correlations,
            plain_fluctuation(values),
        ]
    )


def plain_fluctuation(values: Floats) -> Floats:
    filters = tempo_filters(128, 10)
    found = []
    for group in range(16):
        level = values[:, group * 4 : group * 4 + 4].mean(axis=1)
        level = np.pad(level - level.mean(), (0, max(0, 128 - len(level))))
        windows = [level[start : start + 128] for start in range(0, len(level) - 127, 64)]
        strengths = []
        for window in windows:
            spectrum = np.fft.rfft((window - window.mean()) * hann(128, sym=False))[1:]
            strengths.append(np.sqrt(np.abs(spectrum) ** 2 + 1e-4) @ filters)
        found.append(np.log(np.mean(strengths, axis=0) + 0.1))
    return np.concatenate(found)


def raw(values: Floats, padding: int = 0) -> npt.NDArray[np.float32]:
    padded = np.pad(values, ((0, padding), (0, 0)), constant_values=-11.5)
    mask = torch.arange(len(padded))[None] < len(values)
    statistics = MelStatistics(CONFIG).raw(torch.from_numpy(padded).float()[None], mask.float())
    return statistics[0].numpy()


@pytest.mark.parametrize("frames", [2, 22, 127, 128, 129, 191, 192, 646])
def test_statistics_are_the_plain_ones(frames: int) -> None:
    values = log_mel(frames)
    np.testing.assert_allclose(raw(values), plain_statistics(values), rtol=1e-3, atol=2e-4)


@pytest.mark.parametrize("frames", [1, 22, 128, 200])
@pytest.mark.parametrize("padding", [1, 64, 500])
def test_padding_changes_nothing(frames: int, padding: int) -> None:
    values = log_mel(frames)
    np.testing.assert_allclose(raw(values, padding), raw(values), rtol=1e-4, atol=1e-5)


def test_a_steady_tone_and_a_single_frame_have_finite_statistics() -> None:
    assert np.isfinite(raw(np.full((300, 64), -3.0))).all()
    assert np.isfinite(raw(log_mel(1))).all()


def test_a_beat_shows_at_its_tempo() -> None:
    frames_per_beat = 128 / 10
    beat = np.cos(2 * np.pi * np.arange(640) / frames_per_beat)
    filters = tempo_filters(128, 10)
    fluctuation = raw(np.repeat(beat[:, None], 64, axis=1))[-16 * filters.shape[1] :]
    strongest = fluctuation.reshape(16, -1).argmax(axis=1)
    assert (strongest == filters[9].argmax()).all()  # the tenth frequency that wavers


def test_tempo_filters_share_out_every_frequency_once() -> None:
    filters = tempo_filters(128, 10)
    assert ((filters > 0).sum(axis=1) == 1).all()
    np.testing.assert_allclose(filters.sum(axis=0), 1.0)


def test_the_scale_is_that_of_the_training_data_and_has_limits() -> None:
    clips = torch.from_numpy(np.stack([log_mel(200, seed) for seed in range(30)])).float()
    mask = torch.ones(clips.shape[:2])
    statistics = MelStatistics(CONFIG)
    statistics.standardise(clips, mask)
    scaled = statistics(clips, mask)
    assert scaled.mean(0).abs().max() < 0.2
    assert scaled.std(0).median() == pytest.approx(1.0, abs=0.1)
    assert statistics(clips * 100, mask).abs().max() == 4.0
