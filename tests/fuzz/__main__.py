"""Damaged files through tags, covers, identity, probing and decoding.

``python -m tests.fuzz --files 3000 --seed 1`` prints what became of them, and exits with 1 when
one crashed the process, hung, took much memory, or raised anything but ``UnreadableFile``.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fuzz.runner import run


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=1_000, help="how many files")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first file")
    parser.add_argument("--keep", type=Path, help="where files that fail are kept")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), options.files, options.seed, options.keep)
    for line in report.lines():
        print(line)  # noqa: T201
    return 1 if report.bad else 0


if __name__ == "__main__":
    sys.exit(main())
