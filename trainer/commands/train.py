"""``python -m trainer train DATA``: stage 1, on synthetic triplets or by cross-entropy."""

import argparse
from pathlib import Path

import torch

from trainer.commands.common import add_machine_options, find_checkpoint, open_cache, start_fabric
from trainer.commands.options import add_settings, settings_from
from trainer.config import STAGE_1, DataConfig, ModelConfig, StageConfig
from trainer.data.prepare import prepare
from trainer.models import build_model
from trainer.training.stages import StageJob, run_stage


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("--out", type=Path, default=Path("runs/stage-1"), help="the run's folder")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--init", type=Path, help="start from this run's weights, as after cross-entropy (002, 2.4)"
    )
    add_recipe(parser)
    add_machine_options(parser)


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Adds every setting of network, data and stage 1."""
    add_settings(parser, ModelConfig())
    parser.add_argument("--split-seed", type=int, default=0, help="of split and triplets")
    add_settings(parser, DataConfig(), leave_out=("seed",))
    add_settings(parser, STAGE_1)


def run(args: argparse.Namespace) -> int:
    """Trains and reports; returns the exit code."""
    fabric = start_fabric(args)
    data_config = settings_from(DataConfig, args, folder=str(args.data), seed=args.split_seed)
    stage = settings_from(StageConfig, args)
    torch.manual_seed(stage.seed)
    if args.init:
        parent = find_checkpoint(args.init)
        model, model_config = parent.model(), parent.model_config
    else:
        model_config = settings_from(ModelConfig, args)
        model = build_model(model_config)
    prepared = prepare(data_config, open_cache(args, model_config.sample_rate_hz))
    job = StageJob(
        fabric=fabric,
        model=model,
        model_config=model_config,
        data_config=data_config,
        stage=stage,
        prepared=prepared,
        triplets=prepared.triplets,
        folder=args.out,
        parent=str(args.init or ""),
    )
    run_stage(job, args.resume)
    return 0
