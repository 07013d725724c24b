import dataclasses
import math
import os
from pathlib import Path

import pytest

from mecomp_desktop.domain.part import Part
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.first_read import FirstRead
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.track_columns import read_columns
from mecomp_desktop.store.tracks import Tracks
from tests.support.library import facts, many_facts

_FULL = Tags(
    "Tïtle,\n", ("A", "Ж"), "Al", "AA", 3, 1, 1999, ("R,", "J"), "ts", "as", "als", "aas", 1 / 3
)


@pytest.fixture
def tracks(database: Database) -> Tracks:
    root = Roots(database).add(Path("/music"))
    made = Tracks(database)
    made.upsert_many(many_facts(100, root))
    made.upsert_many([facts("/music/ü, b.flac", root, "x", _FULL)])
    made.upsert_many([facts(os.fsdecode(b"/music/\xff\xe9.mp3"), root, "y", Tags("y"))])
    cut = facts("/music/disc.flac", root, "p", Tags("p"))
    made.upsert_many(
        [
            dataclasses.replace(cut, part=Part(0.0, 1 / 3)),
            dataclasses.replace(cut, part=Part(1 / 3, None)),
        ]
    )
    made.mark_missing([made.all()[3].id])
    made.mark_gone([made.all()[5].id])
    return made


def test_columns_say_the_same_as_rows(database: Database, tracks: Tracks) -> None:
    table = read_columns(database.read())
    assert table is not None
    assert [*table] == tracks.all()
    assert [table[row] for row in range(len(table))] == tracks.all()
    assert table[-2:] == tuple(tracks.all()[-2:])


def test_an_empty_library(database: Database) -> None:
    assert len(Tracks(database).table()) == 0


@pytest.mark.parametrize(
    "odd", [Tags("a\0b"), Tags("t", album="\0"), Tags("t", duration_s=math.inf)]
)
def test_texts_and_numbers_that_columns_cannot_part(database: Database, odd: Tags) -> None:
    root = Roots(database).add(Path("/music"))
    tracks = Tracks(database)
    tracks.upsert_many([facts("/music/1", root, "x", odd), facts("/music/2", root, "y")])
    assert read_columns(database.read()) is None
    assert [*tracks.table()] == tracks.all()


def test_the_version_counts_every_write(database: Database, tracks: Tracks) -> None:
    before = tracks.version()
    tracks.table()
    assert tracks.version() == before
    tracks.mark_missing([tracks.all()[0].id])
    after = tracks.version()
    assert after != before
    second_connection = Database(database.path)
    Tracks(second_connection).mark_available([tracks.all()[0].id])
    second_connection.close()
    assert tracks.version() != after


def test_read_ahead(database: Database, tracks: Tracks) -> None:
    first = FirstRead(database.path)
    table = first.take()
    assert table is not None
    assert [*table] == tracks.all()
    assert first.take() is None


def test_read_ahead_after_a_clean_end(tmp_path: Path) -> None:
    database = Database(tmp_path / "db")
    Tracks(database).upsert_many(many_facts(3, Roots(database).add(Path("/music"))))
    database.close()
    table = FirstRead(tmp_path / "db").take()
    assert table is not None
    assert len(table) == 3


def test_what_was_read_before_a_change_is_not_taken(database: Database, tracks: Tracks) -> None:
    first = FirstRead(database.path)
    first._thread.join()
    tracks.mark_missing([tracks.all()[0].id])
    assert first.take() is None


def test_nothing_to_read_ahead(tmp_path: Path) -> None:
    assert FirstRead(tmp_path / "none").take() is None
    assert not (tmp_path / "none").exists()
    (tmp_path / "broken").write_bytes(b"no database" * 1000)
    assert FirstRead(tmp_path / "broken").take() is None
    Database(tmp_path / "old", ("CREATE TABLE tracks (id INTEGER);",)).close()
    first = FirstRead(tmp_path / "old")
    first.close()
    first.close()
    assert first.take() is None
