"""SQL, the predicate over the catalog and a naive evaluator find the same songs."""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mecomp_desktop.domain.ids import AudioId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.query.columns import SongColumns, TagColumns
from mecomp_desktop.query.conditions import Context
from mecomp_desktop.query.fields import FIELDS, FieldKind, QueryField
from mecomp_desktop.query.operators import TAKES_LIST, Operator
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.search import find_by_sql, find_in_catalog
from mecomp_desktop.query.tree import Compare, Query
from mecomp_desktop.query.values import Number, Text, Value
from mecomp_desktop.query.writer import query_text
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.song_search import SongSearch
from mecomp_desktop.store.tracks import Tracks
from mecomp_desktop.text import fold
from tests.query.naive import World
from tests.query.strategies import (
    NOW_S,
    OPERATORS,
    POOLS,
    SONGS,
    TEXTS,
    moments,
    queries,
    song_of,
    tags,
)
from tests.support.library import facts

_PATHS = ("a.flac", "Bjørk/ä.mp3", "x/\udcff.ogg", "x/10", "x/9", "q", "r", "s")
_many = settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
songs = st.lists(
    st.tuples(tags, moments, st.sampled_from("pqr"), st.lists(moments, max_size=3)),
    max_size=len(_PATHS),
)
closenesses = st.fixed_dictionaries(
    {
        song: st.dictionaries(st.sampled_from("pqr"), st.sampled_from([0, 0.25, 0.5, 1]))
        for song in SONGS
    }
)


def fill(
    database: Database,
    rows: Sequence[tuple[Tags, float, str, Sequence[float]]],
    paths: Sequence[str] = _PATHS,
) -> None:
    """Put songs and their plays in the place of those before."""
    with database.write() as connection:
        for table in ("tracks", "plays", "skips", "song_ratings", "roots"):
            connection.execute(f"DELETE FROM {table}")
    root_id = Roots(database).add(Path("/music"))
    Tracks(database).upsert_many(
        facts(f"/music/{path}", root_id, audio, tags)
        for path, (tags, _, audio, _) in zip(paths, rows, strict=False)
    )
    with database.write() as connection:
        for number, (_, added_at_s, audio, plays) in enumerate(rows):
            connection.execute(
                "UPDATE tracks SET added_at_s = ? WHERE id ="
                " (SELECT id FROM tracks ORDER BY id LIMIT 1 OFFSET ?)",
                (added_at_s, number),
            )
            connection.executemany(
                "INSERT INTO plays (audio_id, started_at_s, played_s) VALUES (?, ?, 60)",
                [(audio, moment) for moment in plays],
            )
            # What is known of a recording follows from its number and its plays.
            connection.executemany(
                "INSERT INTO skips (audio_id, started_at_s, played_s) VALUES (?, ?, 3)",
                [(audio, moment) for moment in plays[number % 3 :]],
            )
            connection.execute(
                "INSERT OR REPLACE INTO song_ratings (audio_id, liked_at_s, half_stars)"
                " VALUES (?, ?, ?)",
                (audio, *((5.0, None), (None, 3), (None, None), (6.0, number % 11))[number % 4]),
            )


@pytest.mark.slow
@_many
@given(query=queries, rows=songs, closeness=closenesses)
def test_all_three_find_the_same(
    database: Database,
    query: Query,
    rows: Sequence[tuple[Tags, float, str, Sequence[float]]],
    closeness: Mapping[str, Mapping[AudioId, float]],
) -> None:
    fill(database, rows)
    search = SongSearch(database)
    context = Context(NOW_S, lambda song, _place: closeness[song])
    table = Tracks(database).table()
    columns = SongColumns(TagColumns(table), search.facts())
    expected = World([*table], search.facts(), closeness, NOW_S).find(query)
    assert find_by_sql(query, search, context) == expected
    ids: Sequence[TrackId] = table.column("id")
    assert [ids[row] for row in find_in_catalog(query, columns, context)] == expected


def _asked(field: QueryField, track: Track, rng: random.Random) -> list[Value]:
    """Values that are likely to find a song: what it says, or parts of it."""
    if field.kind is FieldKind.NUMBER and not field.is_fact:
        return [Number(getattr(track.tags, field.column) or 0)]
    if field.kind not in (FieldKind.TEXT, FieldKind.LIST):
        return [rng.choice(POOLS[field.kind])]
    texts = str(track.path) if field.column == "path" else getattr(track.tags, field.column)
    texts = [texts] if isinstance(texts, str) else [*texts]
    whole = [text.encode("utf-8", "replace").decode() for text in texts if text]
    parts = [part for text in whole for part in (text[:1], text[-2:]) if fold(part).strip()]
    return [Text(text) for text in rng.choice((whole, parts)) or ["o"]]


def _every_comparison(tracks: Sequence[Track]) -> Iterator[Compare]:
    """Every field with each of its operators, and for each several values."""
    rng = random.Random(3)
    for field in FIELDS:
        for operator in OPERATORS[field.kind]:
            for _ in range(14):
                values = _asked(field, rng.choice(tracks), rng)
                if operator not in TAKES_LIST:
                    values = values[:1]
                elif rng.random() < 0.5:
                    values += [
                        value for _ in range(2) for value in _asked(field, rng.choice(tracks), rng)
                    ]
                yield Compare(field, operator, tuple(values))
            if operator in TAKES_LIST:
                yield Compare(field, operator, ())


@pytest.mark.slow
def test_every_operator_of_every_field(database: Database) -> None:
    rng = random.Random(1)
    rows = [song_of(rng) for _ in range(120)]
    fill(database, rows, [f"{number % 7}/{rng.choice(TEXTS)} {number}" for number in range(120)])
    search = SongSearch(database)
    context = Context(NOW_S, lambda _song, _place: {})
    table = Tracks(database).table()
    columns = SongColumns(TagColumns(table), search.facts())
    world = World([*table], search.facts(), {}, NOW_S)
    ids = np.array(table.column("id"))
    found_some: set[tuple[str, Operator]] = set()
    for term in _every_comparison(world.tracks):
        query = Query(term)
        expected = world.find(query)
        assert find_by_sql(query, search, context) == expected, query_text(query)
        assert ids[find_in_catalog(query, columns, context)].tolist() == expected, query_text(query)
        if 0 < len(expected) < len(ids):
            found_some.add((term.field.name, term.operator))
    wanted = {(field.name, operator) for field in FIELDS for operator in OPERATORS[field.kind]}
    # A comparison that finds all songs or none, whatever the value, has compared nothing.
    assert wanted - found_some == set()


@_many
@given(query=queries)
def test_what_is_written_is_read_again(query: Query) -> None:
    assert parse(query_text(query)) == query


def test_zero_is_found_where_denormal_numbers_count_as_zero(database: Database) -> None:
    """Libraries switch them off for a whole thread; the next number after 0 is then 0 itself."""
    quiet, loud = Tags("Quiet", track_gain_db=0.0), Tags("Loud", track_gain_db=-6.0)
    fill(database, [(quiet, 0.0, "a", []), (loud, 0.0, "b", [])])
    search = SongSearch(database)
    context = Context(NOW_S, lambda _song, _place: {})
    torch.set_flush_denormal(True)
    try:
        found = find_by_sql(parse("track gain = 0"), search, context)
        others = find_by_sql(parse("track gain != 0"), search, context)
    finally:
        torch.set_flush_denormal(False)
    titles = {track.id: track.title for track in Tracks(database).table()}
    assert [titles[track_id] for track_id in found] == ["Quiet"]
    assert [titles[track_id] for track_id in others] == ["Loud"]
