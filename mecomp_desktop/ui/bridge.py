"""The one crossing from other threads into Qt."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from mecomp_desktop.domain.events import Event
from mecomp_desktop.errors import MecompError
from mecomp_desktop.ui.theme.icons import Icons
from mecomp_desktop.ui.theme.theme import Theme

_log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
_WORKERS = 3
_UNEXPECTED = "Something went wrong; the details are in the log."


class Bridge(QObject):
    """Brings what happens on other threads to the GUI thread, and work from there to others.

    It also carries what every widget needs to draw itself: the theme and the icons.

    Attributes:
        theme: The colours.
        icons: The icons.
        failed: One plain sentence about work that failed and whose caller does not handle it.
        message: One plain sentence for the listener, the words of a button beside it (or "") and
            what the button does; sent by `show_message`.
        requested: The ``action_id`` of a shortcut, for the window to carry out (``"go.settings"``).
    """

    failed = Signal(str)
    message = Signal(str, str, object)
    requested = Signal(str)
    _crossed = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.icons = Icons(theme)
        self._closed = False
        self._disconnects: dict[int, Callable[[], None]] = {}
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="window")
        # Queued, also from the GUI thread itself: a slot that ran inside the emitter's call would
        # find it half done, and hold its locks.
        self._crossed.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def on(self, event: Event[P], slot: Callable[P, object], owner: QObject) -> None:
        """Call a slot on the GUI thread whenever the event fires, as long as ``owner`` lives.

        An event without arguments that fires again before the slot has run is delivered once.

        Args:
            event: From any layer below; may fire on any thread.
            slot: Called on the GUI thread, after the current event is handled.
            owner: The object that the slot belongs to.
        """
        # A scan fires for every batch of files, from a thread that waits for nobody: without this
        # the GUI thread would repaint for each, fall behind, and show the past.
        waiting = threading.Event()

        def deliver(*args: P.args, **kwargs: P.kwargs) -> None:
            # Before the slot, not after it: what fires while the slot runs must be delivered again.
            waiting.clear()
            # The wrapper outlives the C++ object: a call on a deleted one raises RuntimeError at
            # best and ends the process at worst.
            if shiboken6.isValid(owner):
                slot(*args, **kwargs)

        def fired(*args: P.args, **kwargs: P.kwargs) -> None:
            plain = not args and not kwargs
            if plain and waiting.is_set():
                return
            if plain:
                waiting.set()
            self._cross(lambda: deliver(*args, **kwargs))

        disconnect = event.connect(fired)
        key = id(disconnect)
        self._disconnects[key] = disconnect
        # By a key, not by the owner or its slot: a closure that held one would keep a page alive,
        # and its wrapper beyond what Qt has deleted.
        owner.destroyed.connect(lambda: self._forget(key))

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], object],
        owner: QObject,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Do blocking work on another thread and hand its result to the GUI thread.

        Args:
            work: Runs on a worker thread; touches no widget.
            then: Called with the result on the GUI thread, unless ``owner`` is gone by then.
            owner: The object that the result is for.
            failed: Called with the exception on the GUI thread; without it, the user is told.
        """

        def job() -> None:
            if self._closed:
                return
            try:
                result = work()
            except Exception as error:  # handed on to the GUI thread, which tells the user
                problem = error
                self._cross(lambda: self._fail(problem, owner, failed))
            else:
                self._cross(lambda: then(result) if shiboken6.isValid(owner) else None)

        if not self._closed:
            self._pool.submit(job)

    def show_message(
        self, sentence: str, action_words: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Show the listener a sentence for some seconds, perhaps with a button beside it."""
        self.message.emit(sentence, action_words, action)

    def close(self) -> None:
        """End all of it: no slot is called any more, no thread is left. Idempotent."""
        self._closed = True
        for disconnect in self._disconnects.values():
            disconnect()
        self._disconnects.clear()
        # Waited for: a job that came back after Qt is gone would cross into nothing, and PySide
        # ends the process for that.
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _cross(self, call: Callable[[], object]) -> None:
        if not self._closed:
            self._crossed.emit(call)

    def _call(self, call: Callable[[], object]) -> None:
        if not self._closed:
            call()

    def _fail(
        self, error: Exception, owner: QObject, failed: Callable[[Exception], object] | None
    ) -> None:
        if not shiboken6.isValid(owner):
            return
        (failed or self.show_error)(error)

    def show_error(self, error: Exception) -> None:
        """Tell the user what went wrong; what nobody expected goes to the log in full."""
        expected = isinstance(error, MecompError)
        if not expected:
            _log.error("background work failed", exc_info=error)
        self.failed.emit(str(error) if expected else _UNEXPECTED)

    def _forget(self, key: int) -> None:
        disconnect = self._disconnects.pop(key, None)
        if disconnect is not None:
            disconnect()
