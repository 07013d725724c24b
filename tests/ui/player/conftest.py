"""A program with a few songs, which plays without a sound card."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.paths import Paths
from tests.support.ui import library_of


@pytest.fixture
def app(qtbot: QtBot, paths: Paths, tmp_path: Path) -> Iterator[Application]:
    """The program, opened on four songs of 20 s."""
    with library_of(paths, tmp_path, NullEngine(), songs=4, duration_s=20.0) as opened:
        yield opened


@pytest.fixture
def ids(app: Application) -> list[TrackId]:
    """The songs, by title."""
    tracks = sorted(app.library.catalog().tracks, key=lambda track: track.title)
    return [track.id for track in tracks]
