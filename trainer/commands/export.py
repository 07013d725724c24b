"""``python -m trainer export RUN``: a model file and its card, checked against PyTorch."""

import argparse
import json
from pathlib import Path
from typing import Any

from trainer.commands.common import find_checkpoint, print_line
from trainer.export.card import describe_recipe, make_card
from trainer.export.onnx_export import export_onnx, seconds_for
from trainer.training.checkpoint import Checkpoint
from trainer.training.run_folder import RunFolder

PAPER_MB, PAPER_MS, PAPER_PARAMETERS = 0.82, 27.03, 213_352  # 001, IV.B


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("run", type=Path, help="the run, or checkpoint, to export")
    parser.add_argument(
        "--out", type=Path, default=Path("similarity.onnx"), help="the card goes beside it, .json"
    )
    parser.add_argument("--name", default="AudioEmbeddingTiny", help="shown to the listener")
    parser.add_argument("--metrics", type=Path, help="(default: the run's metrics.json)")
    parser.add_argument("--command", dest="made_by", default="", help="put on the card")
    parser.add_argument("--note", action="append", default=[], help="a known weakness, on the card")


def run(args: argparse.Namespace) -> int:
    """Exports, and prints size, speed and parity beside the paper's."""
    checkpoint = find_checkpoint(args.run)
    metrics = args.metrics or (args.run if args.run.is_dir() else args.run.parent) / "metrics.json"
    measured = json.loads(metrics.read_text("utf-8")) if metrics.is_file() else {}
    more = {"command": args.made_by, "known weaknesses": args.note}
    for line in export_with_card(checkpoint, args.out, args.name, measured, more):
        print_line(line)
    return 0


def export_with_card(
    checkpoint: Checkpoint,
    target: Path,
    name: str,
    metrics: dict[str, Any],
    more: dict[str, Any] | None = None,
) -> list[str]:
    """Writes the model file and, beside it, its card; returns what there is to tell.

    Args:
        checkpoint: What to export.
        target: The ``.onnx`` file.
        name: Shown to the listener.
        metrics: Put on the card.
        more: Further entries of the card.

    Raises:
        ExportError: See :func:`trainer.export.onnx_export.export_onnx`.
    """
    model, config = checkpoint.model(), checkpoint.model_config
    recipe = describe_recipe(checkpoint.metadata)
    parity = export_onnx(model, config, target, name, recipe, trained=True)
    took_ms = 1e3 * seconds_for(target, config.sample_rate_hz, 30.0)
    size_mb = target.stat().st_size / 1e6
    card = make_card(model, checkpoint, name, recipe, parity, metrics) | (more or {})
    card["size and speed"] = {
        "file MB": round(size_mb, 3),
        "ms for 30 s, one thread": round(took_ms, 1),
    }
    with RunFolder(target.parent) as folder:
        folder.write(target.with_suffix(".json").name, card)
    return [
        f"{target}: {size_mb:.2f} MB (paper: {PAPER_MB} MB)",
        f"30 s of audio on one CPU thread: {took_ms:.1f} ms (paper: {PAPER_MS} ms)",
        f"parameters: {model.parameter_count():,} (paper: {PAPER_PARAMETERS:,})",
        f"largest difference from PyTorch: {parity.lengths:.1g}",
        f"largest difference of a batch from its rows: {parity.batch:.1g}",
    ]
