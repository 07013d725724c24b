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

_FAILED = 1
_INTERRUPTED = 128 + signal.SIGINT
# What asks a program to end: ``kill`` and a shutdown; the closing of its terminal.
_REQUESTS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_PIPE_CLOSED = 141  # what a shell shows for a program that the end of its pipe has ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What was typed after the program's name; this process's by default.

    Returns:
        0 when all went well, 1 for a failure that is told on stderr, 130 after Ctrl+C.

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
    except MecompError as error:
        # A name that is no text must not keep the message from being read.
        message = str(error).encode("utf-8", "replace").decode()
        sys.stderr.write(f"mecomp-desktop: {message}\n")
        return _FAILED
    return code


@contextlib.contextmanager
def _ending_politely() -> Iterator[None]:
    """Let a request to end close everything as Ctrl+C does, unless it is ignored (``nohup``)."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    heeded = [one for one in _REQUESTS if signal.getsignal(one) is not signal.SIG_IGN]
    before = [signal.signal(one, end) for one in heeded]
    try:
        yield
    finally:
        for one, handler in zip(heeded, before, strict=True):
            signal.signal(one, handler)
