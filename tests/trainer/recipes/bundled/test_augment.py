import numpy as np
import pytest
import torch

from trainer.recipes.bundled.augment import augment, shift_pitch
from trainer.recipes.bundled.recipe import AugmentRecipe

NOTHING = AugmentRecipe(
    equaliser_db=0.0, lowpass_share=0.0, noise_share=0.0, pitch_bands=0.0, stretch=0.0
)


def spectra(batch: int = 6) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).gamma(1.0, 1.0, (batch, 20, 64))).float()


def only(**strengths: object) -> AugmentRecipe:
    return AugmentRecipe.from_dict(NOTHING.to_dict() | strengths)


def test_strengths_of_zero_change_nothing() -> None:
    power = spectra()
    assert torch.equal(augment(power, NOTHING, np.random.default_rng(0)), power)


def test_the_same_draw_is_the_same_change() -> None:
    power, recipe = spectra(), AugmentRecipe()
    first = augment(power, recipe, np.random.default_rng(5))
    assert torch.equal(first, augment(power, recipe, np.random.default_rng(5)))
    assert not torch.equal(first, augment(power, recipe, np.random.default_rng(6)))
    assert torch.isfinite(first).all()
    assert (first >= 0).all()


def test_pitch_moves_bands_and_mixes_between_them() -> None:
    power = spectra(3)
    moved = shift_pitch(power, torch.tensor([2.0, -1.0, 0.25]))
    assert torch.equal(moved[0, :, :62], power[0, :, 2:])
    assert torch.equal(moved[1, :, 1:], power[1, :, :63])
    mixed = 0.75 * power[2, :, :63] + 0.25 * power[2, :, 1:]
    assert torch.allclose(moved[2, :, :63], mixed, atol=1e-6)


def test_an_equaliser_is_one_smooth_curve_over_the_excerpt() -> None:
    power = spectra(400)
    changed = augment(power, only(equaliser_db=4.0), np.random.default_rng(0))
    curve_db = 10 * torch.log10(changed / power)
    assert torch.allclose(curve_db, curve_db[:, :1].expand_as(curve_db), atol=1e-3)
    steps = curve_db[:, 0].diff(dim=1).abs()
    assert steps.max() < 4.0
    assert 4.0 < float(curve_db[:, 0, 0].std()) < 7.0  # a bell and the tilt, 4 dB each


def test_a_lowpass_takes_the_highest_bands_of_some() -> None:
    power = spectra(400)
    changed = augment(power, only(lowpass_share=0.3), np.random.default_rng(0))
    touched = (changed != power).flatten(1).any(1)
    assert 0.2 < float(touched.float().mean()) < 0.4
    assert torch.equal(changed[:, :, :40], power[:, :, :40])
    weaker = (changed[touched] / power[touched])[:, 0]
    assert (weaker.diff(dim=1) <= 1e-6).all()
    assert float(weaker.min()) >= 1e-6 * 0.99  # −60 dB


@pytest.mark.parametrize("level_db", [20.0, 40.0])
def test_a_noise_floor_lies_where_it_should(level_db: float) -> None:
    power = spectra(400)
    recipe = only(noise_share=1.0, noise_db=(level_db, level_db))
    added = augment(power, recipe, np.random.default_rng(0)) - power
    assert (added >= -1e-4).all()
    below_db = -10 * torch.log10(added.mean((1, 2)) / power.mean((1, 2)))
    assert abs(float(below_db.median()) - level_db) < 2.0
