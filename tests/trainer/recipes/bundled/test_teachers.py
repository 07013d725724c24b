from pathlib import Path

import numpy as np
import pytest
import torch

from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral
from trainer.recipes.bundled.mels import MelLibrary
from trainer.recipes.bundled.music import Music
from trainer.recipes.bundled.network import TimbrePlaces, embed_rows, no_padding, save_network
from trainer.recipes.bundled.recipe import Recipe, TeachingRecipe
from trainer.recipes.bundled.teachers import Teachers, principal_directions, teaching_losses
from trainer.training.checkpoint import BEST


def unit(seed: int, rows: int, width: int) -> torch.Tensor:
    values = np.random.default_rng(seed).standard_normal((rows, width))
    return torch.nn.functional.normalize(torch.from_numpy(values).float(), dim=1)


def test_directions_are_those_of_greatest_variance() -> None:
    values = torch.cat([unit(0, 40, 6), unit(1, 40, 6)], 1) + 3.0
    middle, basis = principal_directions(values, 5)
    assert torch.allclose(middle, values.mean(0), atol=1e-5)
    assert torch.allclose(basis.T @ basis, torch.eye(5), atol=1e-5)
    covariance = np.cov(values.double().numpy().T)
    largest = np.linalg.eigh(covariance)[1][:, -5:]
    ours = (basis @ basis.T).double().numpy()
    assert np.allclose(ours, largest @ largest.T, atol=1e-4)
    assert (basis.sum(0) >= 0).all()


def test_too_few_directions_are_filled_up() -> None:
    _, basis = principal_directions(unit(0, 10, 3), 5)
    assert basis.shape == (3, 5)
    assert not basis[:, 3:].any()


def test_what_all_teachers_and_the_timbre_hold_alike_is_alike(
    bundle_music: Music, recipe: Recipe, tmp_path: Path
) -> None:
    """With room for every direction nothing is lost but the common middle."""
    library, rows = MelLibrary(bundle_music.library), (0, 3, 9, 17, 30)
    networks = [made(recipe, seed, library, rows) for seed in (1, 2)]
    for number, network in enumerate(networks):
        (tmp_path / str(number)).mkdir()
        path = tmp_path / str(number) / BEST
        save_network(path, recipe.training.network, network, {})
    timbre = TimbrePlaces(networks[0])
    folders = [tmp_path / "0", tmp_path / "1"]
    teachers = Teachers(folders, library, rows, 96, (timbre, 0.5), half=False)
    parts = [embed_rows(network, library, rows) for network in networks]
    whole = [torch.from_numpy(library.whole(row))[None] for row in rows]
    parts.append(0.5 * 2**0.5 * torch.cat([timbre(power) for power in whole]))
    together = torch.cat(parts, 1)
    expected = torch.nn.functional.normalize(together - together.mean(0), dim=1)
    given = torch.cat([teachers(power) for power in whole])
    assert torch.allclose(given @ given.T, expected @ expected.T, atol=1e-4)


def made(
    recipe: Recipe, seed: int, library: MelLibrary, rows: tuple[int, ...]
) -> AudioEmbeddingSpectral:
    torch.manual_seed(seed)
    network = AudioEmbeddingSpectral(recipe.training.network).eval()
    power = torch.from_numpy(np.stack([library.whole(row)[:50] for row in rows]))
    network.standardise(power, no_padding(power))
    return network


def test_the_timbre_stays_as_it_was(bundle_music: Music, recipe: Recipe) -> None:
    library = MelLibrary(bundle_music.library)
    network = made(recipe, 0, library, (0, 5, 10))
    timbre, power = TimbrePlaces(network), torch.from_numpy(library.whole(20))[None]
    before = timbre(power)
    assert torch.allclose(before.norm(dim=1), torch.ones(1))
    with torch.no_grad():
        network.statistics_skip.weight.normal_()
        network.statistics.scale.mul_(2.0)
    assert torch.equal(timbre(power), before)


def test_losses_are_what_a_loop_gives() -> None:
    student, taught = unit(0, 7, 4), unit(1, 7, 4)
    recipe = TeachingRecipe(match_weight=2.0, relation_weight=3.0, relation_temperature=0.2)
    losses = teaching_losses(student, taught, recipe)
    apart, differs = [], []
    for i in range(7):
        apart.append(1 - float(student[i] @ taught[i]))
        candidates = [j for j in range(7) if j != i]
        shares = []
        for places in (student, taught):
            weights = np.exp([float(places[i] @ places[j]) / 0.2 for j in candidates])
            shares.append(weights / weights.sum())
        differs.append(float((shares[1] * np.log(shares[1] / shares[0])).sum()))
    assert float(losses["match"]) == pytest.approx(2 * np.mean(apart), rel=1e-5)
    assert float(losses["taught relations"]) == pytest.approx(3 * np.mean(differs), rel=1e-4)


def test_who_agrees_has_nothing_to_learn() -> None:
    student = unit(0, 7, 4)
    losses = teaching_losses(student, student, TeachingRecipe())
    assert sum(float(each) for each in losses.values()) == pytest.approx(0.0, abs=1e-6)
