import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

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
