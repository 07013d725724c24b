from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.action import Action
from mecomp_desktop.ui.action_targets import Commands
from mecomp_desktop.ui.widgets.basics import button
from mecomp_desktop.ui.window_actions import WindowActions
from tests.support.windows import activate


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def window(qtbot: QtBot, done: list[str]) -> QWidget:
    made = QWidget()
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    column = QVBoxLayout(made)
    column.addWidget(button("Press", lambda: done.append("button")))
    column.addWidget(QLineEdit())
    toggle: Action[list[str]] = Action(
        "play.toggle", "Play", "Playing", lambda calls: calls.append("toggle"), ("Space",)
    )
    table = cast("tuple[Action[Commands]]", (toggle,))
    WindowActions(made, cast("Commands", done), table)
    qtbot.addWidget(made)
    made.show()
    activate(made, qtbot)
    return made


def test_space_plays_but_presses_a_button_that_has_the_keyboard(
    window: QWidget, qtbot: QtBot, done: list[str]
) -> None:
    window.setFocus()
    qtbot.waitUntil(window.hasFocus)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert done == ["toggle"]
    pressed = window.findChildren(QWidget)[0]
    pressed.setFocus()
    qtbot.keyClick(pressed, Qt.Key.Key_Space)
    assert done == ["toggle", "button"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_button_that_has_the_keyboard(
    window: QWidget, qtbot: QtBot, done: list[str], key: Qt.Key
) -> None:
    pressed = window.findChildren(QWidget)[0]
    pressed.setFocus()
    qtbot.keyClick(pressed, key)
    assert done == ["button"]


def test_space_is_a_letter_in_a_text_field(window: QWidget, qtbot: QtBot, done: list[str]) -> None:
    field = window.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "a b")
    assert field.text() == "a b"
    assert done == []
