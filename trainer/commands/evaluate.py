"""``python -m trainer evaluate RUN DATA``: measure a run on unseen artists."""

import argparse
from pathlib import Path

from trainer.commands.common import (
    add_human_options,
    add_machine_options,
    find_checkpoint,
    prepare_like,
    prepare_machine,
    print_line,
)
from trainer.evaluation.eval_set import make_eval_set
from trainer.evaluation.evaluate import draw_pictures, evaluate, model_embedder, report_lines
from trainer.training.run_folder import RunFolder


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("run", type=Path, help="the run, or checkpoint, to measure")
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("--out", type=Path, help="where results go (default: the run's folder)")
    parser.add_argument("--clip-s", type=float, default=29.0, help="seconds a clip (default: 29)")
    parser.add_argument("--repeats", type=int, default=3, help="excerpts (default: 3; 002 has 30)")
    parser.add_argument("--no-pictures", action="store_true")
    add_human_options(parser)
    add_machine_options(parser)


def run(args: argparse.Namespace) -> int:
    """Prints the results and writes ``metrics.json`` and pictures."""
    prepare_machine(args)
    checkpoint = find_checkpoint(args.run)
    prepared = prepare_like(checkpoint, args.data, args)
    eval_set = make_eval_set(prepared, args.judgments, args.judgments_count, args.repeats)
    embed = model_embedder(checkpoint.model(), prepared.cache, args.clip_s)
    results = evaluate(embed, eval_set)
    results["split"] = checkpoint.metadata["data"]["split"]
    out = args.out or (args.run if args.run.is_dir() else args.run.parent)
    with RunFolder(out) as folder:
        folder.write("metrics.json", results)
    if not args.no_pictures:
        draw_pictures(embed, eval_set, out)
    for line in report_lines(results):
        print_line(line)
    return 0
