from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.widgets.search_field import SearchField


def test_a_burst_of_keys_is_one_search(bridge: Bridge, qtbot: QtBot) -> None:
    field = SearchField(bridge, "songs")
    qtbot.addWidget(field)
    searched: list[str] = []
    field.searched.connect(searched.append)
    qtbot.keyClicks(field, "abba")
    qtbot.waitUntil(lambda: bool(searched))
    assert searched[-1] == "abba"


def test_escape_clears_first_and_then_leaves(bridge: Bridge, qtbot: QtBot) -> None:
    field = SearchField(bridge, "songs")
    qtbot.addWidget(field)
    field.setText("abba")
    with qtbot.assertNotEmitted(field.left):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    with qtbot.waitSignal(field.left):
        qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_down_goes_to_the_results(bridge: Bridge, qtbot: QtBot) -> None:
    field = SearchField(bridge, "songs")
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.left):
        qtbot.keyClick(field, Qt.Key.Key_Down)
