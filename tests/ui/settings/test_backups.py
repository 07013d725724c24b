from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.store import backups
from mecomp_desktop.store.recovery import open_library
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.settings.backups import BackupSettings


@pytest.fixture
def section(qtbot: QtBot, app: Application, bridge: Bridge) -> BackupSettings:
    made = BackupSettings(app, bridge)
    qtbot.addWidget(made)
    return made


def test_back_up_and_restore(
    qtbot: QtBot, app: Application, bridge: Bridge, section: BackupSettings, tmp_path: Path
) -> None:
    target = tmp_path / "mine.sqlite3"
    with qtbot.waitSignal(bridge.message) as signal:
        section.back_up(target)
    assert signal.args[0] == f"The library is backed up to {target}."
    backups.check(target)
    with qtbot.waitSignal(bridge.message) as signal:
        section.restore(target)
    assert "when the program is started again" in signal.args[0]
    app.close()
    database, sentence = open_library(app.paths.database)
    database.close()
    assert "was restored" in sentence


def test_what_is_no_backup_is_reported(
    qtbot: QtBot, bridge: Bridge, section: BackupSettings, tmp_path: Path
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"no library")
    with qtbot.waitSignal(bridge.failed) as signal:
        section.restore(tmp_path / "photo.jpg")
    assert "is no backup of a library" in signal.args[0]


def test_it_says_when_the_last_was_made(
    qtbot: QtBot, app: Application, section: BackupSettings
) -> None:
    section.show()
    qtbot.waitUntil(lambda: "there is none yet" in section._newest.caption.text())
    backups.before_restore(app.paths.database)
    section.hide()
    section.show()
    qtbot.waitUntil(lambda: "the last is of 20" in section._newest.caption.text())
