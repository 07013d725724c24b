"""The table of actions; a new action is a line."""

from itertools import combinations
from typing import cast

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.action import Action, action_of_key, groups, menu_of
from mecomp_desktop.ui.action_targets import Commands
from mecomp_desktop.ui.actions import (
    ACTIONS,
    QUEUE_ACTIONS,
    SONG_ACTIONS,
    WINDOW_ACTIONS,
    action,
    keys_of,
)
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.pages import PAGES
from mecomp_desktop.ui.window_actions import WindowActions


def test_every_key_is_one_that_qt_knows() -> None:
    for entry in ACTIONS:
        for keys in entry.keys:
            assert QKeySequence(keys).toString(), keys


def test_no_two_actions_share_a_key() -> None:
    for entry, later in combinations(ACTIONS, 2):
        if entry in WINDOW_ACTIONS or later in WINDOW_ACTIONS or entry.group == later.group:
            assert not set(entry.keys) & set(later.keys), (entry.action_id, later.action_id)


def test_actions_are_unique_and_found_by_name() -> None:
    assert len({entry.action_id for entry in ACTIONS}) == len(ACTIONS)
    assert action("play.toggle").keys == ("Space",)
    assert keys_of("play.next") == "Ctrl+Right"
    with pytest.raises(KeyError):
        action("no.such")


def test_every_page_has_its_action() -> None:
    for page in PAGES:
        assert action(f"go.{page.name}").keys == (page.keys,)


def test_a_key_finds_its_action_whichever_enter_it_is() -> None:
    keypad = Qt.KeyboardModifier.KeypadModifier
    for key, modifiers, wanted in (
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "songs.play"),
        (Qt.Key.Key_Enter, keypad, "songs.play"),
        (Qt.Key.Key_Enter, keypad | Qt.KeyboardModifier.ControlModifier, "songs.enqueue"),
    ):
        found = action_of_key(SONG_ACTIONS, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))
        assert found is not None
        assert found.action_id == wanted
    nothing = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier)
    assert action_of_key(QUEUE_ACTIONS, nothing) is None


def test_a_new_action_of_a_list_is_a_line(bridge: Bridge, qtbot: QtBot) -> None:
    sung: list[str] = []
    line: Action[list[str]] = Action(
        "songs.sing", "Sing along", "Songs", lambda who: who.append("la"), ("Ctrl+Shift+L",)
    )
    off: Action[list[str]] = Action(
        "songs.hum", "Hum", "Songs", lambda who: who.append("hm"), enabled=lambda _who: False
    )
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = menu_of((line, off), sung, bridge.icons, parent)
    first, second = menu.actions()
    assert first.text() == "Sing along\tCtrl+Shift+L"
    assert not second.isEnabled()
    first.trigger()
    assert sung == ["la"]
    pressed = QKeyEvent(
        QEvent.Type.KeyPress,
        Qt.Key.Key_L,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert action_of_key((line, off), pressed) is line
    assert groups((line, off)) == ("Songs",)


class Whistle:
    """Commands of a window that can only be whistled at."""

    def __init__(self) -> None:
        self.calls = 0
        self.is_deaf = False

    def whistle(self) -> None:
        self.calls += 1


def test_a_new_action_of_the_window_is_a_line(bridge: Bridge, qtbot: QtBot) -> None:
    line: Action[Whistle] = Action(
        "view.whistle",
        "Whistle",
        "View",
        lambda whistle: whistle.whistle(),
        ("Ctrl+Shift+W",),
        enabled=lambda whistle: not whistle.is_deaf,
    )
    window, whistle = QWidget(), Whistle()
    qtbot.addWidget(window)
    table = cast("tuple[Action[Commands]]", (line,))
    actions = WindowActions(window, cast("Commands", whistle), table)
    with qtbot.waitSignal(actions.done):
        actions.action("view.whistle").trigger()
    menu = actions.menu(bridge.icons)
    (submenu,) = (made.menu() for made in menu.actions())
    submenu.actions()[0].trigger()  # type: ignore[attr-defined]  # a QMenu
    assert whistle.calls == 2
    whistle.is_deaf = True
    actions.action("view.whistle").trigger()
    assert whistle.calls == 2
