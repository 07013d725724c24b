"""Random keys, clicks and resizes through every page, from fixed seeds; the log stays clean."""

import random
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.ui.actions import ACTIONS
from mecomp_desktop.ui.main import Session
from mecomp_desktop.ui.pages import PAGES
from tests.support.windows import activate

# Not walked into: what ends the program, and what opens other programs.
OUTSIDE = ("app.quit", "songs.folder")
KEYS = [keys for entry in ACTIONS if entry.action_id not in OUTSIDE for keys in entry.keys]
MORE_KEYS = ["Tab", "Shift+Tab", "Up", "Down", "Home", "End", "PgUp", "PgDown", "Esc", "Menu"]
LETTERS = "abes 1"
SIZES = [(800, 560), (900, 600), (1024, 700), (1280, 800), (1920, 1080)]


class Walker:
    """Does one random thing after the other to a window, and writes down what."""

    def __init__(self, session: Session, seed: int) -> None:
        self._window = session.shell.window
        self._session = session
        self._random = random.Random(seed)
        self.steps: list[str] = []

    def step(self) -> None:
        kinds: list[tuple[int, Callable[[], str]]] = [
            (50, self._press_shortcut),
            (25, self._press_other),
            (8, self._type),
            (12, self._click),
            (3, self._resize),
            (2, self._visit),
        ]
        weights, moves = [weight for weight, _ in kinds], [move for _, move in kinds]
        self.steps.append(self._random.choices(moves, weights)[0]())
        QApplication.processEvents()
        self._leave_dialogs()

    def _target(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        modal = QApplication.activeModalWidget()
        return popup or QApplication.focusWidget() or modal or self._window

    def _press(self, keys: str) -> str:
        target = self._target()
        QTest.keySequence(target, keys)
        return f"{keys} on {type(target).__name__}"

    def _press_shortcut(self) -> str:
        return self._press(self._random.choice(KEYS))

    def _press_other(self) -> str:
        return self._press(self._random.choice(MORE_KEYS))

    def _type(self) -> str:
        return self._press(self._random.choice(LETTERS).replace(" ", "Space"))

    def _click(self) -> str:
        page = self._window
        where = QPoint(self._random.randrange(page.width()), self._random.randrange(page.height()))
        found = page.childAt(where) or page
        button = self._random.choice([Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton])
        if self._opens_something_outside(found):
            return "nothing"
        QTest.mouseClick(found, button, pos=found.mapFrom(page, where))
        return f"{button.name} at {where.x()},{where.y()} on {type(found).__name__}"

    @staticmethod
    def _opens_something_outside(widget: QWidget) -> bool:
        return getattr(widget, "text", str)() in ("Open", "Show in folder")

    def _resize(self) -> str:
        size = self._random.choice(SIZES)
        self._window.resize(*size)
        return f"resize {size}"

    def _visit(self) -> str:
        name = self._random.choice(PAGES).name
        self._session.shell.visit(name)
        return f"visit {name}"

    def _leave_dialogs(self) -> None:
        for dialog in self._window.findChildren(QWidget):
            # A closed dialog may take its children along while this list is gone through.
            if not shiboken6.isValid(dialog):
                continue
            if isinstance(dialog, QFileDialog | QMessageBox) and dialog.isVisible():
                dialog.reject()
        popup = QApplication.activePopupWidget()
        if popup is not None and self._random.random() < 0.5:
            popup.close()


@pytest.fixture
def session(app: Application, qapp: QApplication, qtbot: QtBot) -> Iterator[Session]:
    made = Session(app, qapp)
    made.show()
    app.library.load()
    qtbot.waitUntil(lambda: made.shell.songs.heading.count == "4 songs", timeout=20_000)
    activate(made.shell.window, qtbot)
    yield made
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    made.close()
    made.end()


@pytest.fixture
def no_other_programs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep "Show in folder" from starting a file manager; the only part that is not real."""
    opened: list[str] = []
    monkeypatch.setattr(
        "PySide6.QtGui.QDesktopServices.openUrl", lambda url: opened.append(url.toString())
    )
    return opened


def walk(session: Session, seed: int, steps: int) -> None:
    walker = Walker(session, seed)
    try:
        for _ in range(steps):
            walker.step()
    except Exception as error:
        raise AssertionError(f"seed {seed}: after {walker.steps[-12:]}") from error


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_a_short_walk_leaves_the_log_clean(
    session: Session, no_other_programs: list[str], qtbot: QtBot, seed: int
) -> None:
    with qtbot.captureExceptions() as raised:
        walk(session, seed, 80)
    assert raised == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(10, 20))
def test_three_thousand_steps_leave_the_log_clean(
    session: Session, no_other_programs: list[str], qtbot: QtBot, seed: int
) -> None:
    with qtbot.captureExceptions() as raised:
        walk(session, seed, 300)
    assert raised == []
