"""The one training loop: every stage, objective and model goes through it."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
from lightning_fabric import Fabric
from torch import Tensor
from torch.optim.lr_scheduler import ReduceLROnPlateau
from tqdm import tqdm

from trainer.config import ModelConfig, StageConfig
from trainer.data.batches import Batch
from trainer.data.loader import Loader
from trainer.errors import TrainingError
from trainer.models.embedder import Embedder
from trainer.models.synced_norm import synchronise_norms
from trainer.training.checkpoint import BEST, LAST, Checkpoint, load_checkpoint, save_checkpoint
from trainer.training.step import TrainingStep

MEASURED_AT_ONCE = 8  # clips; what is held in memory while measuring


class BatchSource(Protocol):
    """Where the batches of an epoch come from; the same epoch gives the same batches."""

    def training(self, epoch: int) -> Iterable[Batch]:
        """The batches to learn from."""
        ...

    def validation(self) -> Batch:
        """What is measured, as one batch; always the same."""
        ...


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
        score = (record.validation_accuracy, -record.validation_loss)
        if score <= (self.best_accuracy, -self.best_loss):
            return False
        self.best_epoch = record.epoch
        self.best_accuracy, self.best_loss = record.validation_accuracy, record.validation_loss
        return True

    def stale(self) -> int:
        """Epochs since the best one."""
        return len(self.records) - 1 - self.best_epoch


Report = Callable[[EpochRecord], None]


@dataclass(frozen=True, slots=True)
class Run:
    """A stage about to be trained.

    Attributes:
        labels: The number of each genre.
        about: Put into every checkpoint: the whole configuration.
        report: Called after every epoch, for logs.
    """

    fabric: Fabric
    model: Embedder
    model_config: ModelConfig
    stage: StageConfig
    batches: BatchSource
    loader: Loader
    validation_loader: Loader
    labels: dict[str, int]
    folder: Path
    about: dict[str, Any]
    report: Report


def train(run: Run, resume: bool = False) -> History:
    """Trains until early stopping or the last epoch; leaves the best weights in ``run.model``.

    Raises:
        TrainingError: The loss is no number, or the checkpoint to resume from is damaged.
    """
    return _Training(run).go(resume)


class _Training:
    """The moving parts of a run: what has to be kept from one epoch to the next."""

    def __init__(self, run: Run) -> None:
        self.run = run
        stage = run.stage
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
        self.plain_step = step
        self.step, self.optimizer = run.fabric.setup(step, optimizer)
        self.history = History()

    def go(self, resume: bool) -> History:
        if resume and (self.run.folder / LAST).exists():
            self._restore(load_checkpoint(self.run.folder / LAST))
        stage = self.run.stage
        for epoch in range(len(self.history.records), stage.max_epochs):
            if self.history.records and self.history.stale() >= stage.early_stop:
                break
            self._epoch(epoch)
        best = load_checkpoint(self.run.folder / BEST)
        self.run.model.load_state_dict(best.weights)
        return self.history

    def _epoch(self, epoch: int) -> None:
        begun = time.perf_counter()
        loss, accuracy = self._learn(epoch)
        validation_loss, validation_accuracy = self._measure()
        rate = float(self.optimizer.param_groups[0]["lr"])
        self.scheduler.step(validation_loss)
        record = EpochRecord(
            epoch, loss, accuracy, validation_loss, validation_accuracy, rate,
            time.perf_counter() - begun,
        )  # fmt: skip
        best = self.history.add(record)
        if self.run.fabric.is_global_zero:
            self._save(best)
            self.run.report(record)
        self.run.fabric.barrier()

    def _learn(self, epoch: int) -> tuple[float, float]:
        self.step.train()
        if self.run.stage.frozen == "body":
            self.run.model.eval()
            self.run.model.head.train()
        sums = _Mean()
        for index, batch in enumerate(self._bar(self.run.batches.training(epoch), epoch)):
            seed = (self.run.stage.seed, 1 + epoch, index)
            audio = self.run.loader.load(batch.clips, seed)
            self.optimizer.zero_grad()
            loss, accuracy = self.step(self.run.fabric.to_device(audio), *self._targets(batch))
            _check(loss, self.run.stage, epoch, f"batch {index}")
            self.run.fabric.backward(loss)
            self.optimizer.step()
            sums.add(loss, accuracy, len(batch.triplets))
        return sums.result()

    @torch.no_grad()
    def _measure(self) -> tuple[float, float]:
        """Loss and accuracy on held-out triplets; every clip is heard once."""
        self.step.eval()
        batch = self.run.batches.validation()
        pooled = []
        for start in range(0, len(batch.clips), MEASURED_AT_ONCE):
            clips = batch.clips[start : start + MEASURED_AT_ONCE]
            audio = self.run.fabric.to_device(self.run.validation_loader.load(clips, (0,)))
            pooled.append(self.run.model.pool(audio))
        loss, accuracy = self.plain_step.objective(
            torch.cat(pooled), *self._targets(batch), mine=False
        )
        _check(loss, self.run.stage, len(self.history.records), "the validation")
        return float(loss), float(accuracy)

    def _targets(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Triplets and the numbers of the clips' genres, where the model is."""
        labels = torch.tensor([self.run.labels.get(clip.genre, 0) for clip in batch.clips])
        to_device = self.run.fabric.to_device
        return to_device(torch.from_numpy(batch.triplets)), to_device(labels)

    def _bar(self, batches: Iterable[Batch], epoch: int) -> Iterator[Batch]:
        silent = True if not self.run.fabric.is_global_zero else None  # None: on a terminal only
        bar = tqdm(batches, f"{self.run.stage.name} epoch {epoch}", disable=silent, leave=False)
        return iter(bar)

    def _save(self, best: bool) -> None:
        about = self.run.about | {"best_epoch": self.history.best_epoch}
        weights = self.run.model.state_dict()
        training = {
            "step": self.plain_step.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "history": [asdict(record) for record in self.history.records],
            "random": torch.get_rng_state(),
            "mining": self.plain_step.rng.get_state(),
        }
        if best:
            kept = Checkpoint(self.run.model_config, weights, about, {})
            save_checkpoint(self.run.folder / BEST, kept)
        last = Checkpoint(self.run.model_config, weights, about, training)
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


def _check(loss: Tensor, stage: StageConfig, epoch: int, place: str) -> None:
    if not torch.isfinite(loss):
        raise TrainingError(
            f"{stage.name}: the loss is {loss.item()} in epoch {epoch}, {place}; "
            "a smaller learning rate may help"
        )


class _Mean:
    """Loss and accuracy, averaged over triplets."""

    def __init__(self) -> None:
        self.loss = self.accuracy = self.weight = 0.0

    def add(self, loss: Tensor, accuracy: Tensor, weight: int) -> None:
        self.loss += float(loss.detach()) * weight
        self.accuracy += float(accuracy.detach()) * weight
        self.weight += weight

    def result(self) -> tuple[float, float]:
        if self.weight == 0:
            raise TrainingError("there is no triplet to train on or to measure with")
        return self.loss / self.weight, self.accuracy / self.weight
