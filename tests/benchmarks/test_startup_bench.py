"""How long a start takes with 100,000 songs, and a letter in the search; as a listener waits."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from tests.support.library import many_facts

pytestmark = pytest.mark.benchmark
TRACKS = 100_000
RUNS = 3
BUDGET_START_S = 1.5
BUDGET_KEY_S = 0.05


def make_library(home: Path) -> None:
    """Write a library of 100,000 songs whose drive is not connected."""
    paths = Paths.below(home)
    paths.create()
    database = Database(paths.database)
    root_id = Roots(database).add(Path("/music"))
    Tracks(database).upsert_many(many_facts(TRACKS, root_id))
    database.close()


@pytest.mark.timeout(300)
def test_start_and_search_with_a_large_library(home: Path) -> None:
    make_library(home)
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", MECOMP_DESKTOP_HOME=str(home))
    runs = []
    for _ in range(RUNS):
        done = _python(environment, "-m", "tests.benchmarks.start_probe")
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    best = min(runs, key=lambda run: float(run["songs"]))
    assert best["rows"] == TRACKS
    assert 0 < best["found"] < TRACKS
    bare_s, bare_cpu_s = _bare_start(environment, Paths.below(home).database)
    print(  # noqa: T201 (a benchmark is there to print)
        f"\nwindow after {best['window']:.2f} s, {TRACKS:,} songs in order after"
        f" {best['songs']:.2f} s (budget {BUDGET_START_S} s), {best['songs_cpu']:.2f} s of a core;"
        f" an empty Qt window and the bare rows: {bare_s:.2f} s, {bare_cpu_s:.2f} s of a core;"
        f" ratio {best['songs'] / bare_s:.1f}, of the core {best['songs_cpu'] / bare_cpu_s:.1f}"
    )
    quickest = min(runs, key=lambda run: float(run["key_median"]))
    print(  # noqa: T201 (a benchmark is there to print)
        f"longest turn {best['longest_turn'] * 1e3:.0f} ms; a letter takes"
        f" {quickest['key_median'] * 1e3:.0f} ms, at most {quickest['key_worst'] * 1e3:.0f} ms"
        f" (budget {BUDGET_KEY_S * 1e3:.0f} ms), {quickest['key_cpu'] * 1e3:.0f} ms of a core"
    )


def _bare_start(environment: dict[str, str], database: Path) -> tuple[float, float]:
    """Return the seconds, and those of a core, of an empty Qt window and a plain fetch of all."""
    code = (
        "import sqlite3, sys, time; from PySide6.QtWidgets import QApplication, QWidget;"
        "a = QApplication([]); w = QWidget(); w.show(); a.processEvents();"
        "rows = sqlite3.connect(sys.argv[1]).execute('SELECT * FROM tracks').fetchall();"
        "print(time.process_time())"
    )
    times = []
    for _ in range(RUNS):
        start_s = time.perf_counter()
        done = _python(environment, "-c", code, str(database))
        times.append((time.perf_counter() - start_s, float(done.stdout)))
    return min(times)


def _python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
