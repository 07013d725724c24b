"""Stall watch: how long the GUI thread is away while a listener does everything, and where it was.

A timer in the event loop notes when it was called; a thread that looks on writes down the stack of
the GUI thread whenever the timer is late. Run it alone on a quiet machine::

    python -m pytest tests/benchmarks/test_stall_bench.py -m benchmark -s
"""

import faulthandler
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.paths import Paths, resource
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from mecomp_desktop.ui.library.columns import Column
from mecomp_desktop.ui.main import Session
from mecomp_desktop.ui.pages import PAGES
from tests.support.audio_files import make_audio
from tests.support.libraries import directions, store_vectors
from tests.support.library import many_facts

pytestmark = pytest.mark.benchmark
TRACKS = 20_000
NEW_FILES = 300
BUDGET_S = 0.05
_BEAT_MS = 1
_LOOK_S = 0.01
# Frames of a stack that are shown.
_FRAMES = 7
Step = tuple[str, Callable[[], object], float]


@dataclass
class Gap:
    """A time in which the event loop did not turn."""

    step: str
    length_s: float = 0.0
    stacks: list[str] = field(default_factory=list)


class StallWatch:
    """Notes every gap over the budget; use it as a context manager on the GUI thread."""

    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        self.step = "start"
        self._gap: Gap | None = None
        self._beat_s = time.perf_counter()
        self._main = threading.get_ident()
        self._ended = threading.Event()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._onlooker = threading.Thread(target=self._look, name="stall watch")

    def __enter__(self) -> "StallWatch":
        self._beat_s = time.perf_counter()
        self._timer.start(_BEAT_MS)
        self._onlooker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._onlooker.join()
        self._timer.stop()

    def _beat(self) -> None:
        now_s = time.perf_counter()
        length_s, self._beat_s = now_s - self._beat_s, now_s
        gap, self._gap = self._gap, None
        if length_s > BUDGET_S:
            gap = gap or Gap(self.step)
            gap.length_s = length_s
            self.gaps.append(gap)

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_S):
            if time.perf_counter() - self._beat_s < BUDGET_S / 2:
                continue
            gap = self._gap = self._gap or Gap(self.step)
            stack = self._stack()
            if stack not in gap.stacks:
                gap.stacks.append(stack)

    def _stack(self) -> str:
        """Return where the GUI thread is, innermost first.

        By way of faulthandler, which touches no frame: a frame that this thread held would keep
        the QPainter in it beyond its paint event, and that ends the process.
        """
        with tempfile.TemporaryFile("w+") as file:
            faulthandler.dump_traceback(file, all_threads=True)
            file.seek(0)
            text = file.read()
        for part in text.split("\n\n"):
            head, *lines = part.strip().splitlines()
            if f"{self._main:016x}" in head:
                return "\n".join(f"    {line.strip()}" for line in lines[:_FRAMES])
        return ""


class Script(QObject):
    """Runs steps from within the event loop, one after the other."""

    def __init__(self, watch: StallWatch, steps: Iterator[Step]) -> None:
        super().__init__()
        self._watch = watch
        self._steps = steps
        self._loop = QEventLoop(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)

    def run(self) -> None:
        """Return when the last step is over."""
        self._timer.start(0)
        self._loop.exec()

    def _next(self) -> None:
        step = next(self._steps, None)
        if step is None:
            self._loop.quit()
            return
        self._watch.step, act, look_s = step
        self._timer.start(round(look_s * 1000))
        act()


def make_library(paths: Paths) -> None:
    """Write 20,000 songs with vectors of the bundled model; their drive is not connected."""
    database = Database(paths.database)
    root_id = Roots(database).add(Path("/music"))
    Tracks(database).upsert_many(many_facts(TRACKS, root_id))
    info = load_model(resource(BUNDLED_MODEL)).info
    tracks = Tracks(database).all()
    store_vectors(database, tracks, directions(len(tracks), dimension=info.dimension), info)
    database.close()


@pytest.fixture
def session(paths: Paths, qapp: QApplication) -> Iterator[tuple[Application, Session]]:
    make_library(paths)
    app = Application.open(paths, NullEngine())
    made = Session(app, qapp)
    yield app, made
    made.close()
    made.end()
    app.close()


def script(app: Application, session: Session, music: Path) -> Iterator[Step]:
    """What the listener does: its name, the deed, and how long they look at it, in seconds."""
    shell = session.shell
    table = shell.songs.table
    yield "show", session.show, 0.3
    yield "start", app.start, 4.0
    for page in PAGES:
        yield f"open {page.name}", lambda name=page.name: shell.visit(name), 1.0
    for page in PAGES:
        yield f"open {page.name} again", lambda name=page.name: shell.visit(name), 0.3
    yield "songs", lambda: shell.visit("songs"), 0.3
    bar = table.verticalScrollBar()
    for place in np.linspace(0, 1, 12):
        yield "scroll songs", lambda at=place: bar.setValue(int(bar.maximum() * at)), 0.1
    shell.visit("albums")
    grid_bar = shell.albums.grid.verticalScrollBar()
    for place in np.linspace(0, 1, 8):
        yield "scroll albums", lambda at=place: grid_bar.setValue(int(grid_bar.maximum() * at)), 0.2
    yield "songs", lambda: shell.visit("songs"), 0.3
    rising = Qt.SortOrder.AscendingOrder
    search, header = shell.songs.heading.search, table.horizontalHeader()
    for letter in "duan el":
        yield f"search {letter!r}", lambda key=letter: QTest.keyClicks(search, key), 0.2
    yield "search ends", shell.songs.clear_search, 0.4
    for column in (Column.TITLE, Column.ALBUM, Column.TIME):
        yield f"sort {column.name}", lambda by=column: header.setSortIndicator(by, rising), 0.5
    yield "select all", table.selectAll, 0.3
    yield "enqueue all", lambda: shell._context.songs.enqueue(table.visible_ids()), 2.0
    yield "clear the queue", shell.queue.clear, 0.5
    yield "undo", shell.undo, 2.0
    for theme in ("dark", "light"):
        yield f"theme {theme}", lambda name=theme: app.settings.update(theme=name), 1.0
    yield "scan", lambda: app.library.add_root(music), 4.0
    yield "radio", lambda: shell._context.songs.start_radio(table.visible_ids()[:1]), 1.0
    for size in ((800, 560), (1280, 800)):
        yield f"resize {size}", lambda to=size: shell.window.resize(*to), 0.5


@pytest.mark.timeout(300)
def test_the_event_loop_turns_all_the_time(
    session: tuple[Application, Session], tmp_path: Path
) -> None:
    app, window = session
    first = make_audio(tmp_path / "new" / "0.wav", 0.5)
    for number in range(1, NEW_FILES):
        (first.parent / f"{number}.wav").write_bytes(first.read_bytes())
    with StallWatch() as watch:
        Script(watch, script(app, window, first.parent)).run()
    report(watch.gaps)
    assert app.library.roots()


def report(gaps: list[Gap]) -> None:
    print(f"\n{len(gaps)} gaps over {BUDGET_S * 1e3:.0f} ms")  # noqa: T201 (a benchmark prints)
    for gap in sorted(gaps, key=lambda gap: -gap.length_s):
        print(f"  {gap.length_s * 1e3:5.0f} ms  {gap.step}")  # noqa: T201 (a benchmark prints)
        for stack in gap.stacks[:3]:
            print(f"{stack}\n")  # noqa: T201 (a benchmark prints)
