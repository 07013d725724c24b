"""The command line; opens the window when no command is given.

Nothing heavy is imported before it is known what is wanted: ``--help`` answers at once.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType

from mecomp_desktop.cli.parser import parse
from mecomp_desktop.errors import MecompError

NOTHING_DONE = 2
"""The exit code of a command that could not do what it was asked for; see the parser's help."""

_INTERRUPTED = 128 + signal.SIGINT
# What asks a program to end: ``kill`` and a shutdown; the closing of its terminal.
_REQUESTS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_PIPE_CLOSED = 141  # what a shell shows for a program that the end of its pipe has ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What was typed after the program's name; this process's by default.

    Returns:
        0 when all went well, 1 when some files failed, 2 when nothing was done and stderr says
        why, 130 after Ctrl+C.

    Raises:
        SystemExit: With code 2 for a wrong usage, 0 after ``--help`` and ``--version``.
    """
    wanted = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        with _ending_politely():
            code: int = wanted.run(wanted)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has seen enough; Python would complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # never a traceback: it is in the log
        _report(error)
        return NOTHING_DONE
    return code


def _report(error: Exception) -> None:
    """Say in one sentence what went wrong, whatever names are in it."""
    from mecomp_desktop.text import for_terminal

    if isinstance(error, MecompError):
        text = str(error)
    elif isinstance(error, OSError) and error.strerror:
        text = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    else:
        from mecomp_desktop.logs import LOG_FILE
        from mecomp_desktop.paths import Paths

        summary = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        log_file = Paths.of_user().state / LOG_FILE
        text = f"something went wrong that should not ({summary}); the details are in {log_file}"
    sys.stderr.write(f"mecomp-desktop: {for_terminal(text)}\n")


@contextlib.contextmanager
def _ending_politely() -> Iterator[None]:
    """Let a request to end close everything as Ctrl+C does, unless it is ignored (``nohup``)."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    heeded = [request for request in _REQUESTS if signal.getsignal(request) is not signal.SIG_IGN]
    before = [signal.signal(request, end) for request in heeded]
    try:
        yield
    finally:
        for request, handler in zip(heeded, before, strict=True):
            signal.signal(request, handler)
