"""``python -m trainer compare DATA RUN…``: several runs and the MFCC baseline in one table."""

import argparse
from pathlib import Path
from typing import Any

from trainer.commands.common import (
    add_human_options,
    add_machine_options,
    find_checkpoint,
    prepare_like,
    prepare_machine,
    print_line,
)
from trainer.errors import DataError
from trainer.evaluation.eval_set import make_eval_set
from trainer.evaluation.evaluate import evaluate, mfcc_embedder, model_embedder
from trainer.training.checkpoint import Checkpoint
from trainer.training.run_folder import RunFolder

COLUMNS = ("MRR", "MAP", "P@1", "P@5", "P@9")


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("runs", type=Path, nargs="+", help="runs or checkpoints of one split")
    parser.add_argument("--out", type=Path, default=Path("runs/comparison"))
    parser.add_argument("--clip-s", type=float, default=29.0, help="seconds a clip (default: 29)")
    parser.add_argument("--repeats", type=int, default=3, help="excerpts (default: 3; 002 has 30)")
    add_human_options(parser)
    add_machine_options(parser)


def run(args: argparse.Namespace) -> int:
    """Prints the table, and writes it as Markdown and JSON."""
    prepare_machine(args)
    runs = {str(path): find_checkpoint(path) for path in args.runs}
    first = next(iter(runs.values()))
    _check_splits(runs)
    prepared = prepare_like(first, args.data, args)
    eval_set = make_eval_set(prepared, args.judgments, args.judgments_count, args.repeats)
    cache = prepared.cache
    results = {"MFCC, 140 values": evaluate(mfcc_embedder(cache, args.clip_s), eval_set)}
    for name, checkpoint in runs.items():
        results[name] = evaluate(model_embedder(checkpoint.model(), cache, args.clip_s), eval_set)
    table = "\n".join([*table_lines(results), "", *class_lines(results)])
    with RunFolder(args.out) as folder:
        folder.write("comparison.json", results)
        (folder.path / "comparison.md").write_text(table + "\n", "utf-8")
    print_line(table)
    return 0


def _check_splits(runs: dict[str, Checkpoint]) -> None:
    """A run trained on another split may know the test clips by heart."""
    splits = {name: checkpoint.metadata.get("split") for name, checkpoint in runs.items()}
    first, *further = splits
    for name in further:
        if splits[name] != splits[first]:
            raise DataError(f"{first} and {name} were trained on different splits")


def table_lines(results: dict[str, Any]) -> list[str]:
    """A Markdown table, a model a row: triplet accuracies, then the metrics of 002."""
    kinds = list(next(iter(results.values()))["triplets"])
    header = ["model", *(f"{kind} triplets" for kind in kinds), *COLUMNS]
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    for name, result in results.items():
        cells = [_cell(result["triplets"][kind]["accuracy"]) for kind in kinds]
        cells += [_cell(result["retrieval"][column]) for column in COLUMNS]
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return lines


def class_lines(results: dict[str, Any]) -> list[str]:
    """A Markdown table, a genre a row: each model's MAP and MRR, as table 2 of 002."""
    columns = [f"{name}, {metric}" for name in results for metric in ("MAP", "MRR")]
    lines = ["| " + " | ".join(["genre", *columns]) + " |", "|" + " --- |" * (1 + len(columns))]
    for genre in next(iter(results.values()))["by genre"]:
        scores = [result["by genre"][genre] for result in results.values()]
        cells = [_cell(score[metric]) for score in scores for metric in ("MAP", "MRR")]
        lines.append("| " + " | ".join([genre, *cells]) + " |")
    return lines


def _cell(value: dict[str, float]) -> str:
    return f"{value['mean']:.3f} ± {value['deviation']:.3f}"
