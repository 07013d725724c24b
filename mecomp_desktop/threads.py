"""One background thread that does jobs in the order in which they come."""

import logging
import queue
import threading
from collections.abc import Callable

from mecomp_desktop.errors import MecompError

_log = logging.getLogger(__name__)
_CLOSE_TIMEOUT_S = 3.0


_error_listeners: list[Callable[[Exception], object]] = []


def on_job_error(listener: Callable[[Exception], object]) -> Callable[[], None]:
    """Have a listener told, on the job's thread, of every job that raised; return its removal.

    It is one list for all threads, as ``threading.excepthook`` is: whoever posts a job has long
    gone on when it fails, and who shows sentences to the listener cannot know every thread.
    """
    _error_listeners.append(listener)

    def disconnect() -> None:
        if listener in _error_listeners:
            _error_listeners.remove(listener)

    return disconnect


class WorkerThread:
    """A thread with a list of jobs.

    A job that raises is logged, told to the listeners of `on_job_error`, and does not end the
    thread.

    Args:
        name: The thread's name, for the log.
        every_s: Call ``idle`` when no job has come for so long, in seconds.
        idle: What is done then.
    """

    def __init__(
        self, name: str, every_s: float | None = None, idle: Callable[[], object] | None = None
    ) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._every_s = every_s
        self._idle = idle
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def closed(self) -> bool:
        """Whether the end has been asked for; a long job looks here and stops."""
        return self._closed.is_set()

    def post(self, job: Callable[[], object]) -> None:
        """Have a job done after those before it; never waits. Ignored after ``close``."""
        if not self.closed:
            self._jobs.put(job)

    def wait(self, seconds: float) -> bool:
        """Sleep inside a job; return early, and true, when the end is asked for."""
        return self._closed.wait(seconds)

    def settle(self, timeout_s: float = _CLOSE_TIMEOUT_S) -> bool:
        """Wait until the jobs posted so far are done; return whether they are."""
        done = threading.Event()
        self.post(done.set)
        return done.wait(timeout_s)

    def close(self, timeout_s: float | None = _CLOSE_TIMEOUT_S) -> None:
        """Do what has been posted, then end the thread. May be called twice.

        Args:
            timeout_s: Go on after so long though the thread has not ended: what it reads may hang.
                ``None`` where no job waits for anything.
        """
        if not self.closed:
            self._closed.set()
            self._jobs.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=self._every_s)
            except queue.Empty:
                job = self._idle or _nothing
            if job is None:
                return
            try:
                job()
            except Exception as error:
                self._report(error)

    def _report(self, error: Exception) -> None:
        if isinstance(error, MecompError):  # a full disk, say: no bug
            _log.warning("a job of %s failed: %s", self._thread.name, error)
        else:
            _log.error("a job of %s failed", self._thread.name, exc_info=error)
        for listener in tuple(_error_listeners):
            try:
                listener(error)
            except Exception:
                _log.exception("an error of %s could not be told", self._thread.name)


def _nothing() -> None:
    """Do nothing."""
