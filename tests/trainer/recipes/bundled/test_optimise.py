import copy
import itertools

import pytest
import torch
from torch import nn

from trainer.recipes.bundled.optimise import average_into, decay_at, learning_rate, parameter_groups
from trainer.recipes.bundled.recipe import TrainingRecipe

RECIPE = TrainingRecipe(steps=100, learning_rate=1e-2, warm_up_steps=10, last_rate_share=0.02)


def test_the_rate_rises_falls_and_stays_above_its_last_share() -> None:
    rates = [learning_rate(RECIPE, step) for step in range(100)]
    assert rates[0] == pytest.approx(1e-3)
    assert max(rates) <= 1e-2
    assert rates.index(max(rates)) == 9
    assert rates[50] == pytest.approx(5e-3)
    assert rates[-1] == pytest.approx(2e-4)
    assert all(rate >= next_rate for rate, next_rate in itertools.pairwise(rates[9:]))


def test_every_weight_is_in_one_group() -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2, bias=False))
    groups = parameter_groups(RECIPE, net.parameters(), [net[2].weight])
    assert [len(group["params"]) for group in groups] == [1, 3, 1]
    assert [group["weight_decay"] for group in groups] == [RECIPE.weight_decay, 0.0, 0.0]
    assert [group["share"] for group in groups] == [1.0, 1.0, RECIPE.anchored_rate_share]


def test_the_average_is_a_running_mean_of_all_that_decides_an_output() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    average = copy.deepcopy(net)
    expected = {name: value.clone().double() for name, value in net.state_dict().items()}
    for _ in range(5):
        net(torch.randn(8, 3))  # moves the normalisation's buffers
        with torch.no_grad():
            net[0].weight.add_(torch.randn(4, 3))
        average_into(average, net, 0.7)
        for name, value in net.state_dict().items():
            expected[name] = 0.7 * expected[name] + 0.3 * value
    for name, value in average.state_dict().items():
        if value.dtype.is_floating_point:
            assert torch.allclose(value.double(), expected[name], atol=1e-6)
    assert int(average[1].num_batches_tracked) == 5


def test_the_first_steps_are_forgotten_fast() -> None:
    assert decay_at(0, 0.99) == pytest.approx(0.1)
    assert decay_at(10_000, 0.99) == 0.99
