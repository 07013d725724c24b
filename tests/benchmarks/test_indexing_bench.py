"""What listening costs beside the same work by hand, and what a second worker brings.

``MECOMP_DESKTOP_MUSIC`` names a folder of real music to measure with; otherwise it is made.
"""

# ruff: noqa: T201  (a benchmark prints what it measured)

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime as ort
import psutil
import pytest

from mecomp_desktop.analysis.embedder import SoundEmbedder
from mecomp_desktop.analysis.embedding_worker import EmbeddingWorker, WorkerSettings
from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY
from mecomp_desktop.analysis.indexer import Indexer
from mecomp_desktop.analysis.model import ModelInfo, load_model
from mecomp_desktop.audio.decode import decode_mono, probe
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.paths import resource
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.pending import Pending
from tests.support.audio_files import make_audio
from tests.support.track_rows import add_files

pytestmark = pytest.mark.benchmark

ROUNDS = 3
_LABELS = {
    "total": "\ntracks/s, the start of the processes included",
    "steady": "tracks/s once the processes are up",
    "core_ms": "ms of a core a track",
}
COPIES = 80
SUFFIXES = {".flac", ".mp3", ".ogg", ".opus", ".m4a", ".wav"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = os.environ.get("MECOMP_DESKTOP_MUSIC")
    if folder:
        found = sorted(path for path in Path(folder).rglob("*") if path.suffix in SUFFIXES)
        return found[:COPIES]
    made = tmp_path_factory.mktemp("music")
    (song, compressed) = (make_audio(made / name, 60.0) for name in ("x.flac", "x.mp3"))
    copies = []
    for number in range(COPIES // 2):  # other bytes at the end make another recording of it
        for original in (song, compressed):
            copy = made / f"{number}{original.suffix}"
            copy.write_bytes(original.read_bytes() + number.to_bytes(2))
            copies.append(copy)
    return copies


def seconds(way: Callable[[Path], object], file: Path) -> float:
    begin_s = time.perf_counter()
    way(file)
    return time.perf_counter() - begin_s


def test_a_track_costs_what_its_decoding_and_the_model_cost(files: list[Path]) -> None:
    path = resource(BUNDLED_MODEL)
    model = load_model(path)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    rate_hz = model.info.sample_rate_hz

    def by_hand(file: Path) -> None:
        spans = DEFAULT_POLICY.spans(probe(file).duration_s)
        audio = np.concatenate([decode_mono(file, rate_hz, *span) for span in spans])
        session.run(None, {"audio": audio[np.newaxis]})

    worker = EmbeddingWorker(WorkerSettings(path))
    worker.start()
    ways: list[Callable[[Path], object]] = [
        by_hand,
        lambda file: SoundEmbedder(model, DEFAULT_POLICY).embed(file),
        lambda file: worker.embed_track(file, 60.0),
    ]
    measured = files[:6]
    sums = np.zeros(len(ways))
    try:
        for file in measured * ROUNDS:  # in turns, so that a busy moment hits all three
            sums += [seconds(way, file) for way in ways]
    finally:
        worker.rest()
    each_ms = sums * 1000 / (len(measured) * ROUNDS)
    print(
        f"\nby hand {each_ms[0]:.0f} ms a track; ours {each_ms[1] / each_ms[0]:.3f} times,"
        f" in a worker {each_ms[2] / each_ms[0]:.3f} times"
    )


class Rates(NamedTuple):
    """Tracks a second, and what each takes of a core in all processes that listen."""

    total: float
    steady: float
    core_ms: float


def rates(library: Path, files: list[Path], info: ModelInfo, workers: int) -> Rates:
    """Listen to a whole library: first one file a worker, and when all are up, the rest."""
    database = Database(library)
    indexer = Indexer(database, info, WorkerSettings(resource(BUNDLED_MODEL)), workers)
    core_s = _children_s()
    took_s = []
    for batch in (files[:workers], files[workers:]):
        add_files(database, batch)
        begin_s = time.perf_counter()
        indexer.start()
        assert indexer.wait_idle(500)
        took_s.append(time.perf_counter() - begin_s)
    indexer.close()
    core_s = _children_s() - core_s
    embedded = Pending(database).coverage(info.body_hash).embedded
    database.close()
    assert embedded == len(files)
    return Rates(embedded / sum(took_s), (embedded - workers) / took_s[1], core_s * 1000 / embedded)


def _children_s() -> float:
    """Return the seconds of a core that ended child processes have used."""
    times = os.times()
    return times.children_user + times.children_system


@pytest.mark.timeout(1200)
def test_two_workers_against_one(files: list[Path], tmp_path: Path) -> None:
    info = load_model(resource(BUNDLED_MODEL)).info
    rounds = [
        [rates(tmp_path / f"{turn}-{workers}", files, info, workers) for workers in (1, 2)]
        for turn in range(ROUNDS)  # in turns, so that a busy moment hits both
    ]
    load = psutil.getloadavg()[0]
    for name in Rates._fields:
        alone, both = (
            statistics.median(getattr(round_[at], name) for round_ in rounds) for at in (0, 1)
        )
        print(f"{_LABELS[name]}: one worker {alone:.2f}, two {both:.2f}, {both / alone:.2f} times")
    print(f"({os.cpu_count()} cores, load {load:.1f}, medians of {ROUNDS} rounds)")
