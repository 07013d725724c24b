"""What commands print."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mecomp_desktop.store.failures import Failure


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
            "path": str(one.path),
            "stage": one.stage,
            "reason": str(one.reason),
            "detail": one.detail,
        }
        for one in failures
    ]


def print_failures(failures: Iterable[Failure]) -> None:
    """List files that could not be read."""
    for one in failures:
        print_error(f"  {one.path}: {one.reason}")


def below(failures: Iterable[Failure], folders: Iterable[Path]) -> list[Failure]:
    """Return the failures of files in these folders."""
    wanted = [folder.expanduser().absolute() for folder in folders]
    return [one for one in failures if any(one.path.is_relative_to(folder) for folder in wanted)]


def _shown(text: str) -> str:
    """Return text that any terminal takes: bytes that are no UTF-8 become question marks."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode("utf-8", "replace").decode().encode(encoding, "replace").decode(encoding)
