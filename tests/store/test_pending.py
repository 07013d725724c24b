import os
from dataclasses import replace
from pathlib import Path

import pytest

from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.failures import Failures
from mecomp_desktop.store.pending import Coverage, Pending
from mecomp_desktop.store.tracks import Tracks
from tests.support.embedding_rows import add, fail, vector_of


@pytest.fixture
def embeddings(database: Database) -> Embeddings:
    return Embeddings(database)


def waiting(database: Database, body: str = "b1", policy: str | None = None) -> list[str]:
    return [str(missing.path) for missing in Pending(database).tracks(body, policy)]


def test_missing_names_each_recording_once(database: Database, embeddings: Embeddings) -> None:
    add(database, "/music/one.mp3", "a")
    add(database, "/music/copy of one.mp3", "a")
    add(database, "/music/two.mp3", "b")
    (first, second) = Pending(database).tracks("b1")
    assert (first.path, second.path) == (Path("/music/one.mp3"), Path("/music/two.mp3"))
    assert (first.audio_id, first.size_bytes, first.mtime_ns, first.duration_s) == ("a", 10, 5, 3.5)
    embeddings.put(vector_of("a"))
    assert waiting(database) == ["/music/two.mp3"]
    assert waiting(database, "b2") == ["/music/one.mp3", "/music/two.mp3"]


def test_what_was_analysed_by_another_policy_is_missing(
    database: Database, embeddings: Embeddings
) -> None:
    add(database, "/music/one.mp3", "a")
    add(database, "/music/two.mp3", "b")
    embeddings.put_many([vector_of("a"), replace(vector_of("b"), policy="excerpts")])
    assert waiting(database) == []
    assert waiting(database, policy="whole") == ["/music/two.mp3"]
    assert waiting(database, policy="excerpts") == ["/music/one.mp3"]
    assert Pending(database).coverage("b1") == Coverage(embedded=2, failed=0, total=2)
    assert Pending(database).coverage("b1", "whole") == Coverage(embedded=1, failed=0, total=2)
    fail(database, "/music/two.mp3")
    assert Pending(database).coverage("b1", "whole") == Coverage(embedded=1, failed=1, total=2)
    embeddings.put(vector_of("b"))
    assert waiting(database, policy="whole") == []
    assert embeddings.matrix("b1")[0] == ["a", "b"]


def test_a_file_that_failed_waits_until_it_changes(
    database: Database, embeddings: Embeddings
) -> None:
    add(database, "/music/one.mp3", "a")
    fail(database, "/music/one.mp3")
    assert waiting(database) == []
    add(database, "/music/one.mp3", "a", size=11)
    assert waiting(database) == ["/music/one.mp3"]


def test_an_absent_file_waits_until_its_failure_is_forgotten(
    database: Database, embeddings: Embeddings
) -> None:
    add(database, "/music/one.mp3", "a")
    fail(database, "/music/one.mp3", Reason.MISSING)
    assert waiting(database) == []
    failures = Failures(database)
    assert failures.to_try_again("analysis") == {"/music/one.mp3"}
    failures.clear(Path("/music/one.mp3"), "analysis")
    assert waiting(database) == ["/music/one.mp3"]


def test_another_copy_of_a_failed_file_is_named(database: Database, embeddings: Embeddings) -> None:
    add(database, "/music/one.mp3", "a")
    add(database, "/music/copy.mp3", "a")
    fail(database, "/music/one.mp3")
    assert waiting(database) == ["/music/copy.mp3"]


def test_another_copy_of_an_absent_file_is_named(
    database: Database, embeddings: Embeddings
) -> None:
    add(database, "/music/one.mp3", "a")
    add(database, "/music/two.mp3", "b")
    add(database, "/music/copy.mp3", "a")
    fail(database, "/music/one.mp3", Reason.MISSING)
    assert sorted(waiting(database)) == ["/music/copy.mp3", "/music/two.mp3"]


def test_an_unavailable_track_is_not_missing(database: Database, embeddings: Embeddings) -> None:
    add(database, "/music/one.mp3", "a")
    Tracks(database).mark_missing([track.id for track in Tracks(database).all()])
    assert waiting(database) == []
    assert Pending(database).coverage("b1") == Coverage(0, 0, 0)


def test_names_that_are_not_utf8_come_back(database: Database, embeddings: Embeddings) -> None:
    path = os.fsdecode(b"/music/caf\xe9.mp3")
    add(database, path, "a")
    assert waiting(database) == [path]


def test_counts_recordings_not_files(database: Database, embeddings: Embeddings) -> None:
    for number, audio_id in enumerate("aabcd"):
        add(database, f"/music/{number}.mp3", audio_id)
    embeddings.put_many([vector_of("a"), vector_of("z")])
    fail(database, "/music/2.mp3")
    assert Pending(database).coverage("b1") == Coverage(embedded=1, failed=1, total=4)
