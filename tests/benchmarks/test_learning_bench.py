"""Whether the window stutters, or music stops, while the program learns from its listener.

10,000 songs, 200 answers: a child process learns, the library is placed anew and the neighbours
are found anew. Meanwhile a timer of 10 ms runs in the window's loop and a song plays by the clock.
The same window, left alone just before, is the baseline.

``pytest tests/benchmarks/test_learning_bench.py -m benchmark -s``
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.cli.window import hurrying
from mecomp_desktop.paths import Paths
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.shell import Shell
from mecomp_desktop.ui.theme.theme import Theme
from tests.support.audio_files import make_audio
from tests.support.listeners import Listener, World, make_world
from tests.support.personal_library import furnish, say

SONGS, ANSWERS, TICK_S = 10_000, 200, 0.010
_PATIENCE_MS = 300_000
pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]


class Ticks:
    """A timer in the window's loop, and how late each of its ticks came."""

    def __init__(self) -> None:
        self._late_s: list[float] = []
        self._before_s = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(round(1000 * TICK_S))

    def take(self) -> np.ndarray:
        """Return the lateness of the ticks since the last time, in milliseconds."""
        taken, self._late_s = self._late_s, []
        return 1000 * np.maximum(np.array(taken), 0)

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self._late_s.append(now_s - self._before_s - TICK_S)
        self._before_s = now_s


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path / "world", SONGS)


@pytest.fixture
def app(
    paths: Paths, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Application]:
    monkeypatch.setattr("mecomp_desktop.core.resource", lambda _: world.model)
    furnish(paths, world)
    made = Application.open(paths, NullEngine())
    made.settings.update(watch_folders=False)
    make_audio(paths.data / "music" / "0.flac", 300.0, sample_rate_hz=8000)
    yield made
    made.close()


@pytest.fixture
def as_in_use() -> Iterator[Callable[[], None]]:
    """Threads take turns as they do in the program; call what it gives once the window is there."""
    with hurrying() as there:
        yield there


def test_window_and_music_while_learning(
    app: Application,
    world: World,
    as_in_use: Callable[[], None],
    qapp: object,
    qtbot: QtBot,
) -> None:
    theme = Theme(qapp, "light")  # type: ignore[arg-type]  # the fixture is a QApplication
    bridge = Bridge(theme)
    shell = Shell(app, bridge)
    app.library.load()
    app.analysis.prepare()
    wait(qtbot, app.similarity.ready)
    assert app.similarity.settle(120)
    shell.window.show()
    shell.window.go("quiz")
    as_in_use()
    song = next(track for track in app.library.catalog().tracks if track.path.name == "0.flac")
    app.playback.play_tracks([song.id])
    wait(qtbot, lambda: app.playback.status().position_s > 0.5)
    say(app._core.database, Listener(world, 3), SONGS, ANSWERS)
    ticks = Ticks()
    qtbot.wait(3000)
    ticks.take()
    qtbot.wait(5000)
    alone_ms = ticks.take()
    began_s, position_s = time.perf_counter(), app.playback.status().position_s
    children_s = sum(os.times()[2:4])
    app.quiz.learn()
    wait(qtbot, lambda: not app.quiz.learning().running)
    took_s = time.perf_counter() - began_s
    child_s = sum(os.times()[2:4]) - children_s
    learning_ms = ticks.take()
    ticks.stop()
    status = app.quiz.learning()
    played_s = app.playback.status().position_s - position_s
    playing = app.playback.status().state is PlayerState.PLAYING
    app.playback.pause()
    bridge.close()
    shell.window.close()
    sys.stdout.write(
        f"\nlearning from {ANSWERS} answers, {SONGS:,} songs, until all is placed: {took_s:.1f} s, "
        f"of which the child worked {child_s:.1f} s"
        f" (adopted: {status.verdict is not None and status.verdict.adopted}; {status.error})\n"
        f"ticks of 10 ms late, worst / 99 %: {learning_ms.max():.0f} / "
        f"{np.percentile(learning_ms, 99):.0f} ms; left alone {alone_ms.max():.0f} / "
        f"{np.percentile(alone_ms, 99):.0f} ms; music went on for "
        f"{played_s:.1f} s\n"
    )
    assert status.error == ""
    assert playing
    assert played_s > 0.9 * took_s
    assert len(learning_ms) > 10


def wait(qtbot: QtBot, done: Callable[[], bool]) -> None:
    qtbot.waitUntil(done, timeout=_PATIENCE_MS)
