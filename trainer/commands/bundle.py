"""``python -m trainer bundle DATA``: the model that comes with the program, from music to file."""

import argparse
import shlex
from pathlib import Path

from trainer.commands.common import add_cache_options, open_cache, print_line
from trainer.recipes.bundled.music import open_music
from trainer.recipes.bundled.pipeline import Bundle, install
from trainer.recipes.bundled.recipe import read_recipe
from trainer.training.memory import keep_freed_memory
from trainer.training.run_folder import RunFolder

RESOURCES = Path(__file__).resolve().parents[2] / "resources" / "model"
_REPORT_INTERVAL_CLIPS = 100


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("--out", type=Path, default=Path("runs/bundle"), help="the run's folder")
    parser.add_argument(
        "--recipe",
        type=Path,
        help="JSON that changes some settings of the recipe (recipes/bundled/recipe.py)",
    )
    parser.add_argument(
        "--jobs", type=int, default=2, help="trainings at once, one thread each (default: 2)"
    )
    parser.add_argument(
        "--until",
        choices=("mels", "folds", "file", "card"),
        default="card",
        help="stop after this step; folds: validated, without the final training (default: card)",
    )
    parser.add_argument(
        "--install",
        nargs="?",
        type=Path,
        const=RESOURCES,
        help="put file, card and pictures where the program finds them (default: resources/model)",
    )
    parser.add_argument("--note", action="append", default=[], help="a known weakness, on the card")
    parser.add_argument("--tried", type=Path, help="Markdown: what other recipes gave, on the card")
    add_cache_options(parser.add_argument_group("machine"))


def run(args: argparse.Namespace) -> int:
    """Goes through all steps; those done before, in the same folder, are not done again."""
    keep_freed_memory()
    recipe = read_recipe(args.recipe)
    with RunFolder(args.out):  # says now rather than in an hour that the folder cannot be made
        pass
    cache = open_cache(args, recipe.training.network.sample_rate_hz)
    music = open_music(args.data, recipe, cache, args.out / "mels", _report_mels)
    for place, trouble in music.skipped.items():
        print_line(f"skipped {place}: {trouble}")
    if args.until == "mels":
        return 0
    bundle = Bundle(
        recipe=recipe,
        music=music,
        folder=args.out,
        workers=args.jobs,
        report=print_line,
        command=_command(args),
        notes=tuple(args.note),
        tried=args.tried.read_text("utf-8") if args.tried else "",
    )
    bundle.make(args.until)
    if args.install is not None:
        install(args.out, args.install)
        print_line(f"installed in {args.install}")
    return 0


def _report_mels(done: int, total: int) -> None:
    if done % _REPORT_INTERVAL_CLIPS == 0 or done == total:
        print_line(f"mel spectra: {done} of {total}")


def _command(args: argparse.Namespace) -> str:
    """The command that repeats this run."""
    words = ["python", "-m", "trainer", "bundle", str(args.data), "--out", str(args.out)]
    for option, path in (("--recipe", args.recipe), ("--tried", args.tried)):
        words += [option, str(path)] if path else []
    if args.install is not None:
        words += ["--install"] if args.install == RESOURCES else ["--install", str(args.install)]
    return shlex.join(words)
