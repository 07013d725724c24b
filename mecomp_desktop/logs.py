"""Logging: one rotating file in the state directory, and what is serious on the terminal."""

import contextlib
import logging
import logging.handlers
from collections.abc import Iterator
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
_MAX_BYTES = 1_000_000
LOG_FILE = "mecomp-desktop.log"


@contextlib.contextmanager
def logging_to(directory: Path, *, verbose: bool = False) -> Iterator[None]:
    """Send this program's log to ``directory/mecomp-desktop.log`` for as long as it runs.

    A directory that cannot be written to is no reason not to play music: then there is no file.

    Args:
        directory: Made when it is missing.
        verbose: Log debug messages, and show all of them on the terminal.
    """
    root = logging.getLogger("mecomp_desktop")
    before = root.level
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    terminal = logging.StreamHandler()
    # What a user should know is told by the command itself; the terminal shows bugs alone.
    terminal.setLevel(logging.DEBUG if verbose else logging.ERROR)
    handlers: list[logging.Handler] = [terminal]
    with contextlib.suppress(OSError):
        directory.mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                directory / LOG_FILE, maxBytes=_MAX_BYTES, backupCount=2, encoding="utf-8"
            )
        )
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(before)
