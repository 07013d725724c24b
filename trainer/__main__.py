"""``python -m trainer``: from data to a model file."""

import sys

from trainer.cli import main

if __name__ == "__main__":
    sys.exit(main())
