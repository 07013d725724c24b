"""Starts the command line: ``python -m mecomp_desktop``."""

import sys

from mecomp_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
