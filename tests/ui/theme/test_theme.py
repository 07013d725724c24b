import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.theme.colours import DARK, LIGHT
from mecomp_desktop.ui.theme.theme import Theme, tabular


def test_choice_changes_every_widget_at_once(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.choose("dark")
    assert theme.colours is DARK
    assert qapp.palette().color(QPalette.ColorRole.Text).name() == DARK.text
    assert DARK.accent in qapp.styleSheet()
    assert LIGHT.accent not in qapp.styleSheet()


def test_same_choice_draws_nothing_anew(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.choose("light")


def test_follows_the_system_live(
    theme: Theme, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme.choose("system")
    assert not theme.is_dark
    # The offscreen platform has no scheme of its own, so what it says is put in its mouth.
    monkeypatch.setattr(Theme, "_system_is_dark", lambda _self: True)
    with qtbot.waitSignal(theme.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.is_dark
    theme.choose("light")
    assert not theme.is_dark


def test_what_is_built_while_held_is_dressed_at_the_end(theme: Theme, qapp: QApplication) -> None:
    with theme.held():
        assert qapp.styleSheet() == ""
        theme.choose("light")
    assert LIGHT.accent in qapp.styleSheet()


def test_figures_take_equal_room(theme: Theme, qapp: QApplication) -> None:
    font = tabular(qapp.font())
    assert font.featureTags()
    assert font.pixelSize() == 13
