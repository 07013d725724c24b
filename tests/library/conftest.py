import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.store.database import Database
from tests.support.audio_files import make_audio
from tests.support.music_folder import Library


@pytest.fixture(scope="package")
def inspector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inspector]:
    """Real reader processes, started once: a start takes as long as a dozen of these tests."""
    opened = Inspector(workers=1, idle_s=threading.TIMEOUT_MAX)
    # Before the first test looks for threads and processes that it left.
    opened.inspect(make_audio(tmp_path_factory.mktemp("warm") / "up.wav", 0.1))
    yield opened
    opened.close()


@pytest.fixture
def library(tmp_path: Path, database: Database, inspector: Inspector) -> Library:
    return Library(tmp_path / "music", database, inspector)
