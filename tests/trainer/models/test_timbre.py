"""Timbre against NumPy and SciPy, in double precision and with a real solver."""

import numpy as np
import pytest
import torch
from scipy.fft import dct

from mecomp_desktop.arrays import Doubles
from tests.trainer.models.test_fluctuation import log_mel, masked
from trainer.config import SpectralConfig
from trainer.models.timbre import Timbre

SIZE = 25


@pytest.fixture(scope="module")
def timbre() -> Timbre:
    """Fitted to sixty recordings."""
    fitted = Timbre(SpectralConfig())
    clips = torch.from_numpy(np.stack([log_mel(200, seed) for seed in range(60)])).float()
    fitted.standardise(clips, torch.ones(clips.shape[:2]))
    return fitted


def plain_covariances(values: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Mean of the cepstrum, its covariance and that of its change, with the ridge."""
    cepstrum = dct(values, norm="ortho", axis=1)[:, :SIZE]
    cepstrum[:, 0] *= np.sqrt(2)
    ridge = 0.01 * np.eye(SIZE)
    change = np.diff(cepstrum, axis=0)
    spread = np.cov(change, rowvar=False, bias=True) if len(change) else np.zeros((SIZE, SIZE))
    return cepstrum.mean(axis=0), np.cov(cepstrum, rowvar=False, bias=True) + ridge, spread + ridge


def plain_timbre(values: Doubles) -> Doubles:
    """By Cholesky factors of the mean covariances and a linear solver."""
    training = [plain_covariances(log_mel(200, seed)) for seed in range(60)]
    whitening, change_whitening = (
        np.linalg.inv(np.linalg.cholesky(np.mean([each[part] for each in training], axis=0)))
        for part in (1, 2)
    )
    mean, covariance, spread = plain_covariances(values)
    found = []
    for matrix, by in ((covariance, whitening), (spread, change_whitening)):
        relative = by @ matrix @ by.T
        cayley = 2 * np.linalg.solve(relative + np.eye(SIZE), relative - np.eye(SIZE))
        inverse = (2 * np.eye(SIZE) - cayley) / 4
        found += [inverse[i, j] for i in range(SIZE) for j in range(i, SIZE)]
    return np.concatenate([found, whitening @ mean])


@pytest.mark.parametrize("frames", [2, 22, 300, 2_000])
def test_timbre_is_the_plain_one(timbre: Timbre, frames: int) -> None:
    values = log_mel(frames, seed=99)
    found = timbre(*masked(values, 0))[0]
    np.testing.assert_allclose(found, plain_timbre(values), rtol=1e-3, atol=2e-4)


@pytest.mark.parametrize("frames", [1, 22, 300])
@pytest.mark.parametrize("padding", [1, 5_000])
def test_padding_changes_nothing(timbre: Timbre, frames: int, padding: int) -> None:
    values = log_mel(frames, seed=99)
    torch.testing.assert_close(
        timbre(*masked(values, padding)), timbre(*masked(values, 0)), rtol=0, atol=2e-5
    )


def test_what_is_like_the_training_data_lies_in_the_middle() -> None:
    fitted = Timbre(SpectralConfig())
    clip = masked(log_mel(400), 0)
    fitted.standardise(*clip)
    found = fitted(*clip)[0, : 2 * fitted.triangle].reshape(2, -1)
    row, column = np.triu_indices(SIZE)
    half = torch.from_numpy(np.where(row == column, 0.5, 0.0)).float()
    torch.testing.assert_close(found, half.expand(2, -1), rtol=0, atol=1e-3)


@pytest.mark.parametrize(
    "values",
    [
        np.full((300, 64), -11.5),
        np.where(np.arange(300)[:, None] % 2, -11.5, 4.0) * np.ones(64),
        np.where(np.arange(300)[:, None] == 7, 9.0, -11.5) * np.linspace(0, 1, 64),
    ],
    ids=["silence", "on and off", "click"],
)
def test_extremes_stay_within_bounds(timbre: Timbre, values: Doubles) -> None:
    found = timbre(*masked(values, 0))[0, : 2 * timbre.triangle]
    assert torch.isfinite(found).all()
    assert found.abs().max() <= 1.0 + 1e-4  # no value of (A + I)⁻¹ can be larger
