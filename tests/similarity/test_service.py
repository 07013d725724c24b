from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.library.waveforms import Waveforms
from mecomp_desktop.paths import Paths
from mecomp_desktop.similarity.neighbour_index import Neighbours
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import VectorKind
from tests.support.libraries import INFO, directions, fill, store_vectors
from tests.support.players import wait_for

COUNT = 40


@pytest.fixture
def tracks(paths: Paths, tmp_path: Path) -> list[Track]:
    return fill(paths, [Tags(title=f"Song {n}") for n in range(COUNT)], tmp_path)


@pytest.fixture
def database(paths: Paths, tracks: list[Track]) -> Iterator[Database]:
    made = Database(paths.database)
    yield made
    made.close()


@pytest.fixture
def library(paths: Paths, database: Database) -> Iterator[LibraryService]:
    made = LibraryService(database, Waveforms(paths.cache))
    made.load()
    assert made.settle(10)
    yield made
    made.close()


@pytest.fixture
def similarity(
    paths: Paths, database: Database, library: LibraryService
) -> Iterator[SimilarityService]:
    made = SimilarityService(database, library, paths.cache / "graph")
    yield made
    made.close()


def test_nothing_embedded_means_nothing_found(
    similarity: SimilarityService, tracks: list[Track]
) -> None:
    similarity.use_model(INFO)
    assert similarity.settle(10)
    assert not similarity.ready()
    assert similarity.coverage() == (0, COUNT)
    assert similarity.similar([tracks[0].id], 5) == []


def test_finds_what_an_exact_search_finds(
    similarity: SimilarityService, database: Database, tracks: list[Track]
) -> None:
    vectors = directions(COUNT)
    store_vectors(database, tracks, vectors)
    similarity.use_model(INFO)
    assert similarity.settle(10)
    assert similarity.coverage() == (COUNT, COUNT)
    found = similarity.similar([tracks[3].id], 10)
    expected = np.argsort(np.linalg.norm(vectors - vectors[3], axis=1))[1:11]
    assert [similar.track_id for similar in found] == [tracks[row].id for row in expected]
    closeness = [similar.closeness for similar in found]
    assert closeness == sorted(closeness, reverse=True)
    assert 0 <= closeness[-1] < closeness[0] <= 1


def test_several_seeds_are_one_middle_and_not_found_themselves(
    similarity: SimilarityService, database: Database, tracks: list[Track]
) -> None:
    vectors = directions(COUNT)
    store_vectors(database, tracks, vectors)
    similarity.use_model(INFO)
    assert similarity.settle(10)
    seeds = [tracks[3].id, tracks[8].id, TrackId(9999)]
    found = similarity.similar(seeds, COUNT)
    assert len(found) == COUNT - 2
    middle = vectors[3] + vectors[8]
    order = np.argsort(np.linalg.norm(vectors - middle / np.linalg.norm(middle), axis=1))
    expected = [tracks[row].id for row in order if row not in (3, 8)]
    assert [similar.track_id for similar in found] == expected


def test_new_vectors_are_taken_in(
    similarity: SimilarityService, database: Database, tracks: list[Track]
) -> None:
    vectors = directions(COUNT)
    store_vectors(database, tracks[:5], vectors[:5])
    similarity.use_model(INFO)
    assert similarity.settle(10)
    changes: list[int] = []
    similarity.changed.connect(lambda: changes.append(1))
    similarity.take_in(store_vectors(database, tracks[5:], vectors[5:]))
    assert similarity.settle(10)
    assert similarity.coverage() == (COUNT, COUNT)
    assert changes
    assert len(similarity.similar([tracks[0].id], COUNT)) == COUNT - 1


def test_the_old_model_serves_until_the_new_has_analysed_enough(
    similarity: SimilarityService, database: Database, tracks: list[Track]
) -> None:
    old = replace(INFO, body_hash="old body", head_hash="old head")
    store_vectors(database, tracks, directions(COUNT, 1), old)
    new = directions(COUNT, 2)
    store_vectors(database, tracks[:4], new[:4])
    similarity.use_model(INFO)
    assert similarity.settle(10)
    assert len(similarity.similar([tracks[9].id], 5)) == 5
    similarity.take_in(store_vectors(database, tracks[4:], new[4:]))
    assert similarity.settle(10)
    np.testing.assert_array_equal(similarity.vectors([tracks[9]])[0], new[9])


def test_songs_that_left_the_library_are_not_found(
    similarity: SimilarityService,
    library: LibraryService,
    database: Database,
    tracks: list[Track],
) -> None:
    store_vectors(database, tracks, directions(COUNT))
    similarity.use_model(INFO)
    library.remove_root(tracks[0].root_id)
    wait_for(lambda: len(library.catalog()) == 0)
    assert similarity.settle(10)
    assert similarity.similar_to(directions(1)[0], 5) == []


def test_vectors_of_unknown_tracks_are_none(
    similarity: SimilarityService, database: Database, tracks: list[Track]
) -> None:
    assert similarity.vector_of(AudioId("nothing")) is None
    assert similarity.vectors(tracks[:2]).shape == (0, 0)


def test_songs_count_before_the_vectors_are_read(
    paths: Paths, database: Database, tracks: list[Track]
) -> None:
    library = LibraryService(database, Waveforms(paths.cache))
    similarity = SimilarityService(database, library, None)
    library.changed.connect(similarity.count)
    library.load()
    assert library.settle(10)
    assert similarity.settle(10)
    assert not similarity.has_loaded
    assert similarity.coverage() == (0, len(tracks))
    library.close()
    similarity.close()


def test_a_new_source_of_likeness_is_a_line(
    similarity: SimilarityService, database: Database, tracks: list[Track]
) -> None:
    class NumberSource:
        kind = VectorKind("number")
        typical_distance = COUNT / 3

        def near(self, target: Floats | AudioId, count: int) -> Neighbours:
            row = next(r for r, track in enumerate(tracks) if track.audio_id == target)
            order = sorted(range(COUNT), key=lambda neighbour: abs(neighbour - row))[:count]
            distances = np.array([abs(neighbour - row) for neighbour in order], np.float32)
            return Neighbours([tracks[neighbour].audio_id for neighbour in order], distances)

        def distance(self, first: AudioId, second: AudioId) -> float | None:
            return None

        def reasons(self, first: AudioId, second: AudioId) -> Sequence[str]:
            return []

    source = NumberSource()
    similarity.sources[source.kind] = source
    found = list(similarity.candidates(tracks[9].audio_id, 3, source.kind))
    assert [candidate.track.title for candidate in found] == ["Song 9", "Song 8", "Song 10"]
    assert [candidate.distance for candidate in found] == [0, 1, 1]
