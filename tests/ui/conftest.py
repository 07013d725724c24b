"""What the tests of the window share: the program, a theme, a bridge; all end with the test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.paths import Paths
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.theme.theme import Theme
from tests.support.ui import library_of, make_songs


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
def empty_app(paths: Paths) -> Iterator[Application]:
    """The program with an empty library and a silent player; opened, not started."""
    made = Application.open(paths, NullEngine())
    yield made
    made.close()


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four songs of 20 s, made once."""
    return make_songs(tmp_path_factory.mktemp("songs"), 4, 20.0)


@pytest.fixture
def app(qtbot: QtBot, paths: Paths, songs: Path, tmp_path: Path) -> Iterator[Application]:
    """The program, opened on four songs of 20 s."""
    music = Path(shutil.copytree(songs, tmp_path / "music"))
    with library_of(paths, music, NullEngine()) as opened:
        yield opened


@pytest.fixture
def ids(app: Application) -> list[TrackId]:
    """The songs, by title."""
    tracks = sorted(app.library.catalog().tracks, key=lambda track: track.title)
    return [track.id for track in tracks]
