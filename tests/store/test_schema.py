"""A library of the first version opens, migrates and keeps everything."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.failures import Failures
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.store.model_versions import ModelVersions
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.schema import MIGRATIONS
from mecomp_desktop.store.state import State
from mecomp_desktop.store.tracks import Tracks

# Written by the stores of version 0.1.0 and dumped as text, so that a reader sees what is in it.
_OLD = Path(__file__).parent / "fixtures" / "schema_2.sql"
# How many steps there were when every track was a whole file.
_BEFORE_PARTS = 6
# Columns that a step gave another name.
_RENAMED = {"heard_at_s": "embedded_at_s", "heard_s": "played_s"}


def _load(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(_OLD.read_text(encoding="utf-8"))
    connection.close()


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Database]:
    _load(tmp_path / "library.sqlite3")
    opened = Database(tmp_path / "library.sqlite3")
    yield opened
    opened.close()


def test_the_fixture_is_of_the_old_schema(tmp_path: Path) -> None:
    _load(tmp_path / "old")
    connection = sqlite3.connect(tmp_path / "old")
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


def test_every_row_and_value_is_kept(migrated: Database, tmp_path: Path) -> None:
    _load(tmp_path / "old")
    old = sqlite3.connect(tmp_path / "old")
    old.row_factory = sqlite3.Row
    tables = [
        row["name"] for row in old.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    assert len(tables) == 9
    for table in tables:
        before = [dict(row) for row in old.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
        after = [
            dict(row) for row in migrated.read().execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]
        assert before, f"{table} is empty in the fixture"
        assert len(after) == len(before), table
        for old_row, new_row in zip(before, after, strict=True):
            for column, value in old_row.items():
                if table == "failures" and value == "listen":
                    value = "analysis"
                assert new_row[_RENAMED.get(column, column)] == value, (table, column)
    old.close()
    assert migrated.read().execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)


def test_the_stores_read_what_the_old_ones_wrote(migrated: Database) -> None:
    assert [str(root.path) for root in Roots(migrated).all()] == ["/music/rock", "/music/jazz"]
    tracks = Tracks(migrated).all()
    assert [track.title for track in tracks] == ["One", "Two's", "café", "Blue"]
    assert tracks[0].tags.artists == ("Röyksopp", "Björk")
    assert str(tracks[2].path) == "/music/rock/caf\udce9.ogg"
    assert [track.available for track in tracks] == [True, True, True, False]
    assert Plays(migrated).counts() == {"sha-one": 2, "sha-two": 1, "sha-four": 1}
    judgments = Judgments(migrated).all()
    assert [judgment.closest for judgment in judgments] == [
        Pair.FIRST_SECOND,
        None,
        Pair.SECOND_THIRD,
    ]
    versions = ModelVersions(migrated)
    assert [version.name for version in versions.all()] == ["Friend", "Learned from 30 answers"]
    assert versions.active() == versions.all()[1].id
    failures = Failures(migrated).all()
    assert [(failure.stage, failure.reason) for failure in failures] == [
        ("analysis", Reason.MISSING),
        ("scan", Reason.DAMAGED),
    ]
    assert State(migrated).get("volume") == [0.5, False]


def test_old_vectors_are_of_sound(migrated: Database) -> None:
    embeddings = Embeddings(migrated)
    assert embeddings.bodies() == {"body-a": 3, "body-retired": 1}
    stored = embeddings.get(AudioId("sha-two"), "body-a")
    assert stored is not None
    assert stored.pooled.shape == (6,)
    assert stored.embedding.dtype == np.dtype("<f4")
    kinds = migrated.read().execute("SELECT DISTINCT kind FROM embeddings").fetchall()
    assert [row["kind"] for row in kinds] == ["sound"]


def test_tags_read_by_a_later_version_survive_the_step_that_moves_the_tracks(
    tmp_path: Path,
) -> None:
    before = Database(tmp_path / "library.sqlite3", MIGRATIONS[:_BEFORE_PARTS])
    with before.write() as connection:
        connection.execute("INSERT INTO roots (id, path, added_at_s) VALUES (1, X'2f6d', 1.0)")
        connection.execute(
            "INSERT INTO tracks (audio_id, root_id, path, size_bytes, mtime_ns, title, artists,"
            " album, album_artist, genres, title_sort, artist_sort, album_sort, album_artist_sort,"
            " duration_s, available, added_at_s, side, compilation, tags_version)"
            " VALUES ('x', 1, X'2f6d2f61', 1, 1, 'A', '[]', '', '', '[]', '', '', '', '', 1.0, 1,"
            " 1.0, 'B', 1, 1014)"
        )
        connection.execute(
            "INSERT INTO failures (path, stage, reason, detail, size_bytes, mtime_ns, failed_at_s,"
            " ctime_ns, reader_version) VALUES (X'2f6d2f61', 'scan', 'CUT_OFF', '', 1, 1, 1, 5, 9)"
        )
    before.close()
    after = Database(tmp_path / "library.sqlite3")
    (track,) = Tracks(after).all()
    assert (track.tags.side, track.tags.compilation, track.part) == ("B", True, None)
    (known,) = Tracks(after).known().values()
    assert known.versions.tags == 1014
    (failure,) = Failures(after).all()
    assert (failure.ctime_ns, failure.reader_version, failure.start_s) == (5, 9, None)
    after.close()
