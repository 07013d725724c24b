"""The training loop: resuming, stopping, what a checkpoint carries, several processes."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from trainer.cli import main
from trainer.config import DataConfig, ModelConfig, StageConfig
from trainer.data.cache import AudioCache
from trainer.data.loader import Loader
from trainer.data.prepare import Prepared
from trainer.errors import TrainingError
from trainer.models import build_model
from trainer.models.audio_embedding_tiny import AudioEmbeddingTiny
from trainer.models.embedder import Embedder
from trainer.training.checkpoint import BEST, LAST, load_checkpoint
from trainer.training.epochs import EpochRecord, History
from trainer.training.stages import StageJob, run_stage

SMALL = ModelConfig(hidden=16, dimension=8)
STAGE = StageConfig(clip_s=0.5, pool_clips=8, batch_triplets=20, max_epochs=3, augment=("excerpt",))


def job(
    prepared: Prepared,
    data_config: DataConfig,
    folder: Path,
    stage: StageConfig = STAGE,
    model: Embedder | None = None,
) -> StageJob:
    torch.manual_seed(stage.seed)
    return StageJob(
        fabric=Fabric(accelerator="cpu", devices=1),
        model=model or build_model(SMALL),
        model_config=SMALL,
        data_config=data_config,
        stage=stage,
        prepared=prepared,
        triplets=prepared.triplets,
        folder=folder,
    )


def losses(history: History) -> list[tuple[float, float]]:
    return [(record.train_loss, record.validation_loss) for record in history.records]


@pytest.mark.slow
def test_learns_and_leaves_its_traces(
    prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    stage = replace(STAGE, max_epochs=6)
    history = run_stage(job(prepared, data_config, tmp_path, stage), resume=False)
    assert history.records[-1].train_loss < history.records[0].train_loss
    assert history.best_accuracy > 0.7
    names = {path.name for path in tmp_path.iterdir()}
    assert names >= {"config.json", "training.json", "history.jsonl", "curves.png", BEST, LAST}
    assert list((tmp_path / "tensorboard").iterdir())
    lines = (tmp_path / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == list(range(6))


@pytest.mark.slow
def test_resuming_ends_at_the_same_result(
    prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    straight = job(prepared, data_config, tmp_path / "straight")
    expected = run_stage(straight, resume=False)
    short = replace(STAGE, max_epochs=1)
    run_stage(job(prepared, data_config, tmp_path / "halves", short), resume=False)
    resumed = job(prepared, data_config, tmp_path / "halves")
    assert losses(run_stage(resumed, resume=True)) == losses(expected)
    assert resumed.model.body_hash() == straight.model.body_hash()
    assert resumed.model.head_hash() == straight.model.head_hash()


def test_resuming_with_other_settings_is_refused(
    prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    short = replace(STAGE, max_epochs=1)
    run_stage(job(prepared, data_config, tmp_path, short), resume=False)
    changed = job(prepared, data_config, tmp_path, replace(STAGE, margin=0.5))
    with pytest.raises(TrainingError, match=r"other settings \(margin 0\.2 → 0\.5\)"):
        run_stage(changed, resume=True)


def test_a_checkpoint_carries_its_configuration(
    prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    trained = job(prepared, data_config, tmp_path, replace(STAGE, max_epochs=1))
    run_stage(trained, resume=False)
    checkpoint = load_checkpoint(tmp_path / BEST)
    assert checkpoint.model_config == SMALL
    assert StageConfig.from_dict(checkpoint.metadata["stage"]) == replace(STAGE, max_epochs=1)
    assert DataConfig.from_dict(checkpoint.metadata["data"]) == data_config
    audio = torch.randn(2, 9_000)
    with torch.no_grad():
        ours, theirs = trained.model.eval()(audio)[0], checkpoint.model()(audio)[0]
    assert torch.equal(ours, theirs)


def test_a_damaged_checkpoint_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / BEST
    path.write_bytes(b"PK\x03\x04 not a checkpoint")
    with pytest.raises(TrainingError, match="not a checkpoint"):
        load_checkpoint(path)
    with pytest.raises(TrainingError, match="no such checkpoint"):
        load_checkpoint(tmp_path / "none.pt")


class Sick(Embedder):
    """A model whose output is no number."""

    def __init__(self) -> None:
        super().__init__()
        self.pooled_width = self.dimension = 4
        self.head = torch.nn.Linear(4, 4)

    def pool(self, audio: torch.Tensor) -> torch.Tensor:
        return audio[:, :4] * torch.nan


def test_a_loss_that_is_no_number_stops_the_run(
    prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    sick = job(prepared, data_config, tmp_path, model=Sick())
    with pytest.raises(TrainingError, match="the loss is nan in epoch 0, batch 0"):
        run_stage(sick, resume=False)


class SickInMeasuring(AudioEmbeddingTiny):
    """A model whose output is no number once it does not learn."""

    def pool(self, audio: torch.Tensor) -> torch.Tensor:
        return super().pool(audio) * (1.0 if self.training else torch.nan)


def test_a_validation_that_is_no_number_stops_the_run(
    prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    sick = job(prepared, data_config, tmp_path, model=SickInMeasuring(ModelConfig()))
    with pytest.raises(TrainingError, match="the loss is nan in epoch 0, the validation"):
        run_stage(sick, resume=False)


def test_mixed_precision_goes_through_the_loop(music: Path, tmp_path: Path) -> None:
    options = "--device cpu --precision bf16-mixed --clip-s 0.5 --pool-clips 8 --batch-triplets 20"
    command = ["train", str(music), f"--cache={tmp_path / 'cache'}", f"--out={tmp_path / 'run'}"]
    sizes = [
        "--triplets",
        "60",
        "--max-epochs",
        "1",
        "--hidden",
        "16",
        "--clip-shares",
        "0.5",
        "0.25",
        "0.25",
    ]
    assert main([*command, *options.split(" "), *sizes]) == 0
    weights = load_checkpoint(tmp_path / "run" / BEST).weights
    assert all(w.dtype != torch.bfloat16 for w in weights.values())


def test_a_frozen_body_stays_as_it_is(
    prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    frozen = job(prepared, data_config, tmp_path, replace(STAGE, frozen="body", max_epochs=1))
    body, head = frozen.model.body_hash(), frozen.model.head_hash()
    run_stage(frozen, resume=False)
    assert frozen.model.body_hash() == body
    assert frozen.model.head_hash() != head


@pytest.mark.parametrize(
    "change",
    [
        {"mining": "random"},
        {"mining": "semi-hard"},
        {"mining": "custom"},
        {"mining": "hard"},
        {"objective": "cross-entropy"},
        {"pool_clips": 0, "batch_triplets": 4},
    ],
    ids=str,
)
def test_every_objective_goes_through_the_loop(
    change: dict[str, Any], prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    stage = StageConfig.from_dict(STAGE.to_dict() | {"max_epochs": 1} | change)
    trained = job(prepared, data_config, tmp_path, stage)
    before = trained.model.body_hash()
    history = run_stage(trained, resume=False)
    assert np.isfinite(history.records[0].train_loss)
    assert trained.model.body_hash() != before


def test_early_stopping_counts_from_the_best() -> None:
    history = History()
    for epoch, accuracy in enumerate([0.5, 0.7, 0.6, 0.7]):
        history.add(EpochRecord(epoch, 1.0, 0.5, 1.0, accuracy, 1e-3, 1.0))
    assert (history.best_epoch, history.stale()) == (1, 2)


def test_augmented_clips_depend_on_the_seed_alone(prepared: Prepared, cache: AudioCache) -> None:
    names = ("excerpt", "gain", "equaliser", "noise", "pitch-shift", "time-stretch")
    loader = Loader(cache, 0.5, names)
    clips = list(prepared.split.train[:2])
    first = loader.load(clips, (1, 2))
    assert torch.equal(first, loader.load(clips, (1, 2)))
    assert not torch.equal(first, loader.load(clips, (1, 3)))
    assert first.abs().max() <= 1.0


@pytest.mark.nightly
@pytest.mark.slow
def test_two_processes_learn_what_one_learns(music: Path, tmp_path: Path) -> None:
    options = (
        "--device cpu --threads 1 --clip-s 0.5 --pool-clips 8 --batch-triplets 40 --triplets 300 "
        "--max-epochs 2 --hidden 16 --clip-shares 0.5 0.25 0.25"
    )
    command = ["train", str(music), "--cache", str(tmp_path / "cache"), *options.split(" ")]
    assert main([*command, "--out", str(tmp_path / "one")]) == 0
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    done = subprocess.run(
        [*torchrun, "--nproc-per-node=2", "-m", "trainer", *command, f"--out={tmp_path / 'two'}"],
        capture_output=True,
        text=True,
        timeout=150,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    config = json.loads((tmp_path / "two" / "config.json").read_text())
    assert config["processes"] == 2
    alone, shared = (_curve(tmp_path / name / "history.jsonl") for name in ("one", "two"))
    assert len(shared) == 2
    assert np.allclose(alone, shared, atol=1e-3)


def _curve(path: Path) -> list[tuple[float, float]]:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    return [(record["train_loss"], record["validation_loss"]) for record in records]
