"""A stage's training by epochs: validation, plateau schedule, early stopping, checkpoints.

Every stage, objective and architecture of the papers goes through :func:`train`. An epoch is a
round of the one loop (``training.loop``).
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor
from torch.optim.lr_scheduler import ReduceLROnPlateau
from tqdm import tqdm

from trainer.config import ModelConfig, StageConfig
from trainer.data.batches import Batch
from trainer.data.loader import Loader
from trainer.models.embedder import Embedder
from trainer.models.synced_norm import synchronise_norms
from trainer.training.batch_sources import BatchSource
from trainer.training.checkpoint import BEST, LAST, Checkpoint, load_checkpoint, save_checkpoint
from trainer.training.loop import StepResult, TrainingLoop, check_finite
from trainer.training.step import TrainingStep

if TYPE_CHECKING:
    from lightning_fabric import Fabric

VALIDATION_BATCH_CLIPS = 8  # what is held in memory while measuring


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One row of the history."""

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float


@dataclass(slots=True)
class History:
    """What has happened so far, and which epoch was the best."""

    records: list[EpochRecord] = field(default_factory=list)
    best_epoch: int = -1
    best_accuracy: float = -1.0
    best_loss: float = math.inf

    def add(self, record: EpochRecord) -> bool:
        """Adds an epoch; tells whether it is the best by accuracy, then by loss."""
        self.records.append(record)
        # Accuracy first, as the paper selects; on few validation triplets it ties often, and the
        # loss then tells.
        score = (record.validation_accuracy, -record.validation_loss)
        if score <= (self.best_accuracy, -self.best_loss):
            return False
        self.best_epoch = record.epoch
        self.best_accuracy, self.best_loss = record.validation_accuracy, record.validation_loss
        return True

    def stale(self) -> int:
        """Epochs since the best one."""
        return len(self.records) - 1 - self.best_epoch


EpochCallback = Callable[[EpochRecord], None]


@dataclass(frozen=True, slots=True)
class StageRun:
    """A stage about to be trained.

    Attributes:
        labels: The number of each genre.
        metadata: Put into every checkpoint: the whole configuration.
        on_epoch: Called after every epoch, for logs.
    """

    fabric: "Fabric"
    model: Embedder
    model_config: ModelConfig
    stage: StageConfig
    batches: BatchSource
    loader: Loader
    validation_loader: Loader
    labels: dict[str, int]
    folder: Path
    metadata: dict[str, Any]
    on_epoch: EpochCallback


def train(run: StageRun, resume: bool = False) -> History:
    """Trains until early stopping or the last epoch; leaves the best weights in ``run.model``.

    Raises:
        TrainingError: The loss is no number, or the checkpoint to resume from is damaged.
    """
    return _EpochTraining(run).train(resume)


class _NumberedBatch(NamedTuple):
    """A batch with its place: the seed of its excerpts is made of both numbers."""

    epoch: int
    place: int
    batch: Batch


class _EpochTraining:
    """The moving parts of a stage: what has to be kept from one epoch to the next."""

    def __init__(self, run: StageRun) -> None:
        self.run = run
        stage = run.stage
        # Seeded here as well as where the model is built: dropout has to draw the same in every
        # process, and the same again when a run is repeated in one process after another run.
        torch.manual_seed(stage.seed)
        if run.fabric.world_size > 1:
            synchronise_norms(run.model)
        step = TrainingStep(run.model, stage, len(run.labels))
        if stage.frozen == "body":
            _freeze_body(run.model)
        trained = [parameter for parameter in step.parameters() if parameter.requires_grad]
        optimizer = torch.optim.AdamW(
            trained, lr=stage.learning_rate, weight_decay=stage.weight_decay
        )
        self.scheduler = ReduceLROnPlateau(
            optimizer, factor=stage.plateau_factor, patience=stage.plateau_patience
        )
        # Fabric wraps the step; checkpoints hold the plain one, so that they can be read without
        # Fabric and by another number of processes.
        self.plain_step = step
        self.step, self.optimizer = run.fabric.setup(step, optimizer)
        self.history = History()
        self._epoch_begun = 0.0

    def train(self, resume: bool) -> History:
        if resume and (self.run.folder / LAST).exists():
            self._restore(load_checkpoint(self.run.folder / LAST))
        loop = TrainingLoop(
            name=self.run.stage.name,
            batches=self._batches,
            compute=self._compute,
            optimise=self._optimise,
            after_round=self._finish_epoch,
        )
        if not self._is_stale():  # a run that had stopped early is not trained on by resuming it
            loop.run(len(self.history.records), self.run.stage.max_epochs)
        best = load_checkpoint(self.run.folder / BEST)
        self.run.model.load_state_dict(best.weights)
        return self.history

    def _is_stale(self) -> bool:
        return bool(self.history.records) and self.history.stale() >= self.run.stage.early_stop

    def _batches(self, epoch: int) -> Iterator[_NumberedBatch]:
        self._epoch_begun = time.perf_counter()
        self._set_training_mode()
        silent = True if not self.run.fabric.is_global_zero else None  # None: on a terminal only
        title = f"{self.run.stage.name} epoch {epoch}"
        bar = tqdm(self.run.batches.training(epoch), title, disable=silent, leave=False)
        for index, batch in enumerate(bar):
            yield _NumberedBatch(epoch, index, batch)

    def _set_training_mode(self) -> None:
        self.step.train()
        if self.run.stage.frozen == "body":
            # In training mode its normalisations would go on moving their running statistics:
            # the body would change although none of its parameters does.
            self.run.model.eval()
            self.run.model.head.train()

    def _compute(self, numbered: _NumberedBatch) -> StepResult:
        epoch, index, batch = numbered
        audio = self.run.loader.load(batch.clips, (self.run.stage.seed, 1 + epoch, index))
        loss, accuracy = self.step(self.run.fabric.to_device(audio), *self._targets(batch))
        place = f"epoch {epoch}, batch {index}"
        figures = {"loss": loss, "accuracy": accuracy}
        return StepResult(loss, place, figures, weight=len(batch.triplets))

    def _optimise(self, loss: Tensor) -> None:
        self.run.fabric.backward(loss)
        self.optimizer.step()
        # Now rather than before the next backward pass: the next forward pass needs the memory.
        self.optimizer.zero_grad()

    def _finish_epoch(self, epoch: int, means: dict[str, float]) -> bool:
        """Validates, moves the schedule, saves and reports; tells whether to go on."""
        validation_loss, validation_accuracy = self._measure()
        rate = float(self.optimizer.param_groups[0]["lr"])
        self.scheduler.step(validation_loss)
        record = EpochRecord(
            epoch=epoch,
            train_loss=means["loss"],
            train_accuracy=means["accuracy"],
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            learning_rate=rate,
            seconds=time.perf_counter() - self._epoch_begun,
        )
        is_best = self.history.add(record)
        if self.run.fabric.is_global_zero:
            self._save(is_best)
            self.run.on_epoch(record)
        # The other processes read ``best.pt`` at the end: not before it is written.
        self.run.fabric.barrier()
        return not self._is_stale()

    @torch.no_grad()
    def _measure(self) -> tuple[float, float]:
        """Loss and accuracy on held-out triplets; every clip is embedded once."""
        self.step.eval()
        batch = self.run.batches.validation()
        pooled = []
        for start in range(0, len(batch.clips), VALIDATION_BATCH_CLIPS):
            clips = batch.clips[start : start + VALIDATION_BATCH_CLIPS]
            audio = self.run.fabric.to_device(self.run.validation_loader.load(clips, (0,)))
            pooled.append(self.run.model.pool(audio))
        loss, accuracy = self.plain_step.objective(
            torch.cat(pooled), *self._targets(batch), mine=False
        )
        place = f"epoch {len(self.history.records)}, the validation"
        check_finite(self.run.stage.name, loss, place)
        return float(loss), float(accuracy)

    def _targets(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Triplets and the numbers of the clips' genres, where the model is."""
        labels = torch.tensor([self.run.labels.get(clip.genre, 0) for clip in batch.clips])
        to_device = self.run.fabric.to_device
        return to_device(torch.from_numpy(batch.triplets)), to_device(labels)

    def _save(self, is_best: bool) -> None:
        metadata = self.run.metadata | {"best_epoch": self.history.best_epoch}
        weights = self.run.model.state_dict()
        # Everything that decides the next step. Without the two random states a resumed run would
        # drop out and mine other triplets, and end at other weights.
        training = {
            "step": self.plain_step.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "history": [asdict(record) for record in self.history.records],
            "random": torch.get_rng_state(),
            "mining": self.plain_step.rng.get_state(),
        }
        if is_best:
            best = Checkpoint(self.run.model_config, weights, metadata, {})
            save_checkpoint(self.run.folder / BEST, best)
        last = Checkpoint(self.run.model_config, weights, metadata, training)
        save_checkpoint(self.run.folder / LAST, last)

    def _restore(self, checkpoint: Checkpoint) -> None:
        state = checkpoint.training
        self.plain_step.load_state_dict(state["step"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scheduler.load_state_dict(state["scheduler"])
        torch.set_rng_state(state["random"])
        self.plain_step.rng.set_state(state["mining"])
        for record in state["history"]:
            self.history.add(EpochRecord(**record))


def _freeze_body(model: Embedder) -> None:
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name.startswith("head.")
