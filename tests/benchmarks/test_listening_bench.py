"""What listening costs beside the same work by hand, and what a second worker brings.

``MECOMP_DESKTOP_MUSIC`` names a folder of real music to measure with; otherwise it is made.
"""

# ruff: noqa: T201  (a benchmark prints what it measured)

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime as ort
import psutil
import pytest

from mecomp_desktop.analysis.hearing import DEFAULT_POLICY
from mecomp_desktop.analysis.indexer import Indexer
from mecomp_desktop.analysis.model import ModelInfo, load_model
from mecomp_desktop.analysis.model_file import BUNDLED_MODEL
from mecomp_desktop.analysis.worker import listen
from mecomp_desktop.analysis.worker_process import Worker, WorkerSettings
from mecomp_desktop.audio.decode import decode_mono, probe
from mecomp_desktop.paths import resource
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from tests.analysis.library import add_files
from tests.support.audio_files import make_audio

pytestmark = pytest.mark.benchmark

ROUNDS = 3
COPIES = 80
SUFFIXES = {".flac", ".mp3", ".ogg", ".opus", ".m4a", ".wav"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = os.environ.get("MECOMP_DESKTOP_MUSIC")
    if folder:
        found = sorted(path for path in Path(folder).rglob("*") if path.suffix in SUFFIXES)
        return found[:COPIES]
    made = tmp_path_factory.mktemp("music")
    (song, other) = (make_audio(made / name, 60.0) for name in ("x.flac", "x.mp3"))
    copies = []
    for number in range(COPIES // 2):  # other bytes at the end make another recording of it
        for original in (song, other):
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

    worker = Worker(WorkerSettings(path))
    worker.open()
    ways: list[Callable[[Path], object]] = [
        by_hand,
        lambda file: listen(model, DEFAULT_POLICY, file),
        lambda file: worker.hear(file, 60.0),
    ]
    some = files[:6]
    sums = np.zeros(len(ways))
    try:
        for file in some * ROUNDS:  # in turns, so that a busy moment hits all three
            sums += [seconds(way, file) for way in ways]
    finally:
        worker.close()
    each_ms = sums * 1000 / (len(some) * ROUNDS)
    print(
        f"\nby hand {each_ms[0]:.0f} ms a track; ours {each_ms[1] / each_ms[0]:.3f} times,"
        f" in a worker {each_ms[2] / each_ms[0]:.3f} times"
    )


def rate(library: Path, files: list[Path], info: ModelInfo, workers: int) -> float:
    """Return tracks a second over a whole library, the start of the processes included."""
    database = Database(library)
    add_files(database, files)
    indexer = Indexer(database, info, WorkerSettings(resource(BUNDLED_MODEL)), workers)
    begin_s = time.perf_counter()
    indexer.start()
    assert indexer.wait_idle(500)
    took_s = time.perf_counter() - begin_s
    indexer.close()
    heard = Embeddings(database).counts(info.body_hash).heard
    database.close()
    assert heard == len(files)
    return heard / took_s


@pytest.mark.timeout(600)
def test_two_workers_against_one(files: list[Path], tmp_path: Path) -> None:
    info = load_model(resource(BUNDLED_MODEL)).info
    rates = {workers: rate(tmp_path / str(workers), files, info, workers) for workers in (1, 2)}
    load = psutil.getloadavg()[0]
    print(
        f"\none worker {rates[1]:.2f} tracks/s, two {rates[2] / rates[1]:.2f} times that"
        f" ({os.cpu_count()} cores, load {load:.1f}; start of the processes included)"
    )
