"""The command line of the trainer."""

import argparse
import sys
from collections.abc import Sequence

from mecomp_desktop.errors import MecompError
from trainer.commands import train

COMMANDS = {"train": train}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code.

    An error that the user can mend is one line on standard error and exit code 1.
    """
    parser = argparse.ArgumentParser("python -m trainer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        about = (module.__doc__ or "").strip().split(": ", 1)[-1]
        module.add_parser(commands.add_parser(name, help=about, description=about))
    args = parser.parse_args(arguments)
    try:
        return COMMANDS[args.command].run(args)
    except MecompError as problem:
        print(f"trainer: {problem}", file=sys.stderr)  # noqa: T201  # the console is the interface
        return 1
