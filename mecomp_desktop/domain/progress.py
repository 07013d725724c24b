"""How far a long piece of work has come, and when it will be done."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW_S = 30.0
# A rate over less than this is noise: the first results of several workers come in one burst.
_SHORTEST_S = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """One look at a long piece of work.

    Attributes:
        done: Items that are finished and good.
        total: All items, the failed ones among them.
        failed: Items that could not be done.
        rate_per_s: Items a second, lately; 0 when nothing moves.
        eta_s: Seconds until the end at this rate; ``None`` when it is unknown.
    """

    done: int = 0
    total: int = 0
    failed: int = 0
    rate_per_s: float = 0.0
    eta_s: float | None = None

    @property
    def remaining(self) -> int:
        """How many items are still to do."""
        return max(0, self.total - self.done - self.failed)


class RateMeter:
    """Items a second over the last half minute; may be used from any thread.

    Args:
        clock: Seconds that never go back; other than the default only in tests.
        window_s: How far back it looks.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, window_s: float = _WINDOW_S
    ) -> None:
        self._clock = clock
        self._window_s = window_s
        self._marks: deque[tuple[float, int]] = deque()
        self._count = 0
        self._lock = threading.Lock()
        self.restart()

    def restart(self) -> None:
        """Forget what was; called at the start and when a pause ends."""
        with self._lock:
            self._marks.clear()
            self._marks.append((self._clock(), self._count))

    def add(self, items: int = 1) -> None:
        """Count finished items."""
        with self._lock:
            self._count += items
            self._marks.append((self._clock(), self._count))
            self._forget()

    def rate_per_s(self) -> float:
        """Return items a second, 0 while nothing is known."""
        with self._lock:
            self._forget()
            since, count = self._marks[0]
            span_s = self._clock() - since
            return (self._count - count) / span_s if span_s >= _SHORTEST_S else 0.0

    def eta_s(self, remaining: int) -> float | None:
        """Return the seconds that ``remaining`` items will take, or ``None``."""
        if remaining <= 0:
            return 0.0
        rate = self.rate_per_s()
        return remaining / rate if rate > 0 else None

    def _forget(self) -> None:
        horizon = self._clock() - self._window_s
        # One mark older than the window stays: it is where the window's count begins.
        while len(self._marks) > 1 and self._marks[1][0] <= horizon:
            self._marks.popleft()
