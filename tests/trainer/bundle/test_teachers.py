import numpy as np
import pytest
import torch
from sklearn.decomposition import TruncatedSVD

from trainer.bundle.recipe import TeachingRecipe
from trainer.bundle.teachers import principal_directions, teaching_losses


def unit(seed: int, rows: int, width: int) -> torch.Tensor:
    values = np.random.default_rng(seed).standard_normal((rows, width))
    return torch.nn.functional.normalize(torch.from_numpy(values).float(), dim=1)


def test_directions_keep_what_a_library_keeps() -> None:
    values = torch.cat([unit(0, 40, 6), unit(1, 40, 6)], 1)
    basis = principal_directions(values, 5)
    assert torch.allclose(basis.T @ basis, torch.eye(5), atol=1e-5)
    svd = TruncatedSVD(5, algorithm="arpack", random_state=0).fit(values.double().numpy())
    theirs = torch.from_numpy(svd.components_.copy()).float().T
    assert torch.allclose(basis @ basis.T, theirs @ theirs.T, atol=1e-4)
    assert (basis.sum(0) >= 0).all()


def test_all_directions_keep_the_mean_similarity_of_the_teachers() -> None:
    one, two = unit(0, 30, 4), unit(1, 30, 4)
    values = torch.cat([one, two], 1)
    placed = torch.nn.functional.normalize(values @ principal_directions(values, 8), dim=1)
    assert torch.allclose(placed @ placed.T, (one @ one.T + two @ two.T) / 2, atol=1e-5)


def test_too_few_directions_are_filled_up() -> None:
    basis = principal_directions(unit(0, 10, 3), 5)
    assert basis.shape == (3, 5)
    assert not basis[:, 3:].any()


def test_losses_are_what_a_loop_gives() -> None:
    student, taught = unit(0, 7, 4), unit(1, 7, 4)
    recipe = TeachingRecipe(match_weight=2.0, relation_weight=3.0, relation_temperature=0.2)
    losses = teaching_losses(student, taught, recipe)
    apart, differs = [], []
    for i in range(7):
        apart.append(1 - float(student[i] @ taught[i]))
        others = [j for j in range(7) if j != i]
        shares = []
        for places in (student, taught):
            weights = np.exp([float(places[i] @ places[j]) / 0.2 for j in others])
            shares.append(weights / weights.sum())
        differs.append(float((shares[1] * np.log(shares[1] / shares[0])).sum()))
    assert float(losses["match"]) == pytest.approx(2 * np.mean(apart), rel=1e-5)
    assert float(losses["taught relations"]) == pytest.approx(3 * np.mean(differs), rel=1e-4)


def test_who_agrees_has_nothing_to_learn() -> None:
    student = unit(0, 7, 4)
    losses = teaching_losses(student, student, TeachingRecipe())
    assert sum(float(each) for each in losses.values()) == pytest.approx(0.0, abs=1e-6)
