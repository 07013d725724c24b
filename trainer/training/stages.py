"""A stage from prepared data to a finished run folder; the commands are thin around it."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.config import DataConfig, ModelConfig, StageConfig
from trainer.data.loader import Loader
from trainer.data.prepare import Prepared, TripletSplit
from trainer.errors import TrainingError
from trainer.evaluation.plots import plot_curves
from trainer.models.embedder import Embedder
from trainer.training.batch_sources import TripletSource
from trainer.training.checkpoint import BEST
from trainer.training.epochs import History, StageRun, train
from trainer.training.run_folder import RunFolder

if TYPE_CHECKING:
    from lightning_fabric import Fabric

# A run may be moved, and made longer or shorter.
CHANGEABLE_SETTINGS = frozenset({"folder", "max_epochs", "early_stop"})
STANDARDISING_CLIPS = 64  # they tell a new network the scale of its inputs


@dataclass(frozen=True, slots=True)
class StageJob:
    """Everything a stage needs.

    Attributes:
        triplets: What it learns from; by genre in stage 1, by people in stage 2.
        parent: The run it goes on from, if any; recorded in the checkpoint.
    """

    fabric: "Fabric"
    model: Embedder
    model_config: ModelConfig
    data_config: DataConfig
    stage: StageConfig
    prepared: Prepared
    triplets: TripletSplit
    folder: Path
    parent: str = ""


def run_stage(job: StageJob, resume: bool) -> History:
    """Trains one stage; leaves config, history, curves and checkpoints in its folder.

    The model ends with the best weights.

    Raises:
        TrainingError: See :func:`trainer.training.epochs.train`.
    """
    metadata = describe(job)
    with RunFolder(job.folder) as folder:
        if resume:
            check_same(job)
        else:
            folder.clear()
        folder.write("config.json", metadata)
        stage, cache = job.stage, job.prepared.cache
        # A network that goes on from another has its scales already; measuring them again would
        # move the inputs under weights that were trained for the old ones.
        if not job.parent:
            # Training clips alone: a scale taken from the test clips would tell the network about
            # them.
            clips = job.prepared.split.train[:STANDARDISING_CLIPS]
            job.model.standardise_to(Loader(cache, stage.clip_s).load(clips, (0,)))
        history = train(
            StageRun(
                fabric=job.fabric,
                model=job.model,
                model_config=job.model_config,
                stage=stage,
                batches=_source(job),
                loader=Loader(cache, stage.clip_s, stage.augment),
                validation_loader=Loader(cache, stage.clip_s),
                labels=job.prepared.labels(),
                folder=job.folder,
                metadata=metadata,
                on_epoch=folder.log_epoch,
            ),
            resume,
        )
        if job.fabric.is_global_zero:
            folder.write("training.json", summary(history))
            records = [asdict(record) for record in history.records]
            plot_curves(records, job.folder / "curves.png", stage.name)
    return history


def check_same(job: StageJob) -> None:
    """Makes sure that a run in this folder, if there is one, was started with these settings.

    Raises:
        TrainingError: It was not; going on would mix two runs.
    """
    path = job.folder / "config.json"
    if not path.is_file():
        return
    before = json.loads(path.read_text("utf-8"))
    for part, settings in (
        ("model", job.model_config),
        ("data", job.data_config),
        ("stage", job.stage),
    ):
        # What a run of an older version could not set yet had what is now its default.
        old = type(settings).from_dict(before[part]).to_dict()
        changed = [
            f"{name} {old[name]} → {value}"
            for name, value in settings.to_dict().items()
            if old[name] != value and name not in CHANGEABLE_SETTINGS
        ]
        if changed:
            raise TrainingError(
                f"{job.folder} holds a run with other settings ({', '.join(changed)}); "
                "choose another folder"
            )


def is_finished(folder: Path) -> bool:
    """Whether a stage has come to its end in this folder."""
    return (folder / "training.json").is_file() and (folder / BEST).is_file()


def describe(job: StageJob) -> dict[str, Any]:
    """The whole configuration of a stage, as plain values."""
    split = job.prepared.split
    parts = {"train": split.train, "validation": split.validation, "test": split.test}
    return {
        "model": job.model_config.to_dict(),
        "data": job.data_config.to_dict(),
        "stage": job.stage.to_dict(),
        "parent": job.parent,
        "processes": job.fabric.world_size,
        "triplets": {part: len(each) for part, each in job.triplets.by_part().items()},
        "split": {part: [clip.key for clip in clips] for part, clips in parts.items()},
        "skipped": job.prepared.skipped,
    }


def summary(history: History) -> dict[str, float]:
    """What a history comes to."""
    return {
        "epochs": len(history.records),
        "best_epoch": history.best_epoch,
        "best_validation_accuracy": history.best_accuracy,
        "best_validation_loss": history.best_loss,
        "seconds": sum(record.seconds for record in history.records),
    }


def _source(job: StageJob) -> TripletSource:
    stage = job.stage
    # Mining and cross-entropy choose within a batch by genre, so a batch has to hold several clips
    # of each: from the list of triplets there might be none.
    if stage.pool_clips == 0 and (stage.mining != "given" or stage.objective != "triplet"):
        stage = replace(stage, pool_clips=stage.batch_triplets)
    return TripletSource(
        job.prepared.clips,
        job.triplets.train,
        job.triplets.validation,
        job.prepared.split.train,
        stage,
    )
