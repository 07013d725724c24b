"""Guard for Python overrides of Qt's virtual methods: an exception is logged, never raised.

Qt calls such a method from C++, where no Python frame is above it that could catch anything.
PySide6 then has no way to hand the exception on; on Python 3.11 it ends the process.
"""

import functools
import logging
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
_reported: set[tuple[str, str]] = set()


def guarded(fallback: object = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that catches what a Qt override raises, logs it and returns a value.

    Args:
        fallback: What C++ gets instead of a result, or the class of it; must fit the return type.
    """

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(method)
        def guarded_method(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return method(*args, **kwargs)
            except Exception as error:  # whatever it is, C++ cannot take it
                _report(method.__qualname__, error)
                # A class is called only now: a QPixmap cannot be made before the application.
                return fallback() if isinstance(fallback, type) else fallback  # type: ignore[return-value]  # chosen to fit

        guarded_method.is_guarded = True  # type: ignore[attr-defined]  # looked for by a test
        return guarded_method

    return decorate


def _report(name: str, error: Exception) -> None:
    # A method that paints fails at every frame: the first time tells all there is to know.
    key = (name, repr(error))
    if key in _reported:
        return
    _reported.add(key)
    # As text: a kept traceback would keep the frame and the QPainter in it, and a painter that
    # outlives its paint event brings Qt down.
    _log.error("%s failed\n%s", name, traceback.format_exc())
    # Whoever tells the listener of errors that nothing handles is told of this one, too.
    sys.excepthook(type(error), error.with_traceback(None), None)
