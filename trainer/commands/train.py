"""``python -m trainer train DATA``: stage 1, on synthetic triplets."""

import argparse
from pathlib import Path

import torch

from trainer.commands.common import add_machine_options, open_cache, start_fabric
from trainer.config import STAGE_1, DataConfig, ModelConfig, StageConfig
from trainer.data.loader import Loader
from trainer.loop import History, Run, train
from trainer.models import build_model
from trainer.options import add_settings, settings_from
from trainer.prepare import Prepared, prepare
from trainer.run_folder import RunFolder
from trainer.sources import TripletSource



def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("--out", type=Path, default=Path("runs/stage-1"), help="the run's folder")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    add_settings(parser, ModelConfig())
    add_settings(parser, DataConfig(), leave_out=("seed",))
    add_settings(parser, STAGE_1)
    add_machine_options(parser)


def run(args: argparse.Namespace) -> int:
    """Trains and reports; returns the exit code."""
    fabric = start_fabric(args)
    model_config = settings_from(ModelConfig, args)
    data_config = settings_from(DataConfig, args, folder=str(args.data))
    stage = settings_from(StageConfig, args)
    prepared = prepare(data_config, open_cache(args, model_config.sample_rate_hz))
    about = {
        "model": model_config.to_dict(),
        "data": data_config.to_dict(),
        "stage": stage.to_dict(),
        "split": _keys(prepared),
        "skipped": prepared.skipped,
    }
    torch.manual_seed(stage.seed)
    with RunFolder(args.out) as folder:
        folder.write("config.json", about)
        history = train(
            Run(
                fabric=fabric,
                model=build_model(model_config),
                model_config=model_config,
                stage=stage,
                batches=_source(prepared, stage),
                loader=Loader(prepared.cache, stage.clip_s, stage.augment),
                validation_loader=Loader(prepared.cache, stage.clip_s),
                labels=prepared.labels(),
                folder=args.out,
                about=about,
                report=folder.log_epoch,
            ),
            args.resume,
        )
        folder.write("training.json", _summary(history))
    return 0


def _source(prepared: Prepared, stage: StageConfig) -> TripletSource:
    triplets = prepared.triplets
    return TripletSource(
        prepared.clips, triplets.train, triplets.validation, prepared.split.train, stage
    )


def _keys(prepared: Prepared) -> dict[str, list[str]]:
    split = prepared.split
    parts = {"train": split.train, "validation": split.validation, "test": split.test}
    return {part: [clip.key for clip in clips] for part, clips in parts.items()}


def _summary(history: History) -> dict[str, float]:
    return {
        "epochs": len(history.records),
        "best_epoch": history.best_epoch,
        "best_validation_accuracy": history.best_accuracy,
        "best_validation_loss": history.best_loss,
        "seconds": sum(record.seconds for record in history.records),
    }
