"""Errors that nothing handles: logged, and shown to the listener in one sentence.

Python prints them to a terminal that a window does not have. They come from three places: the
main thread and Qt's slots (``sys.excepthook``, which PySide calls too), other threads
(``threading.excepthook``), and jobs of a `WorkerThread`, whose thread lives on.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from mecomp_desktop.domain.events import Event
from mecomp_desktop.errors import MecompError
from mecomp_desktop.threads import on_job_error

_log = logging.getLogger(__name__)
# The same error often comes again with every event of its kind; one sentence is enough.
_REPEAT_S = 60.0


class UnexpectedErrors:
    """Catches what nothing else does, while it is entered.

    Args:
        log_file: Where the details are, for the sentence; ``None`` where there is no log.
        clock: Seconds that never go back; other than the default only in tests.

    Attributes:
        message: One plain sentence for the listener; may fire on any thread.
    """

    def __init__(
        self, log_file: Path | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.message: Event[[str]] = Event()
        self._log_file = log_file
        self._clock = clock
        self._sent_at_s: dict[str, float] = {}
        self._disconnect: Callable[[], None] = lambda: None
        self._hooks = (sys.excepthook, threading.excepthook)

    def __enter__(self) -> "UnexpectedErrors":
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._in_main
        threading.excepthook = self._in_thread
        self._disconnect = on_job_error(self._in_job)
        return self

    def __exit__(self, *_: object) -> None:
        sys.excepthook, threading.excepthook = self._hooks
        self._disconnect()

    def sentence(self, error: BaseException) -> str:
        """Return what to tell the listener about an error."""
        if isinstance(error, MecompError):
            text = str(error)
            return f"{text[:1].upper()}{text[1:].rstrip('.')}."
        where = f"; the details are in {self._log_file}" if self._log_file else ""
        return f"Something went wrong ({_summary(error)}){where}."

    def _in_main(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        _log.error("an error that nothing handles", exc_info=(kind, error, trace))
        self._report(error)

    def _in_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is None or issubclass(caught.exc_type, SystemExit):
            return
        name = caught.thread.name if caught.thread else "a thread"
        # The traceback is what a bug report needs; without it the sentence helps nobody.
        details = (caught.exc_type, caught.exc_value, caught.exc_traceback)
        _log.error("%s ended by an error that nothing handles", name, exc_info=details)
        self._report(caught.exc_value)

    def _in_job(self, error: Exception) -> None:
        self._report(error)  # logged where it happened

    def _report(self, error: BaseException) -> None:
        sentence, now_s = self.sentence(error), self._clock()
        if now_s - self._sent_at_s.get(sentence, -_REPEAT_S) < _REPEAT_S:
            return
        self._sent_at_s[sentence] = now_s
        self.message.emit(sentence)


def _summary(error: BaseException) -> str:
    text = str(error).splitlines()
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__
