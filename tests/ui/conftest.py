"""What the tests of the window share: a theme and a bridge that end with the test."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

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
