"""What the window remembers from one start to the next: a small JSON file."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from mecomp_desktop.files import write_atomically

_log = logging.getLogger(__name__)

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]


def load(path: Path) -> dict[str, Value]:
    """Return what was saved; empty at the first start or if the file cannot be used."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        # It holds only sizes and places: starting with fresh ones is better than not starting.
        _log.warning("the window's state could not be read: %s", error)
        return {}
    return found if isinstance(found, dict) else {}


def save(path: Path, state: Mapping[str, Value]) -> None:
    """Save atomically; a failure is logged, for it must not keep the program from ending."""
    try:
        write_atomically(path, json.dumps(state, indent=1))
    except OSError as error:
        _log.warning("the window's state could not be saved: %s", error)
