"""``python -m trainer``: from data to a model file."""

import sys

from mecomp_desktop.contracts.training_job import COMMAND, OPTION_VECTORS


def main() -> int:
    """Runs the command that was given; returns the exit code."""
    given = sys.argv[1:]
    # The window waits for this one: it must not load what only training from audio needs.
    if given[:1] == [COMMAND] and any(word.split("=")[0] == OPTION_VECTORS for word in given):
        from trainer.personal.command import main as finetune_head

        return finetune_head(given[1:])
    from trainer.cli import main as run

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
