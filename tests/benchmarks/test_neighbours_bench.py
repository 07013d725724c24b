"""A radio query over 100,000 recordings: how quick, and how good against the exact search.

``MECOMP_DESKTOP_FULL_BENCHMARK=1`` adds uniform vectors, the hardest there are.
"""

# ruff: noqa: T201  (a benchmark prints what it measured)

import os
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.similarity.neighbour_index import NeighbourIndex

pytestmark = pytest.mark.benchmark

COUNT, DIMENSION = 100_000, 32
SEEDS = 300
KINDS = ["clustered"] + ["uniform"] * bool(os.environ.get("MECOMP_DESKTOP_FULL_BENCHMARK"))
Matrix = npt.NDArray[np.float32]


def vectors(kind: str) -> Matrix:
    """Return float32 [COUNT, DIMENSION] of length 1: 400 styles that overlap, or none at all."""
    rng = np.random.default_rng(11)
    rows = rng.standard_normal((COUNT, DIMENSION))
    if kind == "clustered":
        styles = rng.standard_normal((400, DIMENSION)) / DIMENSION**0.5
        rows = styles[rng.integers(0, len(styles), COUNT)] + 0.12 * rows
    unit: Matrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def p99_ms(index: NeighbourIndex, seeds: Matrix, k: int) -> float:
    took_s = []
    for seed in seeds:
        begin_s = time.perf_counter()
        index.nearest(seed, k)
        took_s.append(time.perf_counter() - begin_s)
    return float(np.percentile(took_s, 99)) * 1000


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", KINDS)
def test_a_radio_query_at_100_000(tmp_path: Path, kind: str) -> None:
    matrix = vectors(kind)
    ids = [AudioId(f"{row:032x}") for row in range(COUNT)]
    exact, graph = NeighbourIndex(ids, matrix), NeighbourIndex(ids, matrix)
    begin_s = time.perf_counter()
    graph.prepare(tmp_path / "neighbours.bin", "m", threads=os.cpu_count() or 1)
    built_s = time.perf_counter() - begin_s
    begin_s = time.perf_counter()
    again = NeighbourIndex(ids, matrix)
    again.prepare(tmp_path / "neighbours.bin", "m")
    loaded_s = time.perf_counter() - begin_s
    assert again.has_graph
    rng = np.random.default_rng(5)
    members = matrix[rng.integers(0, COUNT, SEEDS)]
    means = (members[:-1] + members[1:]) / 2  # several seeds at once lie between the songs
    hits = [
        len(set(again.nearest(seed, 20).audio_ids) & set(exact.nearest(seed, 20).audio_ids))
        for seed in np.concatenate([members, means])
    ]
    recall = float(np.mean(hits)) / 20
    print(f"\n{kind}: recall@20 {recall:.4f}; built in {built_s:.1f} s, loaded in {loaded_s:.2f} s")
    for k in (20, 50, 200):
        mine, theirs = p99_ms(again, members, k), p99_ms(exact, members, k)
        print(f"  k={k}: p99 {mine:.2f} ms, exact {theirs:.2f} ms, {theirs / mine:.1f} times")
    assert recall >= 0.99
