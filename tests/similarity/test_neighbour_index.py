import itertools
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.similarity import neighbour_index
from mecomp_desktop.similarity.neighbour_graph import Graph, header_path
from mecomp_desktop.similarity.neighbour_index import NeighbourIndex

Matrix = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
COUNT, DIMENSION = 3_000, 16


def units(count: int, seed: int = 0, dimension: int = DIMENSION) -> Matrix:
    rows = np.random.default_rng(seed).standard_normal((count, dimension))
    unit: Matrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def names(count: int, prefix: str = "a") -> list[AudioId]:
    return [AudioId(f"{prefix}{number:05}") for number in range(count)]


def by_hand(ids: list[AudioId], matrix: Matrix, vector: Matrix, k: int) -> list[AudioId]:
    """The plainest loop there is."""
    distances = [float(np.sqrt(((row - vector) ** 2).sum())) for row in matrix]
    return [ids[row] for row in sorted(range(len(ids)), key=distances.__getitem__)[:k]]


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return units(COUNT)


def index_of(ids: list[AudioId], matrix: Matrix) -> NeighbourIndex:
    """An index that has a graph for so few already."""
    return NeighbourIndex(ids, matrix, exact_up_to=1_000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "neighbours.bin"


@pytest.fixture
def built(matrix: Matrix, file: Path) -> NeighbourIndex:
    index = index_of(names(COUNT), matrix)
    index.prepare(file, "m1")
    return index


def is_built_anew(
    monkeypatch: pytest.MonkeyPatch, index: NeighbourIndex, file: Path, stamp: str = "m1"
) -> bool:
    empty, built = Graph.empty.__func__, []  # type: ignore[attr-defined]  # a classmethod's function

    def spy(cls: type[Graph], capacity: int, dimension: int) -> Graph:
        built.append(capacity)
        graph: Graph = empty(cls, capacity, dimension)
        return graph

    monkeypatch.setattr(Graph, "empty", classmethod(spy))
    index.prepare(file, stamp)
    assert index.has_graph
    return bool(built)


def test_answers_exactly_before_there_is_a_graph(matrix: Matrix) -> None:
    index = index_of(names(COUNT), matrix)
    assert not index.has_graph
    for vector in units(5, seed=9):
        found = index.nearest(vector, 10)
        assert found.audio_ids == by_hand(names(COUNT), matrix, vector, 10)
        rows = [int(audio_id[1:]) for audio_id in found.audio_ids]
        expected = np.linalg.norm(matrix[rows] - vector, axis=1)
        np.testing.assert_allclose(found.distances, expected, atol=1e-6)


def test_the_graph_finds_what_the_exact_search_finds(built: NeighbourIndex, matrix: Matrix) -> None:
    assert built.has_graph
    exact = index_of(names(COUNT), matrix)
    hits = 0
    for vector in units(50, seed=3):
        found, truth = built.nearest(vector, 20), exact.nearest(vector, 20)
        hits += len(set(found.audio_ids) & set(truth.audio_ids))
        np.testing.assert_allclose(found.distances[0], truth.distances[0], atol=1e-5)
        assert (np.diff(found.distances) >= 0).all()
    assert hits >= 0.99 * 50 * 20


def test_a_recording_is_its_own_nearest(built: NeighbourIndex, matrix: Matrix) -> None:
    vector = built.vector(AudioId("a00007"))
    assert vector is not None
    np.testing.assert_array_equal(vector, matrix[7])
    found = built.nearest(vector, 1)
    assert found.audio_ids == ["a00007"]
    assert found.distances[0] < 1e-3
    assert built.vector(AudioId("unknown")) is None


@pytest.mark.parametrize("with_graph", [True, False])
def test_asking_for_more_than_there_is_gives_all(
    built: NeighbourIndex, matrix: Matrix, with_graph: bool
) -> None:
    index = built if with_graph else index_of(names(COUNT), matrix)
    found = index.nearest(matrix[0], COUNT + 5)
    assert sorted(found.audio_ids) == names(COUNT)
    assert index.nearest(matrix[0], 0).audio_ids == []


def test_an_empty_index_has_no_neighbours(file: Path) -> None:
    index = NeighbourIndex()
    index.prepare(file, "m1")
    assert index.nearest(units(1)[0], 5).audio_ids == []
    assert len(index) == 0


def test_the_mean_of_seeds_is_measured_at_length_one(built: NeighbourIndex, matrix: Matrix) -> None:
    mean = matrix[:2].mean(axis=0)
    found = built.nearest(mean, 5)
    same = built.nearest(mean / np.linalg.norm(mean), 5)
    assert found.audio_ids == same.audio_ids
    np.testing.assert_allclose(found.distances, same.distances, atol=1e-6)


@pytest.mark.parametrize("vector", [np.full(DIMENSION, np.nan), np.ones(DIMENSION + 1)])
def test_refuses_what_is_no_vector(built: NeighbourIndex, vector: Matrix) -> None:
    with pytest.raises(ValueError, match="vector"):
        built.nearest(vector, 5)


@pytest.mark.parametrize("with_graph", [True, False])
def test_additions_are_found_at_once(
    built: NeighbourIndex, matrix: Matrix, with_graph: bool
) -> None:
    index = built if with_graph else index_of(names(COUNT), matrix)
    new = units(500, seed=77)
    for start in range(0, 500, 32):
        index.add(names(500, "b")[start : start + 32], new[start : start + 32])
    assert len(index) == COUNT + 500
    for number in (0, 250, 499):
        assert index.nearest(new[number], 1).audio_ids == [f"b{number:05}"]


def test_the_first_additions_make_an_empty_index_useful() -> None:
    index = NeighbourIndex()
    index.add(names(2), units(2))
    assert index.nearest(units(2)[1], 5).audio_ids[0] == "a00001"


def test_a_new_vector_replaces_the_old_one(built: NeighbourIndex, matrix: Matrix) -> None:
    built.add([AudioId("a00007")], -matrix[7:8])
    assert len(built) == COUNT
    assert built.nearest(-matrix[7], 1).audio_ids == ["a00007"]
    assert built.nearest(matrix[7], 1).audio_ids != ["a00007"]


def test_a_saved_graph_is_loaded(
    built: NeighbourIndex, matrix: Matrix, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = index_of(names(COUNT), matrix)
    assert not is_built_anew(monkeypatch, again, file)
    for vector in units(5, seed=4):
        assert again.nearest(vector, 20).audio_ids == built.nearest(vector, 20).audio_ids
    assert [path.name for path in sorted(file.parent.iterdir())] == [file.name, file.name + ".json"]


def test_a_graph_that_lacks_the_newest_is_completed_in_any_order(
    built: NeighbourIndex, matrix: Matrix, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.add(names(3, "0"), units(3, seed=5))
    built.save(file, "m1")
    ids = [*names(5, "!"), *names(3, "0"), *names(COUNT)]  # the store's order is another
    rows = np.concatenate([units(5, seed=6), units(3, seed=5), matrix])
    again = index_of(ids, rows)
    assert not is_built_anew(monkeypatch, again, file)
    for row in (0, 4, 6, 8, 2_000):
        assert again.nearest(rows[row], 1).audio_ids == [ids[row]]
        np.testing.assert_array_equal(again.vector(ids[row]), rows[row])


def damage(file: Path, how: str) -> None:
    data = file.read_bytes()
    if how == "missing":
        file.unlink()
    elif how == "no header":
        header_path(file).unlink()
    elif how == "half a header":
        header_path(file).write_bytes(header_path(file).read_bytes()[:100])
    elif how == "cut off":
        file.write_bytes(data[: len(data) // 2])
    else:
        middle = len(data) // 2
        file.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])


@pytest.mark.parametrize("how", ["missing", "no header", "half a header", "cut off", "one bit"])
def test_a_damaged_file_is_built_anew(
    built: NeighbourIndex, matrix: Matrix, file: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    damage(file, how)
    again = index_of(names(COUNT), matrix)
    assert is_built_anew(monkeypatch, again, file)
    assert again.nearest(matrix[3], 1).audio_ids == ["a00003"]
    monkeypatch.undo()
    assert not is_built_anew(monkeypatch, index_of(names(COUNT), matrix), file)


@pytest.mark.slow
def test_a_stale_file_is_built_anew(
    built: NeighbourIndex, matrix: Matrix, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert built.has_graph
    other_vectors = matrix.copy()
    other_vectors[5] *= -1
    assert is_built_anew(monkeypatch, index_of(names(COUNT), other_vectors), file)
    fewer = index_of(names(COUNT - 1), other_vectors[:-1])
    assert is_built_anew(monkeypatch, fewer, file)
    assert is_built_anew(monkeypatch, index_of(names(COUNT), matrix), file, "m2")


def test_what_comes_while_the_graph_is_built_is_in_it(
    matrix: Matrix, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = index_of(names(COUNT), matrix)
    put, calls = Graph.put, itertools.count()

    def put_while_others_add(self: Graph, rows: Rows, vectors: Matrix, threads: int = 1) -> None:
        if next(calls) == 2:
            index.add([AudioId("new")], units(1, seed=50))  # nobody waits for the graph
            index.add([AudioId("a00001")], units(1, seed=51))
        put(self, rows, vectors, threads)

    monkeypatch.setattr(Graph, "put", put_while_others_add)
    index.prepare(file, "m1")
    assert index.has_graph
    assert index.nearest(units(1, seed=50)[0], 1).audio_ids == ["new"]
    assert index.nearest(units(1, seed=51)[0], 1).audio_ids == ["a00001"]


def test_a_graph_that_is_given_up_goes_on_where_it_was(
    matrix: Matrix, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbour_index, "_MIN_ROWS_TO_SAVE", 400)
    index = index_of(names(COUNT), matrix)
    asked = itertools.count()
    index.prepare(file, "m1", stop=lambda: next(asked) == 4)
    assert not index.has_graph  # it was asked to end after four blocks
    assert index.nearest(matrix[3], 1).audio_ids == ["a00003"]

    again = index_of(names(COUNT), matrix)
    put, added = Graph.put, []

    def spy(self: Graph, rows: Rows, vectors: Matrix, threads: int = 1) -> None:
        added.extend(rows.tolist())
        put(self, rows, vectors, threads)

    monkeypatch.setattr(Graph, "put", spy)
    again.prepare(file, "m1")
    assert again.has_graph
    assert added == list(range(4 * neighbour_index._BLOCK_ROWS, COUNT))
    for row in range(0, COUNT, 97):
        assert again.nearest(matrix[row], 1).audio_ids == [f"a{row:05}"]


def test_a_graph_is_saved_as_it_grows(
    matrix: Matrix, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbour_index, "_SAVE_EVERY_ROWS", 600)
    put, index = Graph.put, index_of(names(COUNT), matrix)

    def killed(self: Graph, rows: Rows, vectors: Matrix, threads: int = 1) -> None:
        if len(self) >= 1_000:
            raise KeyboardInterrupt
        put(self, rows, vectors, threads)

    monkeypatch.setattr(Graph, "put", killed)
    with pytest.raises(KeyboardInterrupt):
        index.prepare(file, "m1")
    monkeypatch.undo()
    graph, order = Graph.load(file, names(COUNT), matrix, "m1")
    assert len(graph) == len(order) == 600


def test_a_small_library_has_no_graph(matrix: Matrix, file: Path) -> None:
    index = NeighbourIndex(names(COUNT), matrix)
    index.prepare(file, "m1")
    assert not index.has_graph
    assert not file.exists()


def test_a_graph_that_fails_is_helped_out_by_the_exact_search(
    built: NeighbourIndex, matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Cannot return the results in a contiguous 2D array")

    monkeypatch.setattr(Graph, "nearest", fail)
    assert built.nearest(matrix[3], 3).audio_ids == by_hand(names(COUNT), matrix, matrix[3], 3)


def test_a_disk_that_takes_nothing_is_no_disaster(matrix: Matrix, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    index = index_of(names(COUNT), matrix)
    index.prepare(tmp_path / "file" / "neighbours.bin", "m1")
    assert index.nearest(matrix[3], 1).audio_ids == ["a00003"]


def test_many_threads_ask_while_one_adds(built: NeighbourIndex, matrix: Matrix) -> None:
    wrong: list[object] = []
    done = threading.Event()

    def ask(seed: int) -> None:
        rng = np.random.default_rng(seed)
        while not done.is_set():
            row = int(rng.integers(COUNT))
            try:
                if built.nearest(matrix[row], 3).audio_ids[0] != f"a{row:05}":
                    wrong.append(row)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    new = units(1_000, seed=8)
    for start in range(0, 1_000, 50):
        built.add(names(1_000, "b")[start : start + 50], new[start : start + 50])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(built) == COUNT + 1_000
