"""The program as a child process that heeds signals and is gone when the test is."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

PROGRAM = [sys.executable, "-m", "mecomp_desktop"]
_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def heeding_signals() -> Iterator[None]:
    """Start programs in this block as a terminal in front would.

    Whatever ignores a signal hands that on to its children: a shell that runs the tests in the
    background ignores Ctrl-C, and nohup the end of the terminal.
    """
    before = [signal.signal(number, signal.SIG_DFL) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def running(
    command: Sequence[str | Path],
    output: int | IO[str] = subprocess.PIPE,
    **options: Any,  # noqa: ANN401  (passed on)
) -> Iterator["subprocess.Popen[str]"]:
    """Run a program for the length of a block, and kill it where it has not ended by then."""
    with heeding_signals():
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True, **options
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
