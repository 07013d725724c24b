from pathlib import Path

import pytest

from mecomp_desktop.store.database import Database
from tests.support.music_folder import Library


@pytest.fixture
def library(tmp_path: Path, database: Database) -> Library:
    return Library(tmp_path / "music", database)
