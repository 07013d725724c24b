"""What a query costs over a large library: a key of the search, a dynamic playlist. As ratios."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.query.columns import SongColumns, TagColumns
from mecomp_desktop.query.conditions import Context
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.fields import SEARCHED
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.search import find_by_sql, find_in_catalog
from mecomp_desktop.query.search_text import search_query
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.song_search import SongSearch
from mecomp_desktop.store.tracks import Tracks
from tests.query.naive import World
from tests.support.library import many_facts

pytestmark = pytest.mark.benchmark
T = TypeVar("T")
_TRACKS = 100_000
_PLAYS = 30_000
_KEY_S = 0.030
_REFRESH_S = 0.100


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(tmp_path_factory.mktemp("library") / "db")
    root_id = Roots(made).add(Path("/music"))
    Tracks(made).upsert_many(many_facts(_TRACKS, root_id))
    rng = random.Random(1)
    with made.write() as connection:
        connection.executemany(
            "INSERT INTO plays (audio_id, started_at_s, played_s) VALUES (?, ?, 60)",
            [
                (f"{rng.randrange(_TRACKS):032x}", time.time() - rng.uniform(0, 1e7))
                for _ in range(_PLAYS)
            ],
        )
    yield made
    made.close()


@pytest.fixture(scope="module")
def catalog(database: Database) -> Catalog:
    made = Catalog(Tracks(database).table())
    made.prepare()
    return made


def _nothing_alike(_song: str, _place: object) -> Mapping[AudioId, float]:
    return {}


def _context() -> Context:
    return Context(time.time(), _nothing_alike)


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    """Return the shortest time in seconds of this process on a core, and the result."""
    times = []
    for _ in range(3):
        start = time.process_time()
        result = run()
        times.append(time.process_time() - start)
    return min(times), result


@pytest.mark.parametrize("typed", ["duan year > 1990", "artist ~ co title ~ an genre != ba"])
def test_a_key(database: Database, catalog: Catalog, typed: str) -> None:
    tags = TagColumns(catalog.tracks)
    prepared_s = time.process_time()
    for field in SEARCHED:  # as the window does it in the background
        tags.texts(field)
    prepared_s = time.process_time() - prepared_s
    columns = SongColumns(tags, SongSearch(database).facts())
    worst_s = first_s = 0.0
    for end in range(1, len(typed) + 1):
        try:
            query = search_query(typed[:end])
        except QueryError:  # half a query: nothing is searched then
            continue
        start = time.process_time()
        if query is None:
            catalog.search(typed[:end])
        else:
            find_in_catalog(query, columns, _context())
        taken_s = time.process_time() - start
        if taken_s > worst_s:
            first_s, worst_s = worst_s, taken_s
    query = parse(typed)
    again_s, rows = _timed(lambda: find_in_catalog(query, columns, _context()))
    world = World([*catalog.tracks], SongSearch(database).facts(), {}, time.time())
    start = time.process_time()
    expected = world.find(query)
    naive_s = time.process_time() - start
    ids = np.array(catalog.tracks.column("id"))
    print(  # noqa: T201 (a benchmark is there to print)
        f"\n{typed!r} ({len(rows):,} songs): {again_s * 1e3:.1f} ms a key, the worst one"
        f" {worst_s * 1e3:.1f}, then {first_s * 1e3:.1f} (allowed {_KEY_S * 1e3:.0f}), prepared"
        f" in {prepared_s * 1e3:.0f} ms;"
        f" naive {naive_s * 1e3:.0f} ms, {naive_s / again_s:.0f} times as fast"
    )
    assert ids[rows].tolist() == expected
    assert again_s < naive_s / 10


@pytest.mark.parametrize(
    "text",
    [
        "plays > 0 last played > 30 days ago sort by plays desc limit 100",
        'artist ~ "co" AND year < 1990 sort by title',
        "NOT genre ~ an plays = 0 sort by artist, album limit 500",
    ],
)
def test_a_dynamic_playlist(database: Database, catalog: Catalog, text: str) -> None:
    query = parse(text)
    search = SongSearch(database)
    facts = search.facts()
    tags = TagColumns(catalog.tracks)

    def refresh() -> list[int]:
        # As after a like: the columns of the files are there, what is known of recordings is new.
        return find_in_catalog(query, SongColumns(tags, facts), _context()).tolist()

    first_s = time.process_time()
    refresh()
    first_s = time.process_time() - first_s
    ours_s, rows = _timed(refresh)
    sql_s, by_sql = _timed(lambda: find_by_sql(query, search, _context()))
    world = World([*catalog.tracks], facts, {}, time.time())
    start = time.process_time()
    expected = world.find(query)
    naive_s = time.process_time() - start
    print(  # noqa: T201 (as above)
        f"\n{text!r} ({len(rows):,} songs): {ours_s * 1e3:.1f} ms"
        f" (allowed {_REFRESH_S * 1e3:.0f}), after a scan {first_s * 1e3:.0f}, by SQL"
        f" {sql_s * 1e3:.0f}; naive {naive_s * 1e3:.0f} ms, {naive_s / ours_s:.0f} times as fast"
    )
    ids = np.array(catalog.tracks.column("id"))
    assert ids[rows].tolist() == by_sql == expected
    assert ours_s < naive_s / 5
