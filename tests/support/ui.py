"""A small real library, opened as the program opens it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import Engine
from mecomp_desktop.paths import Paths
from tests.support.audio_files import make_audio

_PATIENCE_S = 30.0


def make_songs(folder: Path, songs: int, duration_s: float = 2.0) -> Path:
    """Write tagged FLAC files into a folder; song ``n`` is called ``Song n``."""
    for number in range(1, songs + 1):
        tags = {
            "title": f"Song {number}",
            "artist": f"Artist {number}",
            "album": f"Album {(number + 1) // 2}",
            "tracknumber": str(number),
        }
        make_audio(folder / f"{number}.flac", duration_s, seed=number, tags=tags)
    return folder


@contextmanager
def library_of(paths: Paths, music: Path, engine: Engine) -> Iterator[Application]:
    """Open the program on a folder of FLAC files, and close it at the end.

    Args:
        paths: Where its data lives.
        music: The folder.
        engine: Plays them.
    """
    songs = len(list(music.glob("*.flac")))
    app = Application.open(paths, engine)
    try:
        # Without ``load``, which would begin to listen to the songs, too.
        app.library.add_root(music)
        until_s = time.monotonic() + _PATIENCE_S
        while len(app.library.catalog()) < songs or app.library.scan_status().running:
            assert time.monotonic() < until_s, "the songs were not found"
            time.sleep(0.01)
        yield app
    finally:
        app.close()
