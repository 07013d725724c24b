"""Opens the window as a listener does, does all that a listener may, and prints every stall.

Run as ``python -m tests.benchmarks.stall_probe NEW_MUSIC BUDGET_MS`` with MECOMP_DESKTOP_HOME set
to a library of `big_library`. It is the command itself that runs, without a sound card.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mecomp_desktop.cli.parser import parse
from mecomp_desktop.cli.window import run
from mecomp_desktop.domain.model_version import VersionId

if TYPE_CHECKING:
    from mecomp_desktop.app import Application
    from mecomp_desktop.ui.main import Session

_PATIENCE_S = 100.0
_STACKS = 3


@dataclass(frozen=True)
class Step:
    """Something that the listener does.

    Attributes:
        name: What.
        act: Does it.
        look_s: How long the listener looks at it, in seconds.
        until: What must have come true before the listener goes on.
    """

    name: str
    act: Callable[[], object]
    look_s: float
    until: Callable[[], bool] = lambda: True


def _nothing() -> None:
    pass


class Script:
    """Runs steps from within the event loop, one after the other, and closes the window."""

    def __init__(self, session: "Session", music: Path, budget_s: float) -> None:
        from PySide6.QtCore import QTimer

        from tests.benchmarks.stall_watch import StallWatch

        self.watch = StallWatch(budget_s)
        self._session = session
        self._steps = steps(session._app, session, music)
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)
        self._until: Callable[[], bool] = lambda: True
        self._waited_s = 0.0
        self.watch.__enter__()
        self._timer.start(300)

    def _next(self) -> None:
        if not self._until() and self._waited_s < _PATIENCE_S:
            self._waited_s += 0.1
            self._timer.start(100)
            return
        if not self._until():
            sys.stdout.write(f"waited in vain: {self.watch.step}\n")
        step = next(self._steps, None)
        if step is None:
            self.watch.__exit__()
            self._session.close()
            return
        self.watch.step, self._until, self._waited_s = step.name, step.until, 0.0
        self._timer.start(round(step.look_s * 1000))
        step.act()


def steps(app: "Application", session: "Session", music: Path) -> Iterator[Step]:
    """What the listener does."""
    shell = session.shell
    yield Step("start", _nothing, 3.0, lambda: shell.songs.table.songs.rowCount() > 0)
    yield Step("load the vectors", _nothing, 2.0, app.similarity.ready)
    yield from _visit_pages(session)
    yield from _scroll(session)
    yield from _search_and_sort(session)
    yield from _answer(app, session)
    yield from _adopt(app, session)
    yield from _queue(session)
    for theme in ("dark", "light"):
        choose = _chosen(app, theme)
        yield Step(f"theme {theme} with the whole library queued", choose, 1.0)
    for size in ((800, 560), (1280, 800)):
        resize = _resized(session, *size)
        yield Step(f"resize {size} with the whole library queued", resize, 0.7)
    yield Step("clear the queue", shell.queue.clear, 0.5)
    radio = shell._context.songs.start_radio
    yield Step("radio", lambda: radio(shell.songs.table.visible_ids()[:1]), 2.0)
    yield from _scan(app, session, music)


def _chosen(app: "Application", theme: str) -> Callable[[], object]:
    return lambda: app.settings.update(theme=theme)


def _resized(session: "Session", width: int, height: int) -> Callable[[], object]:
    return lambda: session.shell.window.resize(width, height)


def _visit_pages(session: "Session") -> Iterator[Step]:
    from mecomp_desktop.ui.pages import PAGES

    for time in ("first", "second"):
        for page in PAGES:
            visit = _visited(session, page.name)
            yield Step(f"open {page.name}, {time} time", visit, 0.8)


def _visited(session: "Session", name: str) -> Callable[[], object]:
    return lambda: session.shell.visit(name)


def _scroll(session: "Session") -> Iterator[Step]:
    shell = session.shell
    for page, view in (("songs", shell.songs.table), ("albums", shell.albums.grid)):
        yield Step(f"open {page}", _visited(session, page), 0.5)
        bar = view.verticalScrollBar()
        for share in range(13):
            yield Step(f"scroll {page}", _scrolled(bar, share / 12), 0.1)


def _scrolled(bar: object, share: float) -> Callable[[], object]:
    return lambda: bar.setValue(int(bar.maximum() * share))  # type: ignore[attr-defined]


def _search_and_sort(session: "Session") -> Iterator[Step]:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from mecomp_desktop.ui.library.columns import Column

    songs = session.shell.songs
    yield Step("open songs", _visited(session, "songs"), 0.3)
    for letter in "duan el":
        type_letter = _typed(QTest.keyClicks, songs.heading.search, letter)
        yield Step(f"search: {letter!r}", type_letter, 0.2)
    yield Step("search ends", songs.clear_search, 0.4)
    header = songs.table.horizontalHeader()
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        for column in (Column.TITLE, Column.ALBUM, Column.TIME, Column.ARTIST):
            sort = _typed(header.setSortIndicator, column, order)
            yield Step(f"sort by {column.name}", sort, 0.4)


def _typed(call: Callable[..., object], *values: object) -> Callable[[], object]:
    return lambda: call(*values)


def _answer(app: "Application", session: "Session") -> Iterator[Step]:
    """Answer questions, take one back, change and delete others."""
    from mecomp_desktop.domain.judgment import Pair

    yield Step("open quiz", _visited(session, "quiz"), 0.5)
    page = session.shell.window.page
    question, answers = page.question, page.answers  # type: ignore[attr-defined]
    for closest in (Pair.FIRST_SECOND, None, Pair.FIRST_THIRD):
        yield Step("wait for a question", _nothing, 0.3, lambda: question.asking)
        yield Step("answer", _typed(question.answer, closest), 0.5)
    yield Step("undo the answer", question.undo, 0.5)
    yield Step("select answers", answers.list.selectAll, 0.3)
    yield Step("change answers", answers._changer(Pair.SECOND_THIRD), 0.5)
    yield Step("undo the change", session.shell.undo, 0.5)
    yield Step("select answers", answers.list.selectAll, 0.3)
    yield Step("delete answers", answers.delete_selected, 0.5)
    yield Step("undo the deletion", session.shell.undo, 0.5)


def _adopt(app: "Application", session: "Session") -> Iterator[Step]:
    """Go to the listener's own model and back; the whole library is placed anew each time."""
    for name, number in (("own", VersionId(1)), ("bundled", None)):
        changed = threading.Event()
        app.quiz.models.changed.connect(changed.set)
        use = _typed(app.quiz.models.use, number)
        yield Step(f"adopt the {name} model", use, 1.0, changed.is_set)
        yield Step(f"after adopting the {name} model", _nothing, 1.0)


def _queue(session: "Session") -> Iterator[Step]:
    shell = session.shell
    table, queue = shell.songs.table, shell.queue
    yield Step("open songs", _visited(session, "songs"), 0.3)
    yield Step("select all", table.selectAll, 0.3)
    count = table.songs.rowCount()

    def is_queued() -> bool:
        return len(queue.model.entries) >= count

    enqueue = shell._context.songs.enqueue
    yield Step("enqueue all", lambda: enqueue(table.selected_ids()), 1.0, is_queued)
    yield Step("play", shell.playback.play, 0.5)
    yield Step("next", shell.playback.next, 0.5)
    yield Step("shuffle", shell.toggle_shuffle, 1.0)
    yield Step("no shuffle", shell.toggle_shuffle, 1.0)
    bar = queue.view.verticalScrollBar()
    for share in range(7):
        yield Step("scroll the queue", _scrolled(bar, share / 6), 0.1)
    yield Step("select the whole queue", queue.view.selectAll, 0.3)
    yield Step("remove the whole queue", queue.view.remove_selected, 1.0)
    yield Step("undo the removal", shell.undo, 1.0, is_queued)
    yield Step("clear the queue", queue.clear, 0.5)
    yield Step("undo the clearing", shell.undo, 1.0, is_queued)


def _scan(app: "Application", session: "Session", music: Path) -> Iterator[Step]:
    """Scan new songs, which are analysed as they are found, while the window is used."""
    scanned = threading.Event()
    app.library.scanned.connect(scanned.set)
    yield Step("scan new songs", lambda: app.library.add_root(music), 2.0)
    for page in ("albums", "artists", "quiz", "songs"):
        yield Step(f"open {page} during the scan", _visited(session, page), 0.5)
    yield Step("the scan goes on", _nothing, 0.5, scanned.is_set)
    yield Step("analysis goes on", _nothing, 4.0)


def report(script: Script, budget_s: float) -> None:
    """Print the gaps, the longest first, and how long each step kept the event loop at most."""
    watch = script.watch
    sys.stdout.write(f"{len(watch.gaps)} gaps over {budget_s * 1e3:.0f} ms\n")
    for gap in sorted(watch.gaps, key=lambda gap: -gap.length_s):
        sys.stdout.write(
            f"  {gap.length_s * 1e3:5.0f} ms, {gap.busy_s * 1e3:.0f} of them computing,"
            f" {gap.collected_s * 1e3:.0f} collecting garbage: {gap.step}\n"
        )
        for stack in gap.stacks[:_STACKS]:
            sys.stdout.write(f"{stack}\n\n")
    worst = sorted(watch.turns_s.items(), key=lambda turn: -turn[1])[:12]
    longest = ", ".join(f"{name} {took_s * 1e3:.0f}" for name, took_s in worst)
    sys.stdout.write(f"longest turns in ms: {longest}\n")


def main(music: Path, budget_s: float) -> int:
    """Run the program until the script closes its window."""
    scripts: list[Script] = []
    code = run(parse([]), lambda session: scripts.append(Script(session, music, budget_s)))
    report(scripts[0], budget_s)
    return code


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]) / 1e3))
