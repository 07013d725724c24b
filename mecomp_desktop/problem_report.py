"""What somebody who helps wants to know: versions, the computer, the end of the log."""

import importlib.metadata
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

_PROGRAM = "mecomp-desktop"
# What plays, analyses and draws: a fault is nearly always between one of these and a file.
_LIBRARIES = (
    "PySide6-Essentials",
    "av",
    "hnswlib",
    "mutagen",
    "numpy",
    "onnxruntime",
    "sounddevice",
    "soundfile",
    "soxr",
)
_LOG_LINES = 80
_MAX_LOG_BYTES = 64 * 1024


def problem_report(log_file: Path, facts: Mapping[str, object]) -> str:
    """Return a text to copy. Reads the log: not for the window's thread.

    The listener's home directory is written as ``~``; names of songs may stand in the log.

    Args:
        log_file: The log; it need not exist.
        facts: What else is worth knowing, by name.
    """
    versions = (f"{name} {_version(name)}" for name in _LIBRARIES)
    lines = [
        f"{_PROGRAM} {_version(_PROGRAM)}",
        f"Python {platform.python_version()} on {platform.platform()}",
        f"Desktop: {os.environ.get('XDG_CURRENT_DESKTOP') or sys.platform}",
        ", ".join(versions),
        *(f"{name}: {value}" for name, value in facts.items()),
        "",
        f"The last lines of the log ({log_file}):",
        *(_tail(log_file) or ["(nothing)"]),
    ]
    return "\n".join(lines).replace(str(Path.home()), "~") + "\n"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def _tail(file: Path) -> list[str]:
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _MAX_LOG_BYTES))
            text = opened.read(_MAX_LOG_BYTES).decode("utf-8", "replace")
    except OSError as error:
        return [f"(it cannot be read: {error.strerror})"]
    return text.splitlines()[-_LOG_LINES:]
