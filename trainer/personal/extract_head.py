"""``python -m trainer.personal.extract_head MODEL HEAD``: a model's head as a file of its own."""

import sys
from pathlib import Path

import onnx

from mecomp_desktop.errors import MecompError
from trainer.personal import head_graph


def main(arguments: list[str]) -> int:
    """Writes the head; returns the exit code."""
    source, target = map(Path, arguments)
    try:
        onnx.save(head_graph.extract_head(head_graph.load(source)), str(target))
    except MecompError as problem:
        sys.stderr.write(f"trainer: {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
