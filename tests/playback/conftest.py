"""A player with three songs of half a minute."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.playback.service import PlaybackService
from tests.support.players import LONG_S, Shelf, open_player, shelf_of


@pytest.fixture(scope="package")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three songs, made once."""
    folder = tmp_path_factory.mktemp("songs")
    shelf_of(folder, [LONG_S] * 3)
    return folder


@pytest.fixture
def shelf(songs: Path) -> Shelf:
    """The songs, numbered from 1."""
    made = Shelf()
    for number in (1, 2, 3):
        made.put(number, songs / f"{number}.wav", LONG_S)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the store is; it outlives the player."""
    return tmp_path / "store.sqlite3"


@pytest.fixture
def player(file: Path, shelf: Shelf) -> Iterator[PlaybackService]:
    """The player; it ends with the test."""
    with open_player(file, shelf) as made:
        yield made
