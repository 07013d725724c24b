import numpy as np
import pytest
import torch

from tests.trainer.models.test_fluctuation import log_mel, masked
from trainer.config import SpectralConfig
from trainer.models.mel_statistics import MelStatistics


@pytest.fixture(scope="module")
def clips() -> torch.Tensor:
    return torch.from_numpy(np.stack([log_mel(200, seed) for seed in range(60)])).float()


@pytest.fixture(scope="module")
def statistics(clips: torch.Tensor) -> MelStatistics:
    fitted = MelStatistics(SpectralConfig())
    fitted.standardise(clips, torch.ones(clips.shape[:2]))
    return fitted


def test_over_the_training_data_they_are_centred_and_of_unit_deviation(
    statistics: MelStatistics, clips: torch.Tensor
) -> None:
    raw = statistics.raw(clips, torch.ones(clips.shape[:2]))
    scaled = (raw - statistics.mean) * statistics.scale
    assert scaled.mean(0).abs().max() < 1e-3
    assert float(scaled.std()) == pytest.approx(1.0, abs=1e-3)


def test_distances_of_covariances_are_those_of_whole_matrices(
    statistics: MelStatistics, clips: torch.Tensor
) -> None:
    raw = statistics.raw(clips[:2], torch.ones(2, 200))
    size, triangle = statistics.timbre.size, statistics.timbre.triangle
    row, column = np.triu_indices(size)
    cayley = torch.zeros(2, size, size)
    cayley[:, row, column] = cayley[:, column, row] = (
        2 * torch.eye(size)[row, column] - 4 * raw[:, :triangle]
    )
    expected = (cayley[0] - cayley[1]).norm()
    scaled = (raw * statistics.scale)[:, : 2 * triangle]
    change = (raw[0] - raw[1])[triangle : 2 * triangle].norm()
    found = (scaled[0] - scaled[1])[:triangle].norm()
    # All distances are in one unit, which the change of the mean shows.
    unit = float((statistics.scale[2 * triangle :][:size]).mean())
    assert change > 0
    assert float(found / expected) == pytest.approx(unit, rel=1e-3)


def test_there_are_limits(statistics: MelStatistics) -> None:
    wild = log_mel(200, 5) * 50
    assert statistics(*masked(wild, 0)).abs().max() == 8.0


def test_padding_changes_nothing(statistics: MelStatistics) -> None:
    values = log_mel(77, 5)
    torch.testing.assert_close(
        statistics(*masked(values, 300)), statistics(*masked(values, 0)), rtol=0, atol=1e-4
    )
