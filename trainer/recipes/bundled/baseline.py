"""AudioEmbeddingTiny trained on the artists of one fold, as a job like any other.

It is the paper's stage 1 by the trainer's own code, see
:class:`trainer.recipes.bundled.recipe.BaselineRecipe` for what is shortened.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from trainer.config import DataConfig, ModelConfig, StageConfig
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip, MusicSet
from trainer.data.prepare import Prepared, TripletSplit
from trainer.data.splits import Split
from trainer.data.triplets import TripletMaker
from trainer.models import build_model
from trainer.models.embedder import Embedder
from trainer.recipes.bundled.labels import make_folds, make_labels
from trainer.recipes.bundled.recipe import BaselineRecipe
from trainer.training.checkpoint import BEST, load_checkpoint
from trainer.training.loop import ProgressCallback
from trainer.training.stages import StageJob, is_finished, run_stage

_VALIDATION_TRIPLETS = 792  # as many as the paper has


@dataclass(frozen=True, slots=True)
class TinyFit:
    """A training of AudioEmbeddingTiny; see :class:`trainer.recipes.parallel.Task`.

    Attributes:
        clips: What it may learn from; those without a genre teach it nothing.
        cache: Where decoded audio lies, at ``sample_rate_hz``.
    """

    name: str
    folder: Path
    clips: tuple[Clip, ...]
    cache: Path
    recipe: BaselineRecipe
    seed: int
    model: ModelConfig = field(default_factory=ModelConfig)

    @property
    def steps(self) -> int:
        """How long it is, in steps of :class:`trainer.recipes.bundled.fit.Fit`; one takes five."""
        return 5 * self.recipe.epochs * max(1, self.recipe.triplets // self.recipe.batch_triplets)

    def is_finished(self) -> bool:
        """Whether its folder holds the result."""
        return is_finished(self.folder)

    def run(self, on_progress: ProgressCallback) -> None:
        """Trains, or goes on training.

        Raises:
            DataError: There are too few artists.
            TrainingError: The loss is no number, or the folder holds another training.
        """
        torch.manual_seed(self.seed)
        # The steps are told at the end, all at once: a stage of epochs has its own display of
        # progress.
        run_stage(self._job(), resume=True)
        on_progress(self.steps)

    def network(self) -> Embedder:
        """The result, ready to evaluate.

        Raises:
            TrainingError: It is not there yet.
        """
        return load_checkpoint(self.folder / BEST).model()

    def _job(self) -> StageJob:
        recipe = self.recipe
        stage = StageConfig(
            clip_s=recipe.clip_s,
            batch_triplets=recipe.batch_triplets,
            pool_clips=recipe.pool_clips,
            augment=("excerpt",),
            max_epochs=recipe.epochs,
            early_stop=recipe.epochs,
            seed=self.seed,
        )
        # Here, as in `trainer.commands.common`: it takes seconds to import.
        from lightning_fabric import Fabric

        prepared = self._prepared()
        return StageJob(
            fabric=Fabric(accelerator="cpu", devices=1),
            model=build_model(self.model),
            model_config=self.model,
            data_config=DataConfig(triplets=recipe.triplets, seed=self.seed),
            stage=stage,
            prepared=prepared,
            triplets=prepared.triplets,
            folder=self.folder,
        )

    def _prepared(self) -> Prepared:
        """The clips with a genre, one part of their artists kept to choose the best epoch by."""
        clips = tuple(clip for clip in self.clips if clip.genre)
        parts = max(2, round(1 / self.recipe.validation_share))
        fold = make_folds(make_labels(clips, {}), parts, self.seed)
        train, validation = (
            tuple(clips[row] for row in np.flatnonzero(chosen)) for chosen in (fold > 0, fold == 0)
        )
        genre = {"genre": 1.0}
        triplets = TripletSplit(
            train=TripletMaker(train).draw(self.recipe.triplets, genre, self.seed),
            validation=TripletMaker(validation).draw(_VALIDATION_TRIPLETS, genre, self.seed + 1),
            test=[],
        )
        return Prepared(
            music=MusicSet("fold", clips),
            cache=AudioCache(self.cache, self.model.sample_rate_hz),
            clips={clip.key: clip for clip in clips},
            split=Split(train, validation, ()),
            triplets=triplets,
            skipped={},
        )
