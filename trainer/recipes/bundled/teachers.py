"""Several trained networks as one teacher (Hinton, Vinyals and Dean 2015).

Their embeddings side by side, reduced to the student's dimension: networks with different seeds
and recipes err differently, and together they are better than each. The student is given what
they are given and asked for the same place (FitNets' regression, Romero et al. 2015) and the same
similarities within the batch (relational distillation, Park et al. 2019).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from trainer.recipes.bundled.mels import MelLibrary
from trainer.recipes.bundled.network import TimbrePlaces, embed_power, load_network
from trainer.recipes.bundled.recipe import TeachingRecipe
from trainer.training.checkpoint import BEST


class Teachers:
    """What several networks agree on, in a space of the student's dimension.

    Their embeddings side by side are projected on the principal directions of the whole training
    clips.

    Args:
        folders: Of finished trainings.
        library: Where the clips are.
        rows: The clips that decide the directions; those of the student's training.
        dimension: Of the student's embedding.
        timbre: One more teacher, that was never trained, and its weight.
        half: Whether the networks compute in bfloat16.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        library: MelLibrary,
        rows: Sequence[int],
        dimension: int,
        timbre: tuple[TimbrePlaces, float],
        half: bool,
    ) -> None:
        self._half = half
        # Without gradients: a teacher that moved towards its student would teach it nothing.
        self._networks = [load_network(folder / BEST).requires_grad_(False) for folder in folders]
        self._timbre, weight = timbre
        # Distances add up over the teachers side by side, so one more must grow with the root of
        # their number to count the same beside them.
        self._timbre_weight = weight * len(folders) ** 0.5
        clips = [self._side_by_side(torch.from_numpy(library.whole(row))[None]) for row in rows]
        self._middle, self._directions = principal_directions(torch.cat(clips), dimension)

    @torch.no_grad()
    def __call__(self, power: Tensor) -> Tensor:
        """The place of each excerpt: ``[batch, frames, bands]`` to unit ``[batch, dimension]``."""
        placed = (self._side_by_side(power) - self._middle) @ self._directions
        return nn.functional.normalize(placed, dim=1)

    @torch.no_grad()
    def _side_by_side(self, power: Tensor) -> Tensor:
        places = [embed_power(network, power, self._half)[0] for network in self._networks]
        if self._timbre_weight:
            places.append(self._timbre_weight * self._timbre(power))
        return torch.cat(places, 1)


def principal_directions(values: Tensor, dimension: int) -> tuple[Tensor, Tensor]:
    """The mean ``[width]`` and the directions of greatest variance ``[width, dimension]``.

    Each direction points to where the sum of its entries is positive, so that the result does
    not depend on the machine. Where there are too few, the missing ones are zeros.
    """
    from sklearn.decomposition import PCA  # here: importing takes two seconds

    # The full decomposition: the randomised one that scikit-learn takes for large inputs draws from
    # NumPy's global state, and two runs would teach different places.
    pca = PCA(min(dimension, *values.shape), svd_solver="full").fit(values.double().numpy())
    basis = pca.components_.T
    basis = basis * np.where(basis.sum(0) < 0, -1.0, 1.0)
    filled = np.pad(basis, ((0, 0), (0, dimension - basis.shape[1])))
    return torch.from_numpy(pca.mean_).float(), torch.from_numpy(filled).float()


def teaching_losses(embedding: Tensor, taught: Tensor, recipe: TeachingRecipe) -> dict[str, Tensor]:
    """How far the student is from its teachers, each part times its weight.

    Args:
        embedding: The student's, ``[n, dimension]``, of unit length.
        taught: The teachers', the same shape.
        recipe: Weights and temperature.
    """
    losses = {"match": recipe.match_weight * (1.0 - (embedding * taught).sum(1).mean())}
    if recipe.relation_weight:
        # Both as logarithms; kl_div expects its input so, and log_target keeps shares near 0 from
        # becoming −inf.
        own = _neighbourhood(embedding, recipe.relation_temperature)
        wanted = _neighbourhood(taught, recipe.relation_temperature)
        differs = nn.functional.kl_div(own, wanted, reduction="batchmean", log_target=True)
        losses["taught relations"] = recipe.relation_weight * differs
    return losses


def _neighbourhood(embedding: Tensor, temperature: float) -> Tensor:
    """Log-softmax of each row's similarities to all others."""
    similarity = embedding @ embedding.T / temperature
    itself = torch.eye(len(embedding), dtype=torch.bool)
    # Nobody is compared with itself: that similarity is 1 for everyone, and would take most of the
    # softmax.
    return torch.log_softmax(similarity.masked_fill(itself, -1e9), 1)
