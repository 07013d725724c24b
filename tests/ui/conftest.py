"""What the tests of the window share: the program, a theme, a bridge; all end with the test."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.paths import Paths
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, applied."""
    made = Theme(qapp, "light")
    yield made
    qapp.setStyleSheet("")
    made.deleteLater()


@pytest.fixture
def bridge(theme: Theme) -> Iterator[Bridge]:
    """A bridge that is closed at the end."""
    made = Bridge(theme)
    yield made
    made.close()


@pytest.fixture
def app(paths: Paths) -> Iterator[Application]:
    """The program with an empty library and a silent player; opened, not started."""
    made = Application.open(paths, NullEngine())
    yield made
    made.close()
