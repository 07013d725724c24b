"""Learns what sounds alike, from music to a model file.

With a data folder and no command: triplets, stage 1, stage 2, evaluation and export in one run
that can be interrupted and started again. 001 and 002 in the help texts are the two papers whose
recipes are the defaults (see trainer/config.py).
"""

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from mecomp_desktop.errors import MecompError


class CommandModule(Protocol):
    """What every module of ``trainer.commands`` that is a command has."""

    def add_parser(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Runs it; returns the exit code."""
        ...


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the module below ``trainer.commands``, and a line of help."""

    module: str
    help: str

    def load(self) -> CommandModule:
        """Imports the module.

        Only that of the command that was given: together they import Lightning, scikit-learn and
        pandas, which takes seconds, and ``--help`` needs none of it.
        """
        return cast("CommandModule", importlib.import_module(f"trainer.commands.{self.module}"))


COMMANDS: Mapping[str, Command] = {
    "all": Command("everything", "everything (the default)"),
    "download": Command("download", "fetch the FMA set"),
    "triplets": Command("triplets", "draw triplets and write them down"),
    "train": Command("train", "stage 1: synthetic triplets"),
    "finetune": Command("finetune", "stage 2: human judgments"),
    "evaluate": Command("evaluate", "measure a run on artists it has not learned from"),
    "compare": Command("compare", "several runs and MFCC in a table"),
    "bundle": Command("bundle", "the bundled model, from music to file"),
    "ablations": Command("ablations", "the papers' experiments again"),
    "export": Command("export", "a model file and its card"),
    "linear-probe": Command("linear_probe", "audible qualities, read from the model's summaries"),
    "teach": Command("teach", "what other networks say to music"),
    "measure": Command("measure", "how good a model file is, and its cost"),
}
ALIASES: Mapping[str, str] = {"readout": "linear-probe"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code.

    An error that the user can mend is one line on standard error and exit code 1.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in ALIASES:
        given[0] = ALIASES[given[0]]
    if given and given[0] not in COMMANDS and not given[0].startswith("-"):
        given.insert(0, "all")
    args = make_parser(given[0] if given else "").parse_args(given)
    try:
        return COMMANDS[args.command].load().run(args)
    except MecompError as problem:
        sys.stderr.write(f"trainer: {problem}\n")
        return 1


def make_parser(given: str) -> argparse.ArgumentParser:
    """All commands, and the options of the one that was given."""
    parser = argparse.ArgumentParser(
        "python -m trainer",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND | DATA")
    for name, command in COMMANDS.items():
        options = commands.add_parser(name, help=command.help, description=command.help)
        if name == given:
            command.load().add_parser(options)
    return parser
