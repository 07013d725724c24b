from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player.status_strip import StatusStrip
from tests.support.audio_files import make_audio


@pytest.fixture
def strip(qtbot: QtBot, app: Application, bridge: Bridge) -> StatusStrip:
    made = StatusStrip(app, bridge)
    qtbot.addWidget(made)
    made.resize(1200, 32)
    made.show()
    return made


def button(strip: StatusStrip, words: str) -> QPushButton:
    return next(found for found in strip.findChildren(QPushButton) if found.text() == words)


def test_says_how_much_there_is_while_nothing_goes_on(strip: StatusStrip) -> None:
    assert strip.accessibleName().startswith("4 songs")


def test_notice_offers_undo_and_goes(qtbot: QtBot, strip: StatusStrip) -> None:
    undone: list[bool] = []
    strip.show_message("3 songs removed from the queue.", "Undo", lambda: undone.append(True))
    assert strip.accessibleName() == "3 songs removed from the queue."
    button(strip, "Undo").click()
    assert undone == [True]
    assert strip.accessibleName().startswith("4 songs")


def test_notices_of_the_services_are_shown(
    qtbot: QtBot, app: Application, strip: StatusStrip
) -> None:
    app.playback.notice.emit("The sound device is gone.")
    qtbot.waitUntil(lambda: strip.accessibleName() == "The sound device is gone.")


def test_failed_background_work_is_reported(
    qtbot: QtBot, bridge: Bridge, strip: StatusStrip
) -> None:
    bridge.failed.emit("This is a file; choose the folder it is in")
    assert strip.accessibleName() == "This is a file; choose the folder it is in"


def test_analysis_is_shown_and_can_be_paused(
    qtbot: QtBot, app: Application, strip: StatusStrip
) -> None:
    app.analysis.pause()
    app.analysis.start()
    qtbot.waitUntil(lambda: "paused" in strip.accessibleName(), timeout=20_000)
    assert strip.accessibleName() == "Analysing your library, 0 of 4 · paused"
    button(strip, "Go on").click()
    qtbot.waitUntil(lambda: app.analysis.status().state != "paused", timeout=20_000)


def test_no_device_error_shows_nothing(strip: StatusStrip, tmp_path: Path) -> None:
    assert not button(strip, "Choose another").isVisible()


def test_songs_that_could_not_be_decoded_are_counted(
    qtbot: QtBot, app: Application, strip: StatusStrip
) -> None:
    make_audio(app.library.roots()[0].path / "short.wav", 0.001, seed=9)
    app.library.rescan()
    app.analysis.start()
    words = "4 of 5 songs analysed; 1 file could not be decoded"
    qtbot.waitUntil(lambda: words in strip.accessibleName(), timeout=60_000)
    with qtbot.waitSignal(strip.activity_wanted):
        button(strip, "Details").click()
