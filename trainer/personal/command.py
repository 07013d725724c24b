"""``python -m trainer finetune --pooled FILE …``: the head alone, as the app asks for it."""

import argparse
import sys
from pathlib import Path

import torch

from mecomp_desktop.contracts import training_job
from mecomp_desktop.errors import MecompError
from trainer.errors import DataError
from trainer.personal.finetune import finetune


def add_head_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that make it the head alone; ``finetune --help`` lists them as well."""
    group = parser.add_argument_group(
        "the head alone",
        "finetune --pooled FILE --model FILE --judgments FILE --out FOLDER: learned from quiz "
        "answers over stored summaries, without audio; what the app runs",
    )
    group.add_argument(training_job.OPTION_VECTORS, type=Path, help=".npz with 'ids' and 'pooled'")
    group.add_argument(training_job.OPTION_MODEL, type=Path, help="the model file to build upon")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds all that this command takes when it runs by itself."""
    add_head_options(parser)
    parser.add_argument(
        training_job.OPTION_ANSWERS,
        type=Path,
        required=True,
        help="song1,song2,song3,anchor,positive[,held_back]",
    )
    parser.add_argument(
        training_job.OPTION_OUT, type=Path, required=True, help="a folder for what is learned"
    )
    parser.add_argument("--seed", type=int, default=0, help="how answers are dealt into folds")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default: 1)")


def run(args: argparse.Namespace) -> int:
    """Learns and writes ``result.json``; progress goes to standard output, one JSON a line."""
    if args.pooled is None or args.model is None:
        raise DataError("the head alone needs both --pooled and --model")
    # Music may be playing, and the window wants to stay quick: the other cores are theirs.
    torch.set_num_threads(args.threads)
    learned = finetune(
        args.model, args.judgments, args.pooled, args.out, args.seed, _print_progress
    )
    training_job.write_result(args.out, training_job.JobResult(learned.head_hash, learned.outcomes))
    return 0


def main(arguments: list[str]) -> int:
    """Runs the command by itself, without loading the rest of the trainer."""
    parser = argparse.ArgumentParser("python -m trainer finetune", description=__doc__)
    add_arguments(parser)
    try:
        return run(parser.parse_args(arguments))
    except MecompError as problem:
        sys.stderr.write(f"trainer: {problem}\n")
        return 1


def _print_progress(done: float, stage: str) -> None:
    sys.stdout.write(training_job.progress_line(done, stage) + "\n")
    # The app reads line by line; a pipe is buffered by kilobytes otherwise.
    sys.stdout.flush()
