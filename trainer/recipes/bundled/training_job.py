"""What one training of the bundled model's network is: a job that any process can do.

Its folder holds what it is (``fit.json``), the state to go on from (``last.pt``), the curves
(``history.jsonl``, ``curves.png``, TensorBoard events) and in the end the network (``best.pt``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.data.clip import Clip
from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral
from trainer.recipes.bundled.labels import Labels
from trainer.recipes.bundled.network import load_network
from trainer.recipes.bundled.recipe import TrainingRecipe
from trainer.training.checkpoint import BEST


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Clips that a training never sees, and what is known about them.

    Attributes:
        rows: In the library.
        clips: The same ones.
        emotions: By clip key.
    """

    rows: tuple[int, ...]
    clips: tuple[Clip, ...]
    emotions: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """A training to be done, here or in another process.

    Attributes:
        name: Shown while it runs.
        folder: Where it leaves its checkpoints and curves.
        library: The folder of the spectra.
        labels: Of the library's clips.
        rows: The clips to learn from.
        recipe: How.
        seed: The recipe's own is added to it.
        held_out: Measured now and then for the curves; decides nothing.
        teachers: Folders of finished trainings to learn from.
    """

    name: str
    folder: Path
    library: Path
    labels: Labels
    rows: tuple[int, ...]
    recipe: TrainingRecipe
    seed: int
    held_out: HeldOut | None = None
    teachers: tuple[Path, ...] = ()

    @property
    def steps(self) -> int:
        """How long it is."""
        return self.recipe.steps

    def is_finished(self) -> bool:
        """Whether its folder holds the result."""
        return (self.folder / BEST).is_file()

    def network(self) -> AudioEmbeddingSpectral:
        """The result: the average of the weights.

        Raises:
            TrainingError: It is not there yet.
        """
        return load_network(self.folder / BEST)

    def metadata(self) -> dict[str, Any]:
        """What it is, as plain values: goes into its checkpoint and its ``fit.json``."""
        return {
            "recipe": self.recipe.to_dict(),
            "seed": self.seed,
            "rows": list(self.rows),
            "teachers": [folder.name for folder in self.teachers],
        }
