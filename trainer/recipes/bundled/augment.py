"""Changes to mel power spectra that leave the music and remove the fingerprint of its album.

Two tracks of one album share the equaliser, the codec and the noise of their making; a network
that finds them by that has learned nothing about music. All of it happens on spectra
``[batch, frames, bands]`` in power, where an equaliser is a product and a noise floor a sum.
"""

import numpy as np
import torch
from torch import Tensor

from trainer.recipes.bundled.recipe import AugmentRecipe

_BELL_COUNT = 5
_LOWPASS_CORNERS = (0.625, 0.97)  # a low-pass begins between these shares of the bands


def augment(power: Tensor, recipe: AugmentRecipe, rng: np.random.Generator) -> Tensor:
    """Applies every change of the recipe, each excerpt with its own draw.

    Args:
        power: ``[batch, frames, bands]``.
        recipe: How strong; a strength of 0 leaves a change out.
        rng: Decides.
    """
    # Pitch first, as it is the music's; the equaliser belongs to the recording and must not be
    # shifted with it. Noise last: it is added to whatever came before.
    if recipe.pitch_bands:
        power = shift_pitch(power, _uniform(rng, len(power), -1.0, 1.0) * recipe.pitch_bands)
    if recipe.equaliser_db:
        power = power * _gain(_equaliser_db(len(power), power.shape[2], recipe, rng))
    if recipe.lowpass_share:
        power = power * _gain(_lowpass_db(len(power), power.shape[2], recipe, rng))
    if recipe.noise_share:
        power = power + _noise(power, recipe, rng)
    return power


def shift_pitch(power: Tensor, bands: Tensor) -> Tensor:
    """Moves each spectrum down by so many bands (up where negative), mixing neighbours linearly.

    Args:
        power: ``[batch, frames, bands]``.
        bands: ``[batch]``; what would come from outside repeats the outermost band.
    """
    count = power.shape[2]
    place = (torch.arange(count) + bands[:, None]).clamp(0, count - 1)
    low = place.floor().long()
    high = (low + 1).clamp(max=count - 1)
    share = (place - low)[:, None]
    lower = power.gather(2, low[:, None].expand_as(power))
    upper = power.gather(2, high[:, None].expand_as(power))
    return lower * (1 - share) + upper * share


def _equaliser_db(
    batch: int, bands: int, recipe: AugmentRecipe, rng: np.random.Generator
) -> Tensor:
    """Five bells over the bands and a tilt, as another studio would have set them."""
    band = torch.arange(bands)[:, None]
    centres = torch.linspace(0, bands - 1, _BELL_COUNT)
    width = bands / 6.4
    bells = torch.exp(-(((band - centres) / width) ** 2) / 2)
    tilt = _normal(rng, batch, 1) * torch.linspace(-1, 1, bands)
    return recipe.equaliser_db * (_normal(rng, batch, _BELL_COUNT) @ bells.T + tilt)


def _lowpass_db(batch: int, bands: int, recipe: AugmentRecipe, rng: np.random.Generator) -> Tensor:
    """What a codec of a low rate leaves: a slope from a corner on, down to −60 dB."""
    chosen = (_uniform(rng, batch) < recipe.lowpass_share).float()
    corner = bands * _uniform(rng, batch, *_LOWPASS_CORNERS)
    above = torch.relu(torch.arange(bands) - corner[:, None])
    return (-recipe.lowpass_db_per_band * above * chosen[:, None]).clamp(min=-60.0)


def _noise(power: Tensor, recipe: AugmentRecipe, rng: np.random.Generator) -> Tensor:
    """A floor of coloured noise below the excerpt's mean, flickering as noise does."""
    batch, _, bands = power.shape
    chosen = (_uniform(rng, batch) < recipe.noise_share).float()
    level = 10.0 ** (-_uniform(rng, batch, *recipe.noise_db) / 10.0)
    tilt = 5.0 * _normal(rng, batch, 1) * torch.linspace(-1, 1, bands)
    colour = _gain(tilt + _normal(rng, batch, bands))
    # Mean 1: the noise keeps its level.
    flicker = 0.5 + torch.from_numpy(rng.random(power.shape, np.float32))
    loudness = power.mean((1, 2)) * chosen * level
    return loudness[:, None, None] * colour * flicker


def _gain(decibel: Tensor) -> Tensor:
    """Power factors, with an axis for the frames: ``[batch, bands]`` to ``[batch, 1, bands]``."""
    # Power, hence tenths; twentieths are for amplitudes.
    return (10.0 ** (decibel / 10.0))[:, None]


def _normal(rng: np.random.Generator, *shape: int) -> Tensor:
    return torch.from_numpy(rng.standard_normal(shape, np.float32))


def _uniform(rng: np.random.Generator, count: int, low: float = 0.0, high: float = 1.0) -> Tensor:
    return torch.from_numpy(rng.uniform(low, high, count).astype(np.float32))
