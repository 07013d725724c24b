from collections.abc import Iterator

import pytest

from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database


@pytest.fixture
def database(paths: Paths) -> Iterator[Database]:
    opened = Database(paths.database)
    yield opened
    opened.close()
