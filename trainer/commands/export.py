"""``python -m trainer export RUN``: a model file and its card, checked against PyTorch."""

import argparse
import json
from pathlib import Path

from trainer.card import describe_recipe, make_card
from trainer.commands.common import find_checkpoint, say
from trainer.export import export_onnx, seconds_for
from trainer.run_folder import RunFolder

PAPER_MB, PAPER_MS = 0.82, 27.03


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
    model = checkpoint.model()
    recipe = describe_recipe(checkpoint.about)
    parity = export_onnx(model, checkpoint.model_config, args.out, args.name, recipe, trained=True)
    rate = checkpoint.model_config.sample_rate_hz
    took_ms = 1e3 * seconds_for(args.out, rate, 30.0)
    size_mb = args.out.stat().st_size / 1e6
    metrics = args.metrics or (args.run if args.run.is_dir() else args.run.parent) / "metrics.json"
    measured = json.loads(metrics.read_text("utf-8")) if metrics.is_file() else {}
    card = make_card(model, checkpoint, args.name, recipe, parity, measured)
    card["command"] = args.made_by
    card["known weaknesses"] = args.note
    card["size and speed"] = {
        "file MB": round(size_mb, 3),
        "ms for 30 s, one thread": round(took_ms, 1),
    }
    with RunFolder(args.out.parent) as folder:
        folder.write(args.out.with_suffix(".json").name, card)
    say(f"{args.out}: {size_mb:.2f} MB (paper: {PAPER_MB} MB)")
    say(f"30 s of audio on one CPU thread: {took_ms:.1f} ms (paper: {PAPER_MS} ms)")
    say(f"parameters: {model.parameter_count():,} (paper: 213,352)")
    say(f"largest difference from PyTorch: {parity.lengths:.1g}")
    say(f"largest difference of a batch from its rows: {parity.batch:.1g}")
    return 0
