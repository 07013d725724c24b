"""How a step moves the weights: learning rate, what decays, and the average that is kept."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import nn

from trainer.recipes.bundled.recipe import TrainingRecipe


def learning_rate(recipe: TrainingRecipe, step: int) -> float:
    """The learning rate of a step: a rise, then a cosine down to a small share of the highest."""
    rise = min(1.0, (step + 1) / max(1, recipe.warm_up_steps))
    fall = 0.5 * (1.0 + math.cos(math.pi * step / recipe.steps))
    return recipe.learning_rate * max(rise * fall, recipe.last_rate_share)


def parameter_groups(
    recipe: TrainingRecipe, weights: Iterable[nn.Parameter], anchored: Sequence[nn.Parameter]
) -> list[dict[str, Any]]:
    """Matrices and kernels, which decay; all else, which does not; and those with an anchor.

    ``share`` of a group is what its learning rate is multiplied by.
    """
    apart = {id(each) for each in anchored}
    # By identity: comparing tensors compares their values.
    free = [each for each in weights if id(each) not in apart]
    return [
        _group([each for each in free if each.ndim > 1], recipe.weight_decay, 1.0),
        # Offsets and scales of normalisations: decay would pull the scales to 0, where a layer
        # passes nothing on.
        _group([each for each in free if each.ndim <= 1], 0.0, 1.0),
        _group(list(anchored), 0.0, recipe.anchored_rate_share),
    ]


def _group(weights: list[nn.Parameter], decay: float, share: float) -> dict[str, Any]:
    return {"params": weights, "weight_decay": decay, "share": share}


@torch.no_grad()
def average_into(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Moves ``average`` towards ``network``, buffers included (Polyak and Juditsky 1992).

    The last steps of a training each lean to the batch they saw; their average does not.

    Args:
        average: A copy of the network.
        network: What it follows.
        decay: The share of itself that it keeps.
    """
    state = network.state_dict()
    for name, mean in average.state_dict().items():
        if mean.dtype.is_floating_point:
            mean.lerp_(state[name], 1.0 - decay)
        else:  # how many batches a normalisation has seen
            mean.copy_(state[name])


def decay_at(step: int, decay: float) -> float:
    """The decay in a step: less in the first ones, whose weights are still nearly random."""
    # A constant decay of 0.995 would still hold a third of the random start after two hundred
    # steps.
    return min(decay, (step + 1) / (step + 10))
