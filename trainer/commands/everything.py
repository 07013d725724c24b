"""``python -m trainer DATA``: everything, from triplets to the model file; resumable."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from trainer.commands.common import (
    add_human_options,
    add_machine_options,
    find_checkpoint,
    open_cache,
    print_line,
    start_fabric,
)
from trainer.commands.compare import class_lines, table_lines
from trainer.commands.export import export_with_card
from trainer.commands.options import settings_from
from trainer.commands.train import add_recipe
from trainer.config import STAGE_1, STAGE_2, DataConfig, ModelConfig, StageConfig
from trainer.data.human_triplets import has_human, human_triplets
from trainer.data.prepare import Prepared, prepare
from trainer.data.triplets import write_triplets
from trainer.evaluation.eval_set import make_eval_set
from trainer.evaluation.evaluate import draw_pictures, evaluate, mfcc_embedder, model_embedder
from trainer.models import build_model
from trainer.training.checkpoint import Checkpoint
from trainer.training.run_folder import RunFolder
from trainer.training.stages import StageJob, check_same, is_finished, run_stage

if TYPE_CHECKING:
    from lightning_fabric import Fabric


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options; they are those of stage 1."""
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("--out", type=Path, default=Path("runs/whole"), help="the run's folder")
    parser.add_argument("--stage-2-epochs", type=int, default=STAGE_2.max_epochs, help="at most")
    parser.add_argument(
        "--stage-2-clip-s",
        type=float,
        default=STAGE_2.clip_s,
        help="seconds a clip (001, III.B)",
    )
    parser.add_argument("--repeats", type=int, default=3, help="excerpts measured (default: 3)")
    add_human_options(parser)
    add_recipe(parser)
    add_machine_options(parser)


def run(args: argparse.Namespace) -> int:
    """Goes through all steps; those done before, in the same folder, are not done again."""
    fabric = start_fabric(args)
    model_config = settings_from(ModelConfig, args)
    data_config = settings_from(DataConfig, args, folder=str(args.data), seed=args.split_seed)
    prepared = prepare(data_config, open_cache(args, model_config.sample_rate_hz))
    for place, trouble in prepared.skipped.items():
        print_line(f"skipped {place}: {trouble}")
    _write_triplets(prepared, args.out)
    # Before the network is built: its random weights are part of the run.
    torch.manual_seed(args.seed)
    first = StageJob(
        fabric=fabric,
        model=build_model(model_config),
        model_config=model_config,
        data_config=data_config,
        stage=settings_from(StageConfig, args, name=STAGE_1.name),
        prepared=prepared,
        triplets=prepared.triplets,
        folder=args.out / "stage-1",
    )
    stages = {"stage 1": _trained(first)}
    if has_human(prepared, args.judgments):
        stages["stage 2"] = _trained(_second(first, args, fabric))
    if fabric.is_global_zero:
        _finish(args, prepared, stages)
    return 0


def _write_triplets(prepared: Prepared, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, triplets in prepared.triplets.by_part().items():
        write_triplets(folder / f"{name}.csv", triplets)


def _second(first: StageJob, args: argparse.Namespace, fabric: "Fabric") -> StageJob:
    stage = replace(
        STAGE_2,
        seed=args.seed,
        max_epochs=args.stage_2_epochs,
        clip_s=args.stage_2_clip_s,
    )
    triplets, source = human_triplets(
        first.prepared, args.judgments, args.judgments_count, args.seed
    )
    print_line(f"human judgments: {source}")
    parent = find_checkpoint(first.folder)
    return replace(
        first,
        fabric=fabric,
        model=parent.model(),
        stage=stage,
        triplets=triplets,
        folder=args.out / "stage-2",
        parent=str(first.folder),
    )


def _trained(job: StageJob) -> Checkpoint:
    check_same(job)
    if is_finished(job.folder):
        print_line(f"{job.stage.name}: done before")
    else:
        run_stage(job, resume=True)
    return find_checkpoint(job.folder)


def _finish(args: argparse.Namespace, prepared: Prepared, stages: dict[str, Checkpoint]) -> None:
    """Evaluates every stage and the baseline, and exports the last one."""
    eval_set = make_eval_set(prepared, args.judgments, args.judgments_count, args.repeats)
    cache, clip_s = prepared.cache, args.clip_s
    results = {"MFCC, 140 values": evaluate(mfcc_embedder(cache, clip_s), eval_set)}
    for name, checkpoint in stages.items():
        results[name] = evaluate(model_embedder(checkpoint.model(), cache, clip_s), eval_set)
    name, last = list(stages.items())[-1]
    draw_pictures(model_embedder(last.model(), cache, clip_s), eval_set, args.out)
    with RunFolder(args.out) as folder:
        folder.write("metrics.json", results)
    print_line("\n".join([*table_lines(results), "", *class_lines(results)]))
    target, architecture = args.out / "similarity.onnx", last.model_config.architecture
    for line in export_with_card(last, target, architecture, {name: results[name]}):
        print_line(line)
