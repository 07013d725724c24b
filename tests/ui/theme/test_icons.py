import ast
import json
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from mecomp_desktop import ui
from mecomp_desktop.paths import resource
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.theme.colours import DARK, LIGHT


def colours_in(image: QImage) -> set[str]:
    """The colours of the pixels that are fully painted."""
    pixels = (
        QColor.fromRgba(image.pixel(x, y))
        for x in range(image.width())
        for y in range(image.height())
    )
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_icon_has_the_colour_of_its_role(bridge: Bridge) -> None:
    image = bridge.icons.pixmap("play-fill", 32, "accent").toImage()
    assert colours_in(image) == {LIGHT.accent}


def test_bound_icon_follows_the_theme(bridge: Bridge, qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    bridge.icons.bind(button, "play-fill", "text")
    bridge.icons.bind(button, "pause-fill", "text")
    bridge.theme.choose("dark")
    assert colours_in(button.icon().pixmap(32, 32).toImage()) == {DARK.text}


def test_unknown_icon_leaves_the_button_usable(
    bridge: Bridge, caplog: pytest.LogCaptureFixture
) -> None:
    assert bridge.icons.icon("no-such-icon").isNull()
    assert "no-such-icon" in caplog.text


def test_every_name_of_the_set_is_drawn(bridge: Bridge) -> None:
    names = json.loads(resource("icons/phosphor/codepoints.json").read_text(encoding="utf-8"))
    assert len(names) > 3_000
    for name in ("play", "play-fill", "acorn", "x-square-fill"):
        image = bridge.icons.pixmap(name, 32).toImage()
        assert LIGHT.text in colours_in(image), name
    regular = bridge.icons.pixmap("play", 64).toImage()
    filled = bridge.icons.pixmap("play-fill", 64).toImage()
    assert regular != filled


# Which argument of a call is the icon's name.
_NAME_ARGUMENT = {"icon": 0, "pixmap": 0, "bind": 1}


def icons_named_in(source: str) -> set[str]:
    """The icons that are named as plain strings in calls such as ``icons.bind(button, "x")``."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        position = _NAME_ARGUMENT.get(node.func.attr)
        if position is None or not ast.unparse(node.func.value).endswith("icons"):
            continue
        found |= {
            part.value
            for argument in node.args[position : position + 1]
            for part in ast.walk(argument)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        }
    return found


def test_every_icon_that_the_window_names_exists() -> None:
    names = json.loads(resource("icons/phosphor/codepoints.json").read_text(encoding="utf-8"))
    files = Path(ui.__path__[0]).rglob("*.py")
    used = set().union(*(icons_named_in(file.read_text("utf-8")) for file in files))
    assert len(used) > 10
    assert used <= names.keys()
