"""Starts the window as a listener does, and prints as JSON when what was there, in seconds.

Run as ``python -m tests.benchmarks.start_probe HOME``; times count from the start of the process.
"""

import json
import sys
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.paths import Paths
from mecomp_desktop.ui.main import Session, qt_application

_PATIENCE_S = 60.0
_TYPED = "ka re"


def main(home: Path) -> None:
    """Start, wait for the songs, type a search, and print the times."""
    began_s = psutil.Process().create_time()
    times: dict[str, float] = {"imported": time.time() - began_s}
    qt = qt_application()
    app = Application.open(Paths.below(home), NullEngine())
    session = Session(app, qt)
    session.show()
    qt.processEvents()
    times["window"] = time.time() - began_s
    QTimer.singleShot(0, app.start)
    table = session.shell.songs.table
    deadline = time.monotonic() + _PATIENCE_S
    longest_s = 0.0
    while not table.songs.rowCount() and time.monotonic() < deadline:
        turn_s = time.perf_counter()
        qt.processEvents()
        longest_s = max(longest_s, time.perf_counter() - turn_s)
        time.sleep(0.001)
    table.grab()
    times["songs"] = time.time() - began_s
    times["songs_cpu"] = time.process_time()
    times["longest_turn"] = longest_s
    times["rows"] = table.songs.rowCount()
    keys = []
    for letter in _TYPED:
        _settle(app)
        before, begin_s = table.songs.search, time.perf_counter()
        QTest.keyClick(session.shell.songs.heading.search, letter)
        wanted = session.shell.songs.heading.search.text().strip()
        while table.songs.search != wanted:
            qt.processEvents()
        qt.processEvents()
        if wanted != before:
            keys.append(time.perf_counter() - begin_s)
    times["key_median"] = sorted(keys)[len(keys) // 2]
    times["key_worst"] = max(keys)
    times["found"] = table.songs.rowCount()
    session.close()
    session.end()
    app.close()
    sys.stdout.write(json.dumps(times) + "\n")


def _settle(app: Application) -> None:
    """Type like a person: what the start set off is over before the next key."""
    deadline = time.monotonic() + _PATIENCE_S
    while app.library.scan_status().running and time.monotonic() < deadline:
        QTest.qWait(50)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
