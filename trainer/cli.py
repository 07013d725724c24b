"""Learns what sounds alike, from music to a model file.

With a data folder and no command: triplets, stage 1, stage 2, evaluation and export in one run
that can be interrupted and started again. 001 and 002 in the help texts are the two papers whose
recipes are the defaults (see trainer/config.py).
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mecomp_desktop.errors import MecompError
from trainer.commands import (
    ablations,
    bundle,
    compare,
    download,
    evaluate,
    everything,
    export,
    finetune,
    linear_probe,
    measure,
    train,
    triplets,
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its one-line help, its options, and what it does."""

    help: str
    add_parser: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


COMMANDS: Mapping[str, Command] = {
    "all": Command("everything (the default)", everything.add_parser, everything.run),
    "download": Command("fetch the FMA set", download.add_parser, download.run),
    "triplets": Command("draw triplets and write them down", triplets.add_parser, triplets.run),
    "train": Command("stage 1: synthetic triplets", train.add_parser, train.run),
    "finetune": Command("stage 2: human judgments", finetune.add_parser, finetune.run),
    "evaluate": Command("measure a run on unheard artists", evaluate.add_parser, evaluate.run),
    "compare": Command("several runs and MFCC in a table", compare.add_parser, compare.run),
    "bundle": Command("the bundled model, from music to file", bundle.add_parser, bundle.run),
    "ablations": Command("the papers' experiments again", ablations.add_parser, ablations.run),
    "export": Command("a model file and its card", export.add_parser, export.run),
    "readout": Command("what can be named, into a file", linear_probe.add_parser, linear_probe.run),
    "measure": Command("how good a model file is, and its cost", measure.add_parser, measure.run),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code.

    An error that the user can mend is one line on standard error and exit code 1.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] not in COMMANDS and not given[0].startswith("-"):
        given.insert(0, "all")
    args = make_parser().parse_args(given)
    try:
        return COMMANDS[args.command].run(args)
    except MecompError as problem:
        sys.stderr.write(f"trainer: {problem}\n")
        return 1


def make_parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    parser = argparse.ArgumentParser(
        "python -m trainer",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND | DATA")
    for name, command in COMMANDS.items():
        command.add_parser(commands.add_parser(name, help=command.help, description=command.help))
    return parser
