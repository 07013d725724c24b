"""What a large library costs in the window: load, search, order. Printed, as ratios of one run."""

import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from mecomp_desktop.domain.track import Track
from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.library.catalog import Catalog, SortColumn
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from tests.support.library import many_facts

pytestmark = pytest.mark.benchmark
T = TypeVar("T")
_TRACKS = 100_000


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(tmp_path_factory.mktemp("library") / "db")
    root_id = Roots(made).add(Path("/music"))
    Tracks(made).upsert_many(many_facts(_TRACKS, root_id))
    yield made
    made.close()


@pytest.fixture(scope="module")
def tracks(database: Database) -> TrackTable:
    return Tracks(database).table()


@pytest.fixture(scope="module")
def catalog(tracks: TrackTable) -> Catalog:
    made = Catalog(tracks)
    made.prepare()
    return made


def _best(run: Callable[[], T], repeats: int = 2) -> tuple[float, T]:
    """Return the shortest time in seconds of this process on a core, and the result."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        result = run()
        times.append(time.process_time() - start)
    return min(times), result


def _show(what: str, ours_s: float, naive_s: float) -> None:
    print(  # noqa: T201 (a benchmark is there to print)
        f"\n{what}: {ours_s * 1e3:.1f} ms; naive {naive_s * 1e3:.1f} ms; "
        f"{naive_s / ours_s:.1f} times as fast"
    )


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def test_load_and_build(database: Database) -> None:
    load_s, _ = _best(Tracks(database).table)

    def build() -> Catalog:
        made = Catalog(Tracks(database).table())
        made.order(SortColumn.ARTIST)
        _ = made.tracks[0]
        return made

    build_s, catalog = _best(build)
    prepare_s, _ = _best(lambda: Catalog(Tracks(database).table()).prepare())
    rows = "SELECT * FROM tracks"
    naive_s, _ = _best(lambda: [dict(row) for row in database.read().execute(rows)])
    _show(f"load and order {_TRACKS:,} tracks (naive: rows as dicts)", build_s, naive_s)
    print(f"of it without Python's lock: {load_s * 1e3:.0f} ms")  # noqa: T201 (as above)
    print(f"for the search after that: {(prepare_s - load_s) * 1e3:.0f} ms")  # noqa: T201 (as above)
    assert len(catalog) == _TRACKS
    assert build_s / naive_s < 2


@pytest.mark.parametrize("text", ["a", "duan", "lu ko", "zzzz", "anba codu el"])
def test_search(tracks: TrackTable, catalog: Catalog, text: str) -> None:
    catalog.search("0")  # so that nothing found before is narrowed down
    ours_s, rows = _best(lambda: catalog.search(text), repeats=1)
    objects = [*tracks]
    words = _plain(text).split()

    def fields(track: Track) -> str:
        tags = track.tags
        texts = (tags.title, *tags.artists, tags.album, tags.album_artist, *tags.genres)
        return _plain("\n".join(texts))

    def naive() -> list[int]:
        texts = map(fields, objects)
        return [row for row, text in enumerate(texts) if all(word in text for word in words)]

    naive_s, expected = _best(naive, repeats=1)
    _show(f"search {text!r} ({len(rows):,} rows)", ours_s, naive_s)
    assert rows.tolist() == expected
    assert ours_s < naive_s / 5


@pytest.mark.parametrize("column", [SortColumn.ARTIST, SortColumn.ALBUM, SortColumn.YEAR])
def test_order(tracks: TrackTable, catalog: Catalog, column: SortColumn) -> None:
    # As after the first moments in the background, in which the search is prepared.
    fresh = Catalog(tracks)
    fresh.prepare()
    ours_s, order = _best(lambda: fresh.order(column), repeats=1)
    catalog.order(column)
    again_s, _ = _best(lambda: catalog.order(column))
    keys: dict[SortColumn, Callable[[Track], str]] = {
        SortColumn.ALBUM: lambda track: _plain(track.album),
        SortColumn.ARTIST: lambda track: _plain(track.artist) + _plain(track.album),
        SortColumn.YEAR: lambda track: f"{track.tags.year:5}" + _plain(track.album),
    }
    objects = [*tracks]
    naive_s, _ = _best(
        lambda: sorted(range(len(objects)), key=lambda row: keys[column](objects[row])), repeats=1
    )
    _show(f"order by {column} at first (naive: sorted with a key)", ours_s, naive_s)
    print(f"and again: {again_s * 1e6:.1f} µs")  # noqa: T201 (as above)
    assert len(order) == _TRACKS
    assert again_s < ours_s / 100


def test_albums(tracks: TrackTable) -> None:
    fresh = Catalog(tracks)
    order = fresh.order(SortColumn.ALBUM_ARTIST).tolist()
    ours_s, albums = _best(fresh.albums, repeats=1)
    artists_s, artists = _best(fresh.artists, repeats=1)

    def naive() -> dict[tuple[str, str], list[Track]]:
        groups: dict[tuple[str, str], list[Track]] = {}
        objects = [*tracks]
        for track in (objects[row] for row in order):
            key = _plain(track.tags.album), _plain(track.album_artist)
            groups.setdefault(key, []).append(track)
        return groups

    naive_s, groups = _best(naive, repeats=1)
    _show(f"{len(albums):,} albums (naive: songs in a dict by album and artist)", ours_s, naive_s)
    print(f"then {len(artists):,} artists: {artists_s * 1e3:.0f} ms")  # noqa: T201 (as above)
    assert len(albums) == len(groups)
    assert ours_s < naive_s
