import time
from collections.abc import Iterator

import numpy as np
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings, StoredEmbedding, VectorKind
from mecomp_desktop.store.pending import Pending
from tests.support.embedding_rows import add, vector_of


@pytest.fixture
def embeddings(database: Database) -> Embeddings:
    return Embeddings(database)


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
    assert Pending(database).coverage("lyrics-body").embedded == 0
    assert len(Pending(database).tracks("lyrics-body")) == 1
    embeddings.drop_body("lyrics-body")
    assert embeddings.drop_retired({"sound-body"}) == 0
    assert lyrics.bodies() == {"lyrics-body": 1}


def test_vectors_of_retired_models_are_deleted(embeddings: Embeddings) -> None:
    for body in ("old", "older", "new"):
        embeddings.put_many([vector_of("a", body=body), vector_of("bb", body=body)])
    assert embeddings.drop_retired({"new"}) == 4
    assert embeddings.bodies() == {"new": 2}
