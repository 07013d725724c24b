from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.ui.activity.page import ActivityPage
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.page import PageContext
from tests.support.audio_files import make_audio


@pytest.fixture
def page(qtbot: QtBot, app: Application, bridge: Bridge) -> ActivityPage:
    made = ActivityPage(PageContext.of(app, bridge))
    qtbot.addWidget(made)
    made.resize(960, 640)
    made.show()
    return made


def spoil(app: Application, name: str) -> Path:
    """Put a file that cannot be read into the music folder, and have it found."""
    path = app.library.roots()[0].path / name
    path.write_bytes(b"")
    app.library.rescan()
    return path


def button(page: ActivityPage, words: str) -> QPushButton:
    shown = [
        shown_button for shown_button in page.findChildren(QPushButton) if shown_button.isVisible()
    ]
    return next(shown_button for shown_button in shown if shown_button.text() == words)


def test_says_that_all_is_well(page: ActivityPage) -> None:
    assert page.count == 0
    assert not page.failures.isVisible()


def test_unreadable_file_is_listed_counted_and_copied(
    qtbot: QtBot, app: Application, page: ActivityPage
) -> None:
    with qtbot.waitSignal(page.badge_changed, timeout=10_000) as counted:
        path = spoil(app, "empty.flac")
    assert counted.args == [1]
    assert page.failures.isVisible()
    button(page, "Copy").click()
    assert QGuiApplication.clipboard().text() == f"{path}\tthe file is empty"


def test_mended_file_leaves_the_list_when_tried_again(
    qtbot: QtBot, app: Application, page: ActivityPage
) -> None:
    path = spoil(app, "empty.flac")
    qtbot.waitUntil(lambda: page.count == 1, timeout=10_000)
    make_audio(path, 2.0, seed=9)
    button(page, "Try all again").click()
    qtbot.waitUntil(lambda: page.count == 0, timeout=10_000)
    qtbot.waitUntil(lambda: len(app.library.catalog()) == 5, timeout=10_000)


def test_buttons_act_on_the_selected_rows(
    qtbot: QtBot, app: Application, page: ActivityPage
) -> None:
    spoil(app, "a.flac")
    spoil(app, "b.flac")
    qtbot.waitUntil(lambda: page.count == 2, timeout=10_000)
    page.failures.table.selectRow(1)
    button(page, "Copy").click()
    assert QGuiApplication.clipboard().text().count("\n") == 0
    assert "b.flac" in QGuiApplication.clipboard().text()
    assert button(page, "Try again").isEnabled()


def test_looks_again_for_songs(qtbot: QtBot, app: Application, page: ActivityPage) -> None:
    make_audio(app.library.roots()[0].path / "new.flac", 2.0, seed=9)
    qtbot.waitUntil(lambda: button(page, "Look again").isVisible())
    button(page, "Look again").click()
    qtbot.waitUntil(lambda: len(app.library.catalog()) == 5, timeout=10_000)
