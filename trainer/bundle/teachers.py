"""Several trained networks as one teacher (Hinton, Vinyals and Dean 2015).

Their embeddings side by side, reduced to the student's dimension: networks with different seeds
and recipes err differently, and together they are better than each. The student hears what they
hear and is asked for the same place (FitNets' regression, Romero et al. 2015) and the same
similarities within the batch (relational distillation, Park et al. 2019).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from trainer.bundle.mels import MelLibrary
from trainer.bundle.network import embed_power, embed_rows, load_network
from trainer.bundle.recipe import TeachingRecipe
from trainer.checkpoint import BEST


class Teachers:
    """What several networks agree on, in a space of the student's dimension.

    The directions of that space are the principal ones of the teachers' embeddings of the whole
    training clips. They are taken about the origin: unit vectors stay nearly of unit length, and
    the similarity of two is nearly the average over the teachers.

    Args:
        folders: Of finished trainings.
        library: Where the clips are.
        rows: The clips that decide the directions; those of the student's training.
        dimension: Of the student's embedding.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        library: MelLibrary,
        rows: Sequence[int],
        dimension: int,
    ) -> None:
        self._networks = [load_network(folder / BEST).requires_grad_(False) for folder in folders]
        whole = torch.cat([embed_rows(each, library, rows) for each in self._networks], 1)
        self._basis = principal_directions(whole, dimension)

    @torch.no_grad()
    def __call__(self, power: Tensor) -> Tensor:
        """The place of each excerpt: ``[batch, frames, bands]`` to unit ``[batch, dimension]``."""
        together = torch.cat([embed_power(network, power)[0] for network in self._networks], 1)
        return nn.functional.normalize(together @ self._basis, dim=1)


def principal_directions(values: Tensor, dimension: int) -> Tensor:
    """The orthonormal directions that keep most of the squared length, ``[width, dimension]``.

    Each points to where the sum of its entries is positive, so that the result is the same on
    every machine. Where ``values`` has too few, the missing ones are zeros.
    """
    exact = values.double().numpy()
    basis = np.linalg.svd(exact.T @ exact)[0][:, :dimension]
    basis = basis * np.where(basis.sum(0) < 0, -1.0, 1.0)
    missing = max(0, dimension - basis.shape[1])
    return torch.from_numpy(np.pad(basis, ((0, 0), (0, missing)))).float()


def teaching_losses(embedding: Tensor, taught: Tensor, recipe: TeachingRecipe) -> dict[str, Tensor]:
    """How far the student is from its teachers, each part times its weight.

    Args:
        embedding: The student's, ``[n, dimension]``, of unit length.
        taught: The teachers', the same shape.
        recipe: Weights and temperature.
    """
    apart = 1.0 - (embedding * taught).sum(1).mean()
    own = _neighbourhood(embedding, recipe.relation_temperature)
    wanted = _neighbourhood(taught, recipe.relation_temperature)
    differs = nn.functional.kl_div(own, wanted, reduction="batchmean", log_target=True)
    return {
        "match": recipe.match_weight * apart,
        "taught relations": recipe.relation_weight * differs,
    }


def _neighbourhood(embedding: Tensor, temperature: float) -> Tensor:
    """Log-softmax of each row's similarities to all others."""
    similarity = embedding @ embedding.T / temperature
    itself = torch.eye(len(embedding), dtype=torch.bool)
    return torch.log_softmax(similarity.masked_fill(itself, -1e9), 1)
