from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.widgets.controls import Number, Switch


def test_number_is_changed_from_the_keyboard_and_named(qtbot: QtBot, bridge: Bridge) -> None:
    number = Number(bridge, 0, 10, "songs", "No limit")
    qtbot.addWidget(number)
    number.setAccessibleName("An artist comes back after")
    number.show()
    with qtbot.waitSignal(number.valueChanged) as changed:
        qtbot.keyClick(number.spin, Qt.Key.Key_Up)
    assert changed.args == [1]
    assert number.spin.text() == "1 song"
    assert number.spin.accessibleName() == "An artist comes back after"
    assert number.spin.lineEdit().width() > 80, "the number can be seen"


def test_zero_is_shown_in_words(qtbot: QtBot, bridge: Bridge) -> None:
    number = Number(bridge, 0, 10, "songs", "No limit")
    qtbot.addWidget(number)
    assert number.spin.text() == "No limit"


def test_switch_turns_and_looks_different(qtbot: QtBot, bridge: Bridge) -> None:
    switch = Switch(bridge)
    qtbot.addWidget(switch)
    off = switch.grab().toImage()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert switch.isChecked()
    assert switch.grab().toImage() != off
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()
