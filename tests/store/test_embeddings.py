import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Coverage, Embeddings, StoredEmbedding, VectorKind
from mecomp_desktop.store.failures import Failure, Failures
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks


@pytest.fixture
def embeddings(database: Database) -> Embeddings:
    return Embeddings(database)


def vector_of(name: str, body: str = "b1", head: str = "h1", size: int = 4) -> StoredEmbedding:
    rng = np.random.default_rng(len(name) + ord(name[0]))
    return StoredEmbedding(
        AudioId(name),
        body,
        head,
        "whole",
        rng.standard_normal(6).astype(np.float32),
        rng.standard_normal(size).astype(np.float32),
        12.5,
    )


def add(database: Database, path: str, audio_id: str, size: int = 10) -> None:
    root = Roots(database).add(Path("/music"))
    facts = FileFacts(
        Path(path), root, FileStamp(size, 5), AudioId(audio_id), Tags("t", duration_s=3.5)
    )
    Tracks(database).upsert_many([facts])


def fail(database: Database, path: str, reason: Reason = Reason.DAMAGED, size: int = 10) -> None:
    Failures(database).record(Failure(Path(path), "analysis", reason, "", size, 5, 1.0))


def waiting(embeddings: Embeddings, body: str = "b1", policy: str | None = None) -> list[str]:
    return [str(missing.path) for missing in embeddings.missing(body, policy)]


def test_gives_back_what_was_put(embeddings: Embeddings) -> None:
    put = vector_of("a")
    embeddings.put(put)
    got = embeddings.get(AudioId("a"), "b1")
    assert got is not None
    assert (got.head_hash, got.policy, got.embedded_at_s) == ("h1", "whole", 12.5)
    np.testing.assert_array_equal(got.embedding, put.embedding)
    np.testing.assert_array_equal(got.pooled, put.pooled)
    assert embeddings.get(AudioId("a"), "b2") is None


def test_the_matrix_is_ordered_by_id(embeddings: Embeddings) -> None:
    put = [vector_of(name) for name in "cab"]
    embeddings.put_many(put)
    ids, matrix = embeddings.matrix("b1")
    assert ids == ["a", "b", "c"]
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix, [put[1].embedding, put[2].embedding, put[0].embedding])
    ids, pooled = embeddings.pooled_matrix("b1")
    assert ids == ["a", "b", "c"]
    np.testing.assert_array_equal(pooled[2], put[0].pooled)


def test_an_empty_matrix_is_empty(embeddings: Embeddings) -> None:
    ids, matrix = embeddings.matrix("b1")
    assert ids == []
    assert len(matrix) == 0


def test_old_vectors_stay_beside_those_of_a_new_body(embeddings: Embeddings) -> None:
    embeddings.put_many([vector_of("a"), vector_of("b"), vector_of("a", body="b2")])
    assert embeddings.matrix("b1")[0] == ["a", "b"]
    assert embeddings.matrix("b2")[0] == ["a"]
    assert embeddings.bodies() == {"b1": 2, "b2": 1}
    embeddings.drop_body("b1")
    assert embeddings.bodies() == {"b2": 1}


def test_a_new_head_replaces_all_vectors_and_no_summary(embeddings: Embeddings) -> None:
    embeddings.put_many([vector_of("a"), vector_of("b")])
    ids, pooled = embeddings.pooled_matrix("b1")
    embeddings.rehead("b1", "h2", ids, pooled[:, :3] * 2)
    np.testing.assert_array_equal(embeddings.matrix("b1", "h2")[1], pooled[:, :3] * 2)
    assert embeddings.matrix("b1", "h1")[0] == []
    assert embeddings.heads("b1") == {"h2": 2}
    np.testing.assert_array_equal(embeddings.pooled_matrix("b1")[1], pooled)


def test_a_vector_of_another_length_is_passed_over(embeddings: Embeddings) -> None:
    embeddings.put_many([vector_of("a"), vector_of("b"), vector_of("c", head="h2", size=7)])
    assert embeddings.matrix("b1")[0] == ["a", "b"]
    assert embeddings.matrix("b1", "h2")[0] == ["c"]


def test_missing_names_each_recording_once(database: Database, embeddings: Embeddings) -> None:
    add(database, "/music/one.mp3", "a")
    add(database, "/music/copy of one.mp3", "a")
    add(database, "/music/two.mp3", "b")
    (first, second) = embeddings.missing("b1")
    assert (first.path, second.path) == (Path("/music/one.mp3"), Path("/music/two.mp3"))
    assert (first.audio_id, first.size_bytes, first.mtime_ns, first.duration_s) == ("a", 10, 5, 3.5)
    embeddings.put(vector_of("a"))
    assert waiting(embeddings) == ["/music/two.mp3"]
    assert waiting(embeddings, "b2") == ["/music/one.mp3", "/music/two.mp3"]


def test_what_was_analysed_by_another_policy_is_missing(
    database: Database, embeddings: Embeddings
) -> None:
    add(database, "/music/one.mp3", "a")
    add(database, "/music/two.mp3", "b")
    embeddings.put_many([vector_of("a"), replace(vector_of("b"), policy="excerpts")])
    assert waiting(embeddings) == []
    assert waiting(embeddings, policy="whole") == ["/music/two.mp3"]
    assert waiting(embeddings, policy="excerpts") == ["/music/one.mp3"]
    assert embeddings.counts("b1") == Coverage(embedded=2, failed=0, total=2)
    assert embeddings.counts("b1", "whole") == Coverage(embedded=1, failed=0, total=2)
    fail(database, "/music/two.mp3")
    assert embeddings.counts("b1", "whole") == Coverage(embedded=1, failed=1, total=2)
    embeddings.put(vector_of("b"))
    assert waiting(embeddings, policy="whole") == []
    assert embeddings.matrix("b1")[0] == ["a", "b"]


def test_a_file_that_failed_waits_until_it_changes(
    database: Database, embeddings: Embeddings
) -> None:
    add(database, "/music/one.mp3", "a")
    fail(database, "/music/one.mp3")
    assert waiting(embeddings) == []
    add(database, "/music/one.mp3", "a", size=11)
    assert waiting(embeddings) == ["/music/one.mp3"]


def test_an_absent_file_waits_until_its_failure_is_forgotten(
    database: Database, embeddings: Embeddings
) -> None:
    add(database, "/music/one.mp3", "a")
    fail(database, "/music/one.mp3", Reason.MISSING)
    assert waiting(embeddings) == []
    failures = Failures(database)
    assert failures.to_try_again("analysis") == {"/music/one.mp3"}
    failures.clear(Path("/music/one.mp3"), "analysis")
    assert waiting(embeddings) == ["/music/one.mp3"]


def test_another_copy_of_a_failed_file_is_named(database: Database, embeddings: Embeddings) -> None:
    add(database, "/music/one.mp3", "a")
    add(database, "/music/copy.mp3", "a")
    fail(database, "/music/one.mp3")
    assert waiting(embeddings) == ["/music/copy.mp3"]


def test_another_copy_of_an_absent_file_is_named(
    database: Database, embeddings: Embeddings
) -> None:
    add(database, "/music/one.mp3", "a")
    add(database, "/music/two.mp3", "b")
    add(database, "/music/copy.mp3", "a")
    fail(database, "/music/one.mp3", Reason.MISSING)
    assert sorted(waiting(embeddings)) == ["/music/copy.mp3", "/music/two.mp3"]


def test_an_unavailable_track_is_not_missing(database: Database, embeddings: Embeddings) -> None:
    add(database, "/music/one.mp3", "a")
    Tracks(database).mark_missing([track.id for track in Tracks(database).all()])
    assert waiting(embeddings) == []
    assert embeddings.counts("b1") == Coverage(0, 0, 0)


def test_names_that_are_not_utf8_come_back(database: Database, embeddings: Embeddings) -> None:
    path = os.fsdecode(b"/music/caf\xe9.mp3")
    add(database, path, "a")
    assert waiting(embeddings) == [path]


def test_counts_recordings_not_files(database: Database, embeddings: Embeddings) -> None:
    for number, audio_id in enumerate("aabcd"):
        add(database, f"/music/{number}.mp3", audio_id)
    embeddings.put_many([vector_of("a"), vector_of("z")])
    fail(database, "/music/2.mp3")
    assert embeddings.counts("b1") == Coverage(embedded=1, failed=1, total=4)


def test_a_batch_is_stored_all_or_not_at_all(database: Database, embeddings: Embeddings) -> None:
    def rows() -> Iterator[StoredEmbedding]:
        yield vector_of("a")
        raise RuntimeError("power cut")

    def half_a_batch() -> None:
        with database.write():
            embeddings.put(vector_of("b"))
            embeddings.put_many(rows())

    with pytest.raises(RuntimeError, match="power"):
        half_a_batch()
    assert embeddings.matrix("b1")[0] == []


def test_a_large_library_is_read_quickly(embeddings: Embeddings) -> None:
    rows = np.random.default_rng(0).standard_normal((20_000, 32)).astype(np.float32)
    embeddings.put_many(
        StoredEmbedding(AudioId(f"{number:06}"), "b1", "h1", "p", row, row, 0.0)
        for number, row in enumerate(rows)
    )
    begin_s = time.perf_counter()
    _, matrix = embeddings.matrix("b1")
    took_s = time.perf_counter() - begin_s
    np.testing.assert_array_equal(matrix, rows)
    assert took_s < 2.0, f"{took_s:.2f} s for 20,000 vectors"


def test_vectors_of_another_kind_are_not_touched(
    database: Database, embeddings: Embeddings
) -> None:
    lyrics = Embeddings(database, VectorKind("lyrics"))
    add(database, "/music/a.mp3", "a")
    embeddings.put(vector_of("a", body="sound-body"))
    lyrics.put(vector_of("a", body="lyrics-body"))
    assert embeddings.bodies() == {"sound-body": 1}
    assert lyrics.bodies() == {"lyrics-body": 1}
    assert lyrics.get(AudioId("a"), "sound-body") is None
    assert embeddings.matrix("lyrics-body")[0] == []
    assert embeddings.counts("lyrics-body").embedded == 0
    assert waiting(embeddings, body="lyrics-body") == ["/music/a.mp3"]
    embeddings.drop_body("lyrics-body")
    assert embeddings.drop_retired({"sound-body"}) == 0
    assert lyrics.bodies() == {"lyrics-body": 1}


def test_vectors_of_retired_models_are_deleted(embeddings: Embeddings) -> None:
    for body in ("old", "older", "new"):
        embeddings.put_many([vector_of("a", body=body), vector_of("bb", body=body)])
    assert embeddings.drop_retired({"new"}) == 4
    assert embeddings.bodies() == {"new": 2}
