"""Logging: one rotating file in the state directory, and what is serious on the terminal."""

import contextlib
import copy
import logging
import logging.handlers
from collections.abc import Iterator
from pathlib import Path

from mecomp_desktop.errors import MecompError
from mecomp_desktop.text import for_terminal

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
_MAX_BYTES = 1_000_000
LOG_FILE = "mecomp-desktop.log"
_log = logging.getLogger(__name__)


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
    # What a user should know is told by the command itself; the terminal shows bugs alone, and
    # of those one line: whoever wants to report one finds the traceback in the file.
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
        short = handler is terminal and not verbose
        handler.setFormatter((_OneLine if short else logging.Formatter)(_FORMAT))
        root.addHandler(handler)
    try:
        yield
    except MecompError:
        raise
    except Exception:
        # Here, for whoever tells the user does so after the file has been closed.
        _log.exception("the program ends")
        raise
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(before)


class _OneLine(logging.Formatter):
    """Leaves tracebacks out, and makes what a terminal would obey visible."""

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)  # other handlers format the same record, with its traceback
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return for_terminal(super().format(bare))
