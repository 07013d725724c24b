"""Stall watch: how long the GUI thread is away, and where it was."""

import faulthandler
import gc
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, QTimer

_BEAT_MS = 1
_LOOK_S = 0.01
# Frames of a stack that are shown.
_FRAMES = 7
# Collections of garbage that take longer are told.
_COLLECTION_S = 0.005
# Where a thread stands that waits for something to do.
_IDLE = (
    "threading.py",
    "threads.py",
    "selectors.py",
    "concurrent/futures/thread.py",
    "watchfiles/main.py",
    "player_engine.py",
    "stall_watch.py",
)


@dataclass
class Gap:
    """A time in which the event loop did not turn.

    Attributes:
        step: What the listener did.
        length_s: How long it was.
        busy_s: How much of it the GUI thread computed; the rest it waited, for a core, Python's
            lock or something else.
        collected_s: How long Python collected garbage meanwhile.
        stacks: Where the GUI thread was seen, and what other threads did; innermost first.
    """

    step: str
    length_s: float = 0.0
    busy_s: float = 0.0
    collected_s: float = 0.0
    stacks: list[str] = field(default_factory=list)


class StallWatch:
    """Notes every gap over the budget; use it as a context manager on the GUI thread.

    A timer in the event loop notes when it was called; a thread that looks on writes down the
    stack of the GUI thread whenever the timer is late.

    Attributes:
        gaps: The gaps, in order.
        step: What the listener does now.
        turns_s: The longest time between two turns, by step.
    """

    def __init__(self, budget_s: float) -> None:
        self.gaps: list[Gap] = []
        self.step = "start"
        self.turns_s: dict[str, float] = {}
        self._budget_s = budget_s
        self._gap: Gap | None = None
        self._beat_s = time.perf_counter()
        self._busy_s = time.thread_time()
        self._collected_s = self._collection_began_s = 0.0
        self._main = threading.get_ident()
        self._ended = threading.Event()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._onlooker = threading.Thread(target=self._look, name="stall watch")

    def __enter__(self) -> "StallWatch":
        self._beat_s, self._busy_s = time.perf_counter(), time.thread_time()
        gc.callbacks.append(self._collects)
        self._timer.start(_BEAT_MS)
        self._onlooker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._onlooker.join()
        self._timer.stop()
        gc.callbacks.remove(self._collects)

    def _beat(self) -> None:
        now_s, busy_s = time.perf_counter(), time.thread_time()
        length_s, self._beat_s = now_s - self._beat_s, now_s
        computed_s, self._busy_s = busy_s - self._busy_s, busy_s
        collected_s, self._collected_s = self._collected_s, 0.0
        gap, self._gap = self._gap, None
        self.turns_s[self.step] = max(length_s, self.turns_s.get(self.step, 0.0))
        if length_s > self._budget_s:
            gap = gap or Gap(self.step)
            gap.length_s, gap.busy_s, gap.collected_s = length_s, computed_s, collected_s
            self.gaps.append(gap)

    def _collects(self, phase: str, info: Mapping[str, int]) -> None:
        if phase == "start":
            self._collection_began_s = time.perf_counter()
            return
        took_s = time.perf_counter() - self._collection_began_s
        if took_s > _COLLECTION_S:
            self._collected_s += took_s

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_S):
            if time.perf_counter() - self._beat_s < self._budget_s / 2:
                continue
            gap = self._gap = self._gap or Gap(self.step)
            stack = self._stack()
            if stack not in gap.stacks:
                gap.stacks.append(stack)

    def _stack(self) -> str:
        """Return where the GUI thread is, and what is not idle beside it.

        By way of faulthandler, which touches no frame: a frame that this thread held would keep
        the QPainter in it beyond its paint event, and that ends the process.
        """
        with tempfile.TemporaryFile("w+") as file:
            faulthandler.dump_traceback(file, all_threads=True)
            file.seek(0)
            text = file.read()
        seen, beside = "", ""
        for part in text.split("\n\n"):
            head, *lines = part.strip().splitlines()
            if f"{self._main:016x}" in head:
                seen = "\n".join(f"    {line.strip()}" for line in lines[:_FRAMES])
            elif lines and not any(place in lines[0] for place in _IDLE):
                beside += f"\n      beside it: {lines[0].strip()}"
        return seen + beside
