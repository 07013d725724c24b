"""What training asks of the network: spectra in, embeddings out, and a file to keep it in.

Training goes past the front-end, which has nothing to learn: power spectra come from a library on
disk, and are changed before the network sees them.
"""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from trainer.config import ModelConfig
from trainer.errors import TrainingError
from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral
from trainer.models.mel_power import log_power
from trainer.models.parts import ResidualHead
from trainer.recipes.bundled.mels import MelLibrary
from trainer.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint

_ANCHORED = "statistics_skip"


def embed_power(
    network: AudioEmbeddingSpectral, power: Tensor, half: bool = False
) -> tuple[Tensor, Tensor]:
    """Spectra without padding, ``[batch, frames, bands]``, to ``(embedding, pooled)``.

    With ``half`` the body computes in bfloat16 where that is exact enough; the head never does.
    """
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        # The head is small, and its differences are what distances are made of: in bfloat16, with
        # three digits, neighbours would tie.
        pooled = network.pool_mel(power, no_padding(power)).float()
    return network.project(pooled), pooled


@torch.no_grad()
def centre(network: AudioEmbeddingSpectral, library: MelLibrary, rows: Sequence[int]) -> None:
    """Makes the mean embedding of whole clips the origin; the network in evaluation mode."""
    network.eval()
    clips = [torch.from_numpy(library.whole(row))[None] for row in rows]
    assert isinstance(network.head, ResidualHead)
    network.head.centre_on(torch.cat([embed_power(network, power)[1] for power in clips]))


class TimbrePlaces:
    """Where the statistics of the spectrum alone put music: the network before its training.

    Args:
        network: After its :meth:`~AudioEmbeddingSpectral.standardise`, before its first step;
            its later training changes nothing here.
    """

    def __init__(self, network: AudioEmbeddingSpectral) -> None:
        self._floor = network.log_floor
        # Copies: the network's own are trained on from here.
        self._statistics = copy.deepcopy(network.statistics)
        self._projection = network.statistics_skip.weight.detach().T.clone()

    @torch.no_grad()
    def __call__(self, power: Tensor) -> Tensor:
        """Spectra ``[batch, frames, bands]`` to unit vectors ``[batch, dimension]``."""
        mask = no_padding(power)
        statistics = self._statistics(log_power(power, mask, self._floor), mask)
        return nn.functional.normalize(statistics @ self._projection, dim=1)


def no_padding(power: Tensor) -> Tensor:
    """The mask of spectra that music fills to the end."""
    return torch.ones(power.shape[:2])


@torch.no_grad()
def embed_rows(network: AudioEmbeddingSpectral, library: MelLibrary, rows: Sequence[int]) -> Tensor:
    """Embeds whole clips of a library, ``[rows, dimension]``; the network in evaluation mode."""
    network.eval()
    clips = [torch.from_numpy(library.whole(row))[None] for row in rows]
    return torch.cat([embed_power(network, power)[0] for power in clips])


def anchored(network: AudioEmbeddingSpectral) -> list[nn.Parameter]:
    """The weights that the network sets from data before the first step."""
    return [weight for name, weight in network.named_parameters() if _ANCHORED in name]


def save_network(
    path: Path, config: ModelConfig, network: AudioEmbeddingSpectral, metadata: dict[str, Any]
) -> None:
    """Writes a checkpoint that the trainer's other commands can read."""
    save_checkpoint(path, Checkpoint(config, network.state_dict(), metadata, {}))


def load_network(path: Path) -> AudioEmbeddingSpectral:
    """The opposite of :func:`save_network`, ready to evaluate.

    Raises:
        TrainingError: There is no such checkpoint, or it is of another network.
    """
    network = load_checkpoint(path).model()
    if not isinstance(network, AudioEmbeddingSpectral):
        raise TrainingError(f"{path}: a checkpoint of {type(network).__name__}")
    return network
