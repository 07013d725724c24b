from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.widgets.elided_label import ElidedButton, ElidedLabel

LONG = "A title that is far too long for the place that it was given in this window"


def test_cut_text_is_whole_in_the_tooltip(qtbot: QtBot, bridge: Bridge) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.resize(120, 24)
    label.show()
    label.show_text(LONG)
    assert label.text().endswith("…")
    assert label.toolTip() == label.accessibleName() == LONG


def test_text_that_fits_has_no_tooltip(qtbot: QtBot, bridge: Bridge) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.resize(400, 24)
    label.show()
    label.show_text("Short")
    assert (label.text(), label.toolTip()) == ("Short", "")


def test_text_button_is_pressed_by_mouse_and_keyboard(qtbot: QtBot, bridge: Bridge) -> None:
    button = ElidedButton(bridge, "Show it in the list", 14)
    qtbot.addWidget(button)
    button.show_text(LONG)
    button.resize(120, 24)
    button.show()
    assert button.toolTip() == f"{LONG}\nShow it in the list"
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_empty_text_button_is_off(qtbot: QtBot, bridge: Bridge) -> None:
    button = ElidedButton(bridge, "Show it in the list", 14)
    qtbot.addWidget(button)
    button.show_text("")
    assert not button.isEnabled()
