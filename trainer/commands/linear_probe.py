"""``python -m trainer readout MODEL DATA``: teach a model file what can be named in a sound.

Whoever learns from a listener's answers begins with these qualities (brightness, onsets,
dynamics …), and so needs fewer answers. Body, head and their hashes stay as they are.
"""

import argparse
from pathlib import Path

from trainer.commands.common import print_line
from trainer.data.read import read_music
from trainer.personal.linear_probe import add_linear_probe


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("model", type=Path, help="a model file; it is replaced in one step")
    parser.add_argument("data", type=Path, help="a data folder")


def run(args: argparse.Namespace) -> int:
    """Teaches on all music; prints how well it reads artists that a trial run left out."""
    correlations = add_linear_probe(args.model, read_music(args.data).clips, print_line)
    for name, value in correlations.items():
        print_line(f"{name}: correlation {value:+.2f} on artists left out")
    print_line(f"{args.model}: reads {len(correlations)} qualities")
    return 0
