"""``python -m trainer finetune``: stage 2, on human judgments.

``finetune RUN DATA`` is the paper's second stage. ``finetune RUN --all-layers --judgments FILE``
tunes the whole network to one listener, from the answers that the app exports, and writes
``model.onnx`` for the app if it agrees with the listener better than before. RUN may then also be
an exported model file that has its weights (``.pt``) beside it; DATA is needed only for songs
that have moved. With ``--pooled`` the head alone is learned, without audio.
"""

import argparse
from pathlib import Path

import torch

from mecomp_desktop.contracts.training_job import MODEL_FILE
from trainer.commands.common import (
    add_human_options,
    add_machine_options,
    find_checkpoint,
    open_cache,
    prepare_like,
    print_line,
    start_fabric,
)
from trainer.commands.options import add_settings, settings_from
from trainer.config import STAGE_2, DataConfig, StageConfig
from trainer.data.answers import read_answers
from trainer.data.human_triplets import human_triplets
from trainer.data.read import read_music
from trainer.data.songs import find_songs
from trainer.errors import DataError
from trainer.models import build_model
from trainer.personal.all_layers import FineTuningJob, find_start, fine_tune
from trainer.personal.command import add_head_options
from trainer.training.stages import StageJob, run_stage


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = __doc__
    parser.add_argument("run", type=Path, help="the run, or checkpoint, to go on from")
    parser.add_argument("data", type=Path, nargs="?", help="a data folder")
    parser.add_argument(
        "--all-layers",
        action="store_true",
        help="tune the whole network to one listener's answers, and keep it only if it is better",
    )
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
    add_head_options(parser)


def run(args: argparse.Namespace) -> int:
    """Fine-tunes and reports; returns the exit code."""
    if args.all_layers:
        return _run_all_layers(args)
    if args.data is None:
        raise DataError("finetune RUN needs a data folder, or --all-layers and --judgments")
    fabric = start_fabric(args)
    parent = find_checkpoint(args.run)
    stage = settings_from(StageConfig, args, name=STAGE_2.name)
    prepared = prepare_like(parent, args.data, args)
    triplets, source = human_triplets(prepared, args.judgments, args.judgments_count, stage.seed)
    print_line(source)
    torch.manual_seed(stage.seed)
    job = StageJob(
        fabric=fabric,
        model=build_model(parent.model_config) if args.fresh else parent.model(),
        model_config=parent.model_config,
        data_config=DataConfig.from_dict(parent.metadata["data"] | {"folder": str(args.data)}),
        stage=stage,
        prepared=prepared,
        triplets=triplets,
        folder=args.out,
        parent="" if args.fresh else str(args.run),
    )
    run_stage(job, args.resume)
    return 0


def _run_all_layers(args: argparse.Namespace) -> int:
    """Tunes to one listener; the exit code tells whether the model is better."""
    if args.judgments is None:
        raise DataError("--all-layers needs --judgments: the answers that the app exports")
    answers, _ = read_answers(args.judgments)
    music = read_music(args.data).clips if args.data is not None else ()
    clips = find_songs(answers, music)
    songs = {song for answer in answers for song in answer.songs}
    print_line(f"{len(answers)} answers about {len(songs)} songs, of which {len(clips)} were found")
    rate_hz = find_start(args.run).model_config.sample_rate_hz
    task = FineTuningJob(
        start=args.run,
        answers=answers,
        clips=clips,
        stage=settings_from(StageConfig, args, name="all-layers"),
        cache=open_cache(args, rate_hz),
        out=args.out,
        resume=args.resume,
    )
    verdict = fine_tune(task, start_fabric(args))
    print_line(verdict.reason)
    if not verdict.adopted:
        return 1
    print_line(
        f"{args.out / MODEL_FILE}: import it on the quiz page; your library is analysed again"
    )
    return 0
