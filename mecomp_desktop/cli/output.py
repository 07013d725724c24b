"""What commands print."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mecomp_desktop.store.failures import Failure
from mecomp_desktop.text import for_terminal


def print_line(text: str) -> None:
    """Print a line of the result. Names that are no text are shown as well as can be."""
    sys.stdout.write(f"{_shown(text)}\n")


def print_error(text: str) -> None:
    """Print a line that is not part of the result."""
    sys.stderr.write(f"{_shown(text)}\n")


def print_json(value: Mapping[str, Any] | list[Any]) -> None:
    """Print a result for scripts. ASCII escapes carry every name, also those that are no text."""
    sys.stdout.write(f"{json.dumps(value, indent=2)}\n")


def failure_values(failures: Iterable[Failure]) -> list[dict[str, str]]:
    """Return failures as JSON values."""
    return [
        {
            "path": str(failure.path),
            "stage": failure.stage,
            "reason": str(failure.reason),
            "detail": failure.detail,
        }
        for failure in failures
    ]


def print_failures(failures: Iterable[Failure]) -> None:
    """List files that could not be read."""
    for failure in failures:
        print_error(f"  {failure.path}: {failure.reason}")


def below(failures: Iterable[Failure], folders: Iterable[Path]) -> list[Failure]:
    """Return the failures of files in these folders."""
    wanted = [name for folder in folders for name in _names_of(folder)]
    return [
        failure
        for failure in failures
        if any(failure.path.is_relative_to(folder) for folder in wanted)
    ]


def _names_of(folder: Path) -> set[Path]:
    """Return every path by which the library may know a folder: typed, without "..", of a link."""
    absolute = folder.expanduser().absolute()
    return {absolute, Path(os.path.normpath(absolute)), Path(os.path.realpath(absolute))}


def _shown(text: str) -> str:
    """Return text that this terminal can show, whatever names are in it."""
    encoding = sys.stdout.encoding or "utf-8"
    return for_terminal(text).encode(encoding, "replace").decode(encoding)
