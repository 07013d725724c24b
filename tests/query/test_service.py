from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.core import Core
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.paths import Paths
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.service import QueryService
from tests.support.libraries import fill, store_vectors

_VECTORS = np.array([[1, 0], [0.99, 0.141], [0, 1], [-1, 0], [0.6, 0.8]], np.float32)


@pytest.fixture
def core(paths: Paths, tmp_path: Path) -> Iterator[Core]:
    titles = ("Hey", "Hey Joe", "Far", "Farther", "Lost")
    tracks = fill(paths, [Tags(title) for title in titles], tmp_path)
    with closing(Core(paths, keep_graph=False)) as opened:
        store_vectors(
            opened.database, tracks, _VECTORS / np.linalg.norm(_VECTORS, axis=1, keepdims=True)
        )
        opened.load()
        yield opened


@pytest.fixture
def service(core: Core) -> QueryService:
    return QueryService(core.database, core.library, core.similarity)


def _titles(core: Core, service: QueryService, text: str) -> list[str]:
    found = service.find(parse(text))
    assert found == service.find_stored(parse(text))
    return [core.library.catalog().track(track_id).title for track_id in found]


def test_what_sounds_alike(core: Core, service: QueryService) -> None:
    assert _titles(core, service, 'similar("hey") > 0.8') == ["Hey", "Hey Joe"]
    assert _titles(core, service, "similar(farther) >= 1") == ["Farther"]
    assert _titles(core, service, 'NOT similar("Hey") > 0.1 title ~ far') == ["Far", "Farther"]


def test_a_song_by_its_words_where_none_has_the_title(core: Core, service: QueryService) -> None:
    assert _titles(core, service, "similar(los) = 1") == ["Lost"]


def test_no_such_song_is_an_error_at_its_place(service: QueryService) -> None:
    text = "title = a OR similar(Nobody) > 0.5"
    with pytest.raises(QueryError, match="there is no song “Nobody”") as raised:
        service.find(parse(text))
    assert text[raised.value.start : raised.value.end] == "similar(Nobody) > 0.5"
