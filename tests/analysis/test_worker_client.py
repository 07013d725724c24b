import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from mecomp_desktop.analysis.excerpts import Excerpts, WholeTrack, embed_track
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.analysis.worker_client import WorkerClient, WorkerGone, WorkerSettings
from mecomp_desktop.errors import ModelFileError, Reason, UnreadableFile
from tests.support.audio_files import make_audio
from tests.support.models import RATE_HZ, make_model

POLICY = Excerpts(2, 1.0)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_model(tmp_path / "model.onnx")


@pytest.fixture
def start(model: Path) -> Iterator[Callable[..., WorkerClient]]:
    workers = []

    def start_one(**changes: object) -> WorkerClient:
        settings = WorkerSettings(**{"model": model, "policy": POLICY, **changes})  # type: ignore[arg-type]  # a test's shorthand
        worker = WorkerClient(settings)
        workers.append(worker)
        worker.open()
        return worker

    yield start_one
    for worker in workers:
        worker.close()


Start = Callable[..., WorkerClient]


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline_s = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline_s, f"not in time: {what}"
        time.sleep(0.01)


def test_hears_what_the_model_makes_of_the_file(tmp_path: Path, model: Path, start: Start) -> None:
    path = make_audio(tmp_path / "song.mp3", 5.0)
    worker = start()
    embedding, pooled = worker.embed_track(path, 5.0)
    by_hand, summary = load_model(model).embed(embed_track(path, RATE_HZ, POLICY)[np.newaxis])
    np.testing.assert_array_equal(embedding, by_hand[0])
    np.testing.assert_array_equal(pooled, summary[0])
    assert (worker.body_hash, worker.head_hash) == ("body-1", "head-1")


def test_a_bad_file_does_not_cost_the_worker(tmp_path: Path, start: Start) -> None:
    worker = start(policy=WholeTrack(5))
    (tmp_path / "noise.mp3").write_bytes(b"no music at all" * 99)
    with pytest.raises(UnreadableFile) as told:
        worker.embed_track(tmp_path / "noise.mp3", 1.0)
    assert told.value.reason is Reason.NOT_AUDIO
    assert worker.alive
    worker.embed_track(make_audio(tmp_path / "song.wav", 2.0), 2.0)


def test_names_that_are_not_utf8_arrive(tmp_path: Path, start: Start) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9 \n.wav")
    make_audio(tmp_path / "song.wav", 2.0).rename(path)
    embedding, _ = start().embed_track(path, 2.0)
    assert np.isfinite(embedding).all()


def test_refuses_a_model_that_cannot_be_used(tmp_path: Path, start: Start) -> None:
    bad = make_model(tmp_path / "bad.onnx", break_by="not unit")
    with pytest.raises(ModelFileError, match="not 1"):
        start(model=bad)


def test_a_worker_that_is_killed_is_told_as_crashed(tmp_path: Path, start: Start) -> None:
    worker = start()
    pipe = tmp_path / "endless.wav"
    os.mkfifo(pipe)  # opening it waits for ever
    killer = threading.Timer(0.3, os.kill, (worker.pid, signal.SIGSEGV))
    killer.start()
    with pytest.raises(UnreadableFile) as told:
        worker.embed_track(pipe, 1.0)
    killer.join()
    assert told.value.reason is Reason.CRASHED
    assert "-11" in told.value.detail
    assert not worker.alive


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path, start: Start) -> None:
    worker = start(time_limit_s=0.2, time_share=0.01)
    pipe = tmp_path / "endless.wav"
    os.mkfifo(pipe)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            worker.check()

    watchdog = threading.Thread(target=watch)
    watchdog.start()
    begin_s = time.monotonic()
    with pytest.raises(UnreadableFile) as told:
        worker.embed_track(pipe, 30.0)
    took_s = time.monotonic() - begin_s
    done.set()
    watchdog.join()
    assert told.value.reason is Reason.TIMED_OUT
    assert took_s >= 0.5  # 0.2 s and a hundredth of the duration


@pytest.mark.skipif(sys.platform != "linux", reason="the hard limit is Linux's")
def test_memory_is_limited(tmp_path: Path, start: Start) -> None:
    path = make_audio(tmp_path / "long.wav", 60.0, channels=1)
    worker = start(policy=WholeTrack(600), memory_bytes=5 << 20)
    with pytest.raises(UnreadableFile) as told:
        worker.embed_track(path, 60.0)
    assert told.value.reason in (Reason.TOO_MUCH_MEMORY, Reason.CRASHED)


def test_a_worker_that_is_told_to_end_blames_no_file(tmp_path: Path, start: Start) -> None:
    worker = start()
    pipe = tmp_path / "endless.wav"
    os.mkfifo(pipe)
    killer = threading.Timer(0.2, worker.kill)
    killer.start()
    with pytest.raises(WorkerGone):
        worker.embed_track(pipe, 1.0)
    killer.join()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_the_end_of_a_session_blames_no_file(tmp_path: Path, start: Start) -> None:
    """At a logout every process gets the signal; when to end, a worker hears from its parent."""
    file = make_audio(tmp_path / "song.wav", 2.0)
    worker = start()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(worker.pid, number)
    embedding, _ = worker.embed_track(file, 2.0)
    assert np.isfinite(embedding).all()
    assert worker.alive


def test_a_worker_is_humble(start: Start) -> None:
    worker = start()
    process = psutil.Process(worker.pid)
    assert process.nice() == 19
    if sys.platform == "linux":
        assert process.ionice().ioclass == psutil.IOPRIO_CLASS_IDLE
    os.kill(worker.pid, signal.SIGINT)  # Ctrl-C is for the parent
    time.sleep(0.1)
    assert worker.alive


def test_a_worker_loads_no_window_and_no_index(start: Start) -> None:
    if sys.platform != "linux":
        pytest.skip("reads what is mapped from /proc")
    mapped = Path(f"/proc/{start().pid}/maps").read_text()
    assert "onnxruntime" in mapped
    for heavy in ("PySide6", "hnswlib", "torch", "_sqlite3"):
        assert heavy not in mapped, heavy


PARENT = """
import sys, time
from pathlib import Path
from mecomp_desktop.analysis.worker_client import WorkerClient, WorkerSettings
worker = WorkerClient(WorkerSettings(Path(sys.argv[1])))
worker.open()
print(worker.pid, flush=True)
worker.hear(Path(sys.argv[2]), 1.0)
"""


def test_a_worker_does_not_outlive_a_killed_parent(tmp_path: Path, model: Path) -> None:
    pipe = tmp_path / "endless.wav"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT), str(model), str(pipe)],
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        assert worker.is_running()
        time.sleep(0.3)  # let it begin the file that never ends
        parent.kill()

    def gone() -> bool:
        return not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE

    wait_until(gone, "the worker's end")
