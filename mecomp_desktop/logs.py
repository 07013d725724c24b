"""Logging: one rotating file in the state directory, and warnings on the terminal."""

import logging
import logging.handlers
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
_MAX_BYTES = 1_000_000


def set_up(directory: Path, *, verbose: bool = False) -> None:
    """Send this program's log to ``directory/mecomp-desktop.log``.

    Args:
        directory: An existing directory.
        verbose: Log debug messages, and show them on the terminal.
    """
    root = logging.getLogger("mecomp_desktop")
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    file = logging.handlers.RotatingFileHandler(
        directory / "mecomp-desktop.log", maxBytes=_MAX_BYTES, backupCount=2, encoding="utf-8"
    )
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.DEBUG if verbose else logging.WARNING)
    for handler in (file, terminal):
        handler.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(handler)
