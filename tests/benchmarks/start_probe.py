"""Starts the window as a listener does, and prints as JSON when what was there, in seconds.

Run as ``python -m tests.benchmarks.start_probe`` with MECOMP_DESKTOP_HOME set; times count from
the start of the process. It is the command itself that runs, without a sound card, and with a
timer that looks on; what the timer costs counts, too.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mecomp_desktop.cli.parser import parse
from mecomp_desktop.cli.window import run

if TYPE_CHECKING:
    from mecomp_desktop.ui.main import Session

_PATIENCE_S = 60.0
_REST_S = 3.0
_TYPED = "duan el"


def _began_s() -> float:
    """Return when this process began, in seconds of the monotonic clock."""
    stat = Path("/proc/self/stat").read_text(encoding="ascii")
    ticks = int(stat.rpartition(")")[2].split()[19])
    return ticks / os.sysconf("SC_CLK_TCK")


def _now_s() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class _Onlooker:
    """Notes when the songs are there, then types a search and closes the window."""

    def __init__(self, session: "Session") -> None:
        from PySide6.QtCore import QTimer

        self._session = session
        self._songs = session.shell.songs
        self._began_s = _began_s()
        self.times: dict[str, float] = {"window": self._since(), "window_cpu": time.process_time()}
        self._turn_s = time.perf_counter()
        self.longest_s = 0.0
        self._timer = QTimer(session.shell)
        self._timer.timeout.connect(self._look)
        self._timer.start(1)

    def _since(self) -> float:
        return _now_s() - self._began_s

    def _look(self) -> None:
        now_s = time.perf_counter()
        self.longest_s, self._turn_s = max(self.longest_s, now_s - self._turn_s), now_s
        if not self._songs.table.songs.rowCount() and self._since() < _PATIENCE_S:
            return
        self._timer.stop()
        self._songs.table.grab()
        self.times |= {
            "songs": self._since(),
            "songs_cpu": time.process_time(),
            "rows": self._songs.table.songs.rowCount(),
            "longest_turn": self.longest_s,
        }
        try:
            self._type()
        finally:
            self._session.close()

    def _type(self) -> None:
        from PySide6.QtCore import QCoreApplication
        from PySide6.QtTest import QTest

        _rest(_REST_S)  # type like a person: what the start set off is over
        field, songs = self._songs.heading.search, self._songs.table.songs
        keys, cpu = [], []
        for letter in _TYPED:
            before, begin_s, begin_cpu_s = songs.search, time.perf_counter(), time.thread_time()
            QTest.keyClicks(field, letter)
            while songs.search != field.text().strip():
                QCoreApplication.processEvents()
            QCoreApplication.processEvents()  # draws what was found
            if songs.search != before:
                keys.append(time.perf_counter() - begin_s)
                cpu.append(time.thread_time() - begin_cpu_s)
            _rest(0.1)
        self.times |= {
            "key_median": sorted(keys)[len(keys) // 2],
            "key_worst": max(keys),
            "key_cpu": sorted(cpu)[len(cpu) // 2],
            "found": songs.rowCount(),
        }


def _rest(seconds: float) -> None:
    """Let the program go on; QTest.qWait would keep Python's lock from its threads meanwhile."""
    from PySide6.QtCore import QCoreApplication

    end_s = time.perf_counter() + seconds
    while time.perf_counter() < end_s:
        QCoreApplication.processEvents()
        time.sleep(0.005)


def watch() -> int:
    """Run the program until the onlooker closes its window; print the times."""
    seen: list[_Onlooker] = []
    code = run(parse([]), lambda session: seen.append(_Onlooker(session)))
    sys.stdout.write(json.dumps(seen[0].times) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(watch())
