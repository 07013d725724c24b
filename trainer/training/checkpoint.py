"""A checkpoint: weights, everything needed to go on, and the configuration it came from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from trainer.config import ModelConfig
from trainer.errors import TrainingError
from trainer.models import build_model
from trainer.models.embedder import Embedder

BEST = "best.pt"
LAST = "last.pt"
# In the file as it has always been: the checkpoint beside the bundled model has to stay readable.
_METADATA_KEY = "about"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a file holds.

    Attributes:
        model_config: The network's configuration.
        weights: Its state.
        metadata: The run's configuration and results, as plain values.
        training: Optimiser, scheduler, random state and history; empty in ``best.pt``.
    """

    model_config: ModelConfig
    weights: dict[str, Any]
    metadata: dict[str, Any]
    training: dict[str, Any]

    def model(self) -> Embedder:
        """Builds the network with these weights, ready to evaluate."""
        model = build_model(self.model_config)
        model.load_state_dict(self.weights)
        return model.eval()


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Writes a checkpoint in one step: an interrupted write leaves the older one."""
    # A run may be killed at any moment, and resumes from what lies here.
    draft = path.with_suffix(".part")
    torch.save(
        {
            "model_config": checkpoint.model_config.to_dict(),
            "weights": checkpoint.weights,
            _METADATA_KEY: checkpoint.metadata,
            "training": checkpoint.training,
        },
        draft,
    )
    draft.replace(path)


def load_checkpoint(path: Path) -> Checkpoint:
    """Reads a checkpoint; no code in it is run.

    Raises:
        TrainingError: It is missing, or is none.
    """
    try:
        # weights_only: a pickle can run code, and checkpoints are passed around beside model files.
        values = torch.load(path, map_location="cpu", weights_only=True)
        config = ModelConfig.from_dict(values["model_config"])
        return Checkpoint(config, values["weights"], values[_METADATA_KEY], values["training"])
    except FileNotFoundError:
        raise TrainingError(f"{path}: there is no such checkpoint") from None
    except Exception as problem:  # torch and pickle raise many kinds on a damaged file
        raise TrainingError(f"{path}: not a checkpoint of this trainer ({problem})") from problem
