"""Every example of the page on queries does what the page says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.fields import FIELDS as TAG_FIELDS
from mecomp_desktop.query.columns import SongColumns, TagColumns
from mecomp_desktop.query.conditions import Context
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.fields import FIELDS, field_named
from mecomp_desktop.query.operators import Operator
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.search import find_by_sql, find_in_catalog
from mecomp_desktop.query.writer import query_text
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.song_search import SongSearch
from mecomp_desktop.store.tracks import Tracks
from tests.query.naive import World
from tests.query.strategies import NOW_S
from tests.query.test_equivalence import fill

_PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
_CLOSE = {
    "Blue in Green": {AudioId("blue"): 1.0, AudioId("joga"): 0.2, AudioId("live"): 0.85},
    "miles davis blue in green": {AudioId("blue"): 1.0, AudioId("late"): 0.6},
}
_DAY_S = 86_400.0
_SONGS = [
    (
        Tags("Blue in Green", ("Miles Davis",), "Kind of Blue", year=1959, genres=("Jazz",)),
        3,
        "blue",
    ),
    (
        Tags(
            *("Jóga", ("Björk",), "Homogenic"),
            year=1997,
            genres=("Electronic", "Pop"),
            duration_s=305,
            format="flac",
            bit_rate_kbps=900,
        ),
        600,
        "joga",
    ),
    (
        Tags("Love (live)", ("Band",), year=1975, genres=("Blues",), composer="B", duration_s=90),
        0,
        "live",
    ),
    (Tags("Late", ("Various Artists",), year=1999, genres=("Rock",)), 20, "late"),
    (Tags("Undated"), 5, "undated"),
]


def _blocks(language: str) -> list[str]:
    return [
        line
        for block in re.findall(rf"```{language}\n(.*?)```", _PAGE, re.DOTALL)
        for line in block.splitlines()
    ]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One library for all examples: none of them changes it."""
    opened = Database(tmp_path_factory.mktemp("examples") / "library")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def songs(library: Database) -> SongSearch:
    database = library
    rows = [
        (tags, NOW_S - days * _DAY_S, audio, [NOW_S - days * _DAY_S] * (days > 0))
        for tags, days, audio in _SONGS
    ]
    fill(database, rows, ["a.flac", "b.flac", "c.flac", "d.flac", "e.flac"])
    with database.write() as connection:
        connection.execute("DELETE FROM song_ratings")
        connection.execute("INSERT INTO song_ratings VALUES ('joga', 1.0, 9, NULL)")
    return SongSearch(database)


@pytest.mark.parametrize("text", _blocks("query"))
def test_an_example_finds_the_same_songs_in_every_way(
    library: Database, songs: SongSearch, text: str
) -> None:
    query = parse(text)
    assert parse(query_text(query)) == query
    table = Tracks(library).table()
    context = Context(NOW_S, lambda song, _place: _CLOSE[song])
    found = find_by_sql(query, songs, context)
    columns = SongColumns(TagColumns(table), songs.facts())
    ids = table.column("id")
    assert [ids[row] for row in find_in_catalog(query, columns, context)] == found
    assert World([*table], songs.facts(), _CLOSE, NOW_S).find(query) == found


def test_most_examples_find_something(songs: SongSearch) -> None:
    context = Context(NOW_S, lambda song, _place: _CLOSE[song])
    empty = [text for text in _blocks("query") if not find_by_sql(parse(text), songs, context)]
    assert empty == ["first played = 2024-12-24"]


def test_errors_are_those_of_the_page() -> None:
    lines = _blocks("error")
    assert len(lines) >= 10
    for text, expected in zip(lines[::2], lines[1::2], strict=True):
        with pytest.raises(QueryError) as raised:
            parse(text)
        assert f"{raised.value.pointed(text).splitlines()[1]} {raised.value}" == expected


def test_the_page_names_every_field_and_operator() -> None:
    text = re.sub(r"```.*?```", "", _PAGE, flags=re.DOTALL)
    written = set(re.findall(r"`([^`]+)`", text))
    shown = {field.name for field in TAG_FIELDS if field.heading or not field.keys}
    of_tags = {field.name for field in TAG_FIELDS}
    for field in FIELDS:
        # What no list shows (sort tags, say) need not be told.
        assert field.name in written or field.column in of_tags - shown
    assert {operator.value for operator in Operator} <= written
    for name in (
        "artists",
        "genres",
        "release_year",
        "length",
        "bitrate",
        "track",
        "disc",
        "stars",
    ):
        assert field_named(name) is not None
