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
    command = [sys.executable, "-m", "tests.benchmarks.start_probe", str(home)]
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen")
    runs = []
    for _ in range(3):
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True, timeout=120
        )
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    best = min(runs, key=lambda run: float(run["songs"]))
    assert best["rows"] == TRACKS
    assert 0 < best["found"] < TRACKS
    yardstick_s = _bare_qt_s(environment)
    print(  # noqa: T201 (a benchmark is there to print)
        f"\nwindow after {best['window']:.2f} s, {TRACKS:,} songs after {best['songs']:.2f} s"
        f" ({best['songs_cpu']:.2f} s of a core; budget {BUDGET_START_S} s;"
        f" an empty Qt window alone: {yardstick_s:.2f} s, ratio {best['songs'] / yardstick_s:.1f})"
    )
    print(  # noqa: T201 (a benchmark is there to print)
        f"longest turn {best['longest_turn'] * 1e3:.0f} ms; a letter takes"
        f" {best['key_median'] * 1e3:.0f} ms, at most {best['key_worst'] * 1e3:.0f} ms"
        f" (budget {BUDGET_KEY_S * 1e3:.0f} ms)"
    )


def _bare_qt_s(environment: dict[str, str]) -> float:
    """Return how long Python takes to show an empty Qt window and end."""
    code = (
        "from PySide6.QtWidgets import QApplication, QWidget; a = QApplication([]);"
        " w = QWidget(); w.show(); a.processEvents()"
    )
    start_s = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
    return time.perf_counter() - start_s
