from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.ui.action_palette import ActionPalette, matching
from mecomp_desktop.ui.actions import WINDOW_ACTIONS
from mecomp_desktop.ui.main import Session
from mecomp_desktop.ui.problem_dialog import ProblemDialog
from tests.support.windows import activate


@pytest.fixture
def session(app: Application, qapp: QApplication, qtbot: QtBot) -> Iterator[Session]:
    made = Session(app, qapp)
    made.show()
    app.library.load()
    qtbot.waitUntil(lambda: made.shell.songs.heading.count == "4 songs", timeout=20_000)
    activate(made.shell.window, qtbot)
    yield made
    made.close()
    made.end()


def open_palette(session: Session, qtbot: QtBot) -> ActionPalette:
    activate(session.shell.window, qtbot)
    QTest.keySequence(session.shell.window, "Ctrl+Shift+P")
    (palette,) = session.shell.window.findChildren(ActionPalette)
    qtbot.waitUntil(palette.isVisible)
    return palette


def texts(palette: ActionPalette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def test_every_typed_word_narrows_and_the_beginning_counts_most() -> None:
    names = [entry.action_id for entry in matching(WINDOW_ACTIONS, "SHOW queue")]
    assert names == ["view.queue"]
    first = matching(WINDOW_ACTIONS, "mute")[0]
    assert first.action_id == "volume.mute"
    assert matching(WINDOW_ACTIONS, "no such thing") == []
    assert matching(WINDOW_ACTIONS, " ") == list(WINDOW_ACTIONS)


def test_what_is_chosen_is_done(session: Session, qtbot: QtBot) -> None:
    palette = open_palette(session, qtbot)
    QTest.keyClicks(palette.field, "artists")
    assert texts(palette)[0].startswith("View: Artists")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert session.shell.window.page_name == "artists"
    qtbot.waitUntil(lambda: not session.shell.window.findChildren(ActionPalette))


def test_arrow_keys_move_and_escape_does_nothing(session: Session, qtbot: QtBot) -> None:
    palette = open_palette(session, qtbot)
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentRow() == 1
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert session.shell.window.page_name == "songs"
    qtbot.waitUntil(lambda: not session.shell.window.findChildren(ActionPalette))


def test_only_what_can_be_done_now_is_offered(
    session: Session, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    palette = open_palette(session, qtbot)
    assert not any("Undo" in text for text in texts(palette))
    palette.close()
    qtbot.waitUntil(lambda: not session.shell.window.findChildren(ActionPalette))
    app.playback.play_tracks(ids)
    app.playback.clear()
    again = open_palette(session, qtbot)
    assert any("Undo" in text for text in texts(again))
    again.close()


def test_a_report_can_be_read_and_copied(session: Session, qtbot: QtBot) -> None:
    session.shell.report_problem()
    (dialog,) = session.shell.window.findChildren(ProblemDialog)
    qtbot.waitUntil(lambda: "Songs: 4" in dialog.text.toPlainText(), timeout=20_000)
    dialog.copy()
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
    dialog.close()
