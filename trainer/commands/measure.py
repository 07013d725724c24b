"""``python -m trainer measure MODEL DATA``: the figures and pictures of a model card."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from mecomp_desktop.contracts.model_file import DEFAULT_SAMPLE_RATE_HZ
from trainer.commands.common import add_cache_options, open_cache, print_line
from trainer.config import DataConfig
from trainer.data.clip import Clip
from trainer.data.loader import readable
from trainer.data.read import read_music
from trainer.data.splits import split_by_artist
from trainer.errors import DataError
from trainer.evaluation.comparison import compare_embedders
from trainer.evaluation.cost_curve import measure_cost_curve, plot_cost_curve
from trainer.evaluation.robustness import measure_robustness
from trainer.evaluation.similarity import similarity_table
from trainer.evaluation.track_embedding import onnx_embedder
from trainer.training.run_folder import RunFolder

PARTS = ("similarity", "robustness", "cost")
_MIN_CLIPS = 3


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("model", type=Path, help="the model file to measure")
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("--out", type=Path, default=Path("runs/measured"))
    parser.add_argument(
        "--clips",
        type=Path,
        help="a JSON list of the keys of clips by artists that the model was not trained on "
        "(default: validation and test of the artist split)",
    )
    parser.add_argument("--split-seed", type=int, default=0, help="of that split (default: 0)")
    parser.add_argument(
        "--baseline",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="another model file for the table; may be given again",
    )
    parser.add_argument(
        "--parts", nargs="+", default=PARTS, choices=PARTS, help="(default: all of them)"
    )
    add_cache_options(parser.add_argument_group("machine"))


def run(args: argparse.Namespace) -> int:
    """Prints tables; writes them as JSON, and the cost curve as a picture."""
    embed = onnx_embedder(args.model)
    baselines = {name: onnx_embedder(file) for name, file in map(_baseline, args.baseline)}
    cache = open_cache(args, DEFAULT_SAMPLE_RATE_HZ)
    music = read_music(args.data)
    good, broken = readable(cache, music.clips)
    for place, trouble in (music.skipped | broken).items():
        print_line(f"skipped {place}: {trouble}")
    clips = _held_out(args, good)
    print_line(f"{len(clips)} clips by {len({clip.artist for clip in clips})} artists")
    with RunFolder(args.out) as folder:
        if "similarity" in args.parts:
            embedders = {**baselines, args.model.name: embed}
            scores = compare_embedders(embedders, clips, cache, music.emotions)
            folder.write(
                "similarity.json", {name: values.to_dict() for name, values in scores.items()}
            )
            print_line(
                "\n".join(similarity_table({name: [values] for name, values in scores.items()}))
            )
        if "robustness" in args.parts:
            found = measure_robustness(embed, clips, cache, library=good)
            folder.write("robustness.json", found.to_dict())
            print_line(
                "\n".join(
                    [
                        *found.lines(),
                        *(f"short of its target: {failure}" for failure in found.failures()),
                    ]
                )
            )
        if "cost" in args.parts:
            curve = measure_cost_curve(embed, clips, cache, music.emotions)
            folder.write("cost-curve.json", curve.to_dict())
            plot_cost_curve(curve, folder.path / "cost-curve.png")
            print_line("\n".join(curve.lines()))
    return 0


def _baseline(text: str) -> tuple[str, Path]:
    name, _, file = text.partition("=")
    if not name or not file:
        raise DataError(f"{text!r} is not NAME=FILE")
    return name, Path(file)


def _held_out(args: argparse.Namespace, good: Sequence[Clip]) -> list[Clip]:
    labelled = [clip for clip in good if clip.genre]
    if args.clips is None:
        split = split_by_artist(labelled, DataConfig().clip_shares, args.split_seed)
        return [*split.validation, *split.test]
    try:
        keys = set(json.loads(args.clips.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as problem:
        raise DataError(f"{args.clips}: not a JSON list of clip keys ({problem})") from None
    found = [clip for clip in labelled if clip.key in keys]
    if len(found) < _MIN_CLIPS:
        raise DataError(f"{args.clips}: only {len(found)} of its clips are in the data folder")
    return found
