"""Plain-Python events: how the lower layers tell the upper ones that something happened."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, ParamSpec

_log = logging.getLogger(__name__)
P = ParamSpec("P")


class Event(Generic[P]):
    """A list of listeners, called one after the other on the thread that emits.

    A listener that raises is logged and does not keep the others from being called.
    Example: ``moved: Event[[int, int]] = Event()``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Callable[P, object], ...] = ()

    def connect(self, listener: Callable[P, object]) -> Callable[[], None]:
        """Add a listener and return the function that removes it again."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def disconnect() -> None:
            with self._lock:
                self._listeners = tuple(kept for kept in self._listeners if kept is not listener)

        return disconnect

    def emit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call every listener with these arguments."""
        for listener in self._listeners:
            try:
                listener(*args, **kwargs)
            except Exception:
                _log.exception("a listener of an event failed")
