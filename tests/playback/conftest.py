"""A player with three songs of half a minute."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.playback.service import PlaybackService
from tests.support.players import LONG_S, FakeLibrary, library_of_files, open_player


@pytest.fixture(scope="package")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three songs, made once."""
    folder = tmp_path_factory.mktemp("songs")
    library_of_files(folder, [LONG_S] * 3)
    return folder


@pytest.fixture
def fake_library(songs: Path) -> FakeLibrary:
    """The songs, numbered from 1."""
    made = FakeLibrary()
    for number in (1, 2, 3):
        made.put(number, songs / f"{number}.wav", LONG_S)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the store is; it outlives the player."""
    return tmp_path / "store.sqlite3"


@pytest.fixture
def player(file: Path, fake_library: FakeLibrary) -> Iterator[PlaybackService]:
    """The player; it ends with the test."""
    with open_player(file, fake_library) as made:
        yield made
