from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.settings import SettingsStore
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.page import PageContext
from mecomp_desktop.ui.settings.page import SettingsPage
from tests.support.ui import make_songs


@pytest.fixture
def page(qtbot: QtBot, app: Application, bridge: Bridge) -> SettingsPage:
    made = SettingsPage(PageContext.of(app, bridge))
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def test_folder_is_added_and_removed_and_comes_back(
    qtbot: QtBot, app: Application, page: SettingsPage, bridge: Bridge, tmp_path: Path
) -> None:
    more = make_songs(tmp_path / "more", 1)
    page.folders.add(more)
    qtbot.waitUntil(lambda: len(app.library.roots()) == 2, timeout=10_000)
    root = app.library.roots()[1]
    with qtbot.waitSignal(bridge.message) as signal:
        page.folders.remove(root)
    qtbot.waitUntil(lambda: len(app.library.roots()) == 1, timeout=10_000)
    assert signal.args[0] == "more is no longer a music folder; its files are untouched."
    signal.args[2]()
    qtbot.waitUntil(lambda: [root.path for root in app.library.roots()][1:] == [more])


def test_file_instead_of_a_folder_is_refused_in_words(
    qtbot: QtBot, app: Application, page: SettingsPage, bridge: Bridge, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.touch()
    with qtbot.waitSignal(bridge.failed) as failed:
        page.folders.add(file)
    assert "choose the folder it is in" in failed.args[0]


def test_theme_is_kept(app: Application, page: SettingsPage) -> None:
    page.theme.setFocus()
    page.theme.setCurrentIndex(page.theme.findData("dark"))
    page.theme.activated.emit(page.theme.currentIndex())
    assert app.settings.current.theme == "dark"


def test_every_change_is_saved_at_once(qtbot: QtBot, app: Application, page: SettingsPage) -> None:
    page.analysis.workers.setValue(2)
    page.analysis.effort.setCurrentIndex(page.analysis.effort.findData("gentle"))
    page.analysis.effort.activated.emit(page.analysis.effort.currentIndex())
    page.radio.artist.setValue(3)
    page.radio.longest.setValue(30)
    page.radio.adventure.slider.setValue(10)
    page.sound.loudness.preamp.setValue(-3)
    page.sound.loudness.clipping.click()
    watched = page.analysis.watch.isChecked()
    page.analysis.watch.click()
    assert app._core._writer.settle(10)
    again = SettingsStore(app.paths.settings_file).load()
    assert again.workers == 2
    assert again.analysis_effort == "gentle"
    assert again.radio.artist_window == 3
    assert again.radio.max_duration_s == pytest.approx(1800)
    assert again.radio.adventure == pytest.approx(0.5)
    assert again.watch_folders is not watched
    assert (again.loudness.preamp_db, again.loudness.prevent_clipping) == (-3.0, False)


def test_devices_begin_with_the_systems_own(
    qtbot: QtBot, app: Application, page: SettingsPage
) -> None:
    devices = page.sound.devices
    qtbot.waitUntil(lambda: devices.count() >= 1)
    assert devices.itemText(0).startswith("Same as the system")
    assert devices.currentData() == app.settings.current.output_device == ""


def test_absent_device_is_named_so(qtbot: QtBot, app: Application, page: SettingsPage) -> None:
    app.settings.update(output_device="USB DAC")
    page.sound.refresh()
    qtbot.waitUntil(lambda: page.sound.devices.currentText() == "USB DAC (not connected)")


def test_all_of_it_is_reached_by_tab(qtbot: QtBot, page: SettingsPage) -> None:
    controls = (
        page.sound.devices,
        page.theme,
        page.analysis.effort,
        page.analysis.workers.spin,
        page.analysis.watch,
        page.radio.adventure.slider,
        page.radio.artist.spin,
    )
    for control in controls:
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert control.accessibleName()


def test_nothing_holds_the_keyboard_unseen(page: SettingsPage) -> None:
    areas = page.findChildren(QScrollArea)
    assert areas
    for area in areas:
        assert not area.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_each_switch_of_the_desktop_is_a_setting(app: Application, page: SettingsPage) -> None:
    for name, switch in page.desktop.switches.items():
        before = getattr(app.settings.current, name)
        assert switch.isChecked() is before
        switch.click()
        assert getattr(app.settings.current, name) is not before
