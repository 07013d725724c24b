"""``python -m trainer finetune RUN DATA``: stage 2, on human judgments."""

import argparse
from pathlib import Path

import torch

from trainer.commands.common import (
    add_human_options,
    add_machine_options,
    find_checkpoint,
    prepare_like,
    say,
    start_fabric,
)
from trainer.config import STAGE_2, DataConfig, StageConfig
from trainer.human import human_triplets
from trainer.models import build_model
from trainer.options import add_settings, settings_from
from trainer.stages import StageJob, run_stage


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("run", type=Path, help="the run, or checkpoint, to go on from")
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("--out", type=Path, default=Path("runs/stage-2"), help="the run's folder")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="start from new weights: the paper's training on human data alone (001, III.C)",
    )
    add_human_options(parser)
    add_settings(parser, STAGE_2)
    add_machine_options(parser)


def run(args: argparse.Namespace) -> int:
    """Fine-tunes and reports; returns the exit code."""
    fabric = start_fabric(args)
    parent = find_checkpoint(args.run)
    stage = settings_from(StageConfig, args, name=STAGE_2.name)
    prepared = prepare_like(parent, args.data, args)
    triplets, source = human_triplets(prepared, args.judgments, args.judgments_count, stage.seed)
    say(source)
    torch.manual_seed(stage.seed)
    job = StageJob(
        fabric=fabric,
        model=build_model(parent.model_config) if args.fresh else parent.model(),
        model_config=parent.model_config,
        data_config=DataConfig.from_dict(parent.about["data"] | {"folder": str(args.data)}),
        stage=stage,
        prepared=prepared,
        triplets=triplets,
        folder=args.out,
        parent="" if args.fresh else str(args.run),
    )
    run_stage(job, args.resume)
    return 0
