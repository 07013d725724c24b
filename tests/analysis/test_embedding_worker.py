"""What is asked of an embedding worker; how workers die is told in ``tests/workers``."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.analysis.embedding_worker import (
    EmbeddingWorker,
    TrackVectors,
    WorkerSettings,
)
from mecomp_desktop.analysis.excerpts import Excerpts, WholeTrack, embed_track
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.errors import ModelFileError, Reason
from mecomp_desktop.workers.worker_slot import Failed, SlotClosed
from tests.support.audio_files import make_audio
from tests.support.models import RATE_HZ, make_model
from tests.support.odd_readers import endless, waiting_readers

POLICY = Excerpts(2, 1.0)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_model(tmp_path / "model.onnx")


@pytest.fixture
def start(model: Path, tmp_path: Path) -> Iterator[Callable[..., EmbeddingWorker]]:
    workers = []

    def start_one(**changes: object) -> EmbeddingWorker:
        standard = {"model": model, "policy": POLICY, "environment": waiting_readers(tmp_path)}
        settings = WorkerSettings(**(standard | changes))  # type: ignore[arg-type]  # a test's shorthand
        worker = EmbeddingWorker(settings)
        workers.append(worker)
        worker.start()
        return worker

    yield start_one
    for worker in workers:
        worker.rest()


Start = Callable[..., EmbeddingWorker]


def vectors(outcome: TrackVectors | Failed) -> TrackVectors:
    assert isinstance(outcome, TrackVectors), outcome
    return outcome


def reason(outcome: TrackVectors | Failed) -> Reason:
    assert isinstance(outcome, Failed)
    return outcome.reason


def test_gives_what_the_model_makes_of_the_file(tmp_path: Path, model: Path, start: Start) -> None:
    path = make_audio(tmp_path / "song.mp3", 5.0)
    made = vectors(start().embed_track(path, 5.0))
    by_hand, summary = load_model(model).embed(embed_track(path, RATE_HZ, POLICY)[np.newaxis])
    np.testing.assert_array_equal(made.embedding, by_hand[0])
    np.testing.assert_array_equal(made.pooled, summary[0])
    assert (made.body_hash, made.head_hash) == ("body-1", "head-1")


def test_a_bad_file_does_not_cost_the_worker(tmp_path: Path, start: Start) -> None:
    worker = start(policy=WholeTrack(5))
    pid = worker.pid
    (tmp_path / "noise.mp3").write_bytes(b"no music at all" * 99)
    assert reason(worker.embed_track(tmp_path / "noise.mp3", 1.0)) is Reason.NOT_AUDIO
    vectors(worker.embed_track(make_audio(tmp_path / "song.wav", 2.0), 2.0))
    assert worker.pid == pid


def test_names_that_are_not_utf8_arrive(tmp_path: Path, start: Start) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9 \n.wav")
    make_audio(tmp_path / "song.wav", 2.0).rename(path)
    assert np.isfinite(vectors(start().embed_track(path, 2.0)).embedding).all()


def test_refuses_a_model_that_cannot_be_used(tmp_path: Path, start: Start) -> None:
    bad = make_model(tmp_path / "bad.onnx", break_by="not unit")
    with pytest.raises(ModelFileError, match="not 1"):
        start(model=bad)


def wait_for_reader(pipe: Path) -> int:
    """Wait until a worker has begun this pipe; return our end of it, so that it goes on waiting."""
    deadline_s = time.monotonic() + 20
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads
            assert time.monotonic() < deadline_s, "nobody reads"
            time.sleep(0.01)


def test_a_worker_that_crashes_once_costs_no_file(tmp_path: Path, start: Start) -> None:
    worker = start()
    path = tmp_path / "song.wav"
    pipe = endless(path)
    first = worker.pid
    done: list[TrackVectors | Failed] = []
    reader = threading.Thread(target=lambda: done.append(worker.embed_track(path, 1.0)))
    reader.start()
    writer = wait_for_reader(pipe)
    assert first is not None
    # The fresh worker finds a file that can be read.
    make_audio(tmp_path / "good.wav", 2.0).replace(path)
    pipe.unlink()
    os.kill(first, signal.SIGSEGV)
    reader.join(30)
    os.close(writer)
    vectors(done[0])
    assert worker.pid != first


def test_a_file_that_waits_too_long_is_given_up(tmp_path: Path, start: Start) -> None:
    worker = start(time_limit_s=0.05, time_share=0.01)
    path = tmp_path / "endless.wav"
    endless(path)
    begin_s = time.monotonic()
    assert reason(worker.embed_track(path, 15.0)) is Reason.NO_ANSWER
    assert time.monotonic() - begin_s >= 1.0  # five times 0.05 s and a hundredth of the duration


@pytest.mark.skipif(sys.platform != "linux", reason="the hard limit is Linux's")
def test_memory_is_limited(tmp_path: Path, start: Start) -> None:
    path = make_audio(tmp_path / "long.wav", 60.0, channels=1)
    worker = start(policy=WholeTrack(600), memory_bytes=5 << 20)
    assert reason(worker.embed_track(path, 60.0)) in (Reason.TOO_MUCH_MEMORY, Reason.CRASHED)


def test_a_worker_that_is_stopped_blames_no_file(tmp_path: Path, start: Start) -> None:
    worker = start()
    path = tmp_path / "endless.wav"
    endless(path)
    closer = threading.Timer(0.2, worker.close)
    closer.start()
    with pytest.raises(SlotClosed):
        worker.embed_track(path, 1.0)
    closer.join()


def test_a_worker_loads_no_window_and_no_index(start: Start) -> None:
    if sys.platform != "linux":
        pytest.skip("reads what is mapped from /proc")
    mapped = Path(f"/proc/{start().pid}/maps").read_text()
    assert "onnxruntime" in mapped
    for heavy in ("PySide6", "hnswlib", "torch", "_sqlite3"):
        assert heavy not in mapped, heavy
