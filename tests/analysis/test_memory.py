"""A long recording costs a worker no more memory than a song."""

import sys
from pathlib import Path

import pytest
import soundfile as sf

from mecomp_desktop.analysis.embedding_worker import EmbeddingWorker, WorkerSettings
from mecomp_desktop.workers.worker_slot import Failed
from tests.support.audio_files import make_audio, music
from tests.support.models import make_model

RATE_HZ = 8_000
ALLOWED_BYTES = 24 << 20


def repeated(path: Path, minutes: int) -> Path:
    """Write a FLAC of this length, a minute at a time."""
    minute = music(60.0, RATE_HZ, channels=1)
    with sf.SoundFile(path, "w", RATE_HZ, 1, "PCM_16", format="FLAC") as file:
        for _ in range(minutes):
            file.write(minute)
    return path


def peak_bytes(pid: int | None) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no peak in /proc")


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize("cut_off", [False, True])
def test_three_hours_cost_what_three_minutes_cost(tmp_path: Path, cut_off: bool) -> None:
    worker = EmbeddingWorker(WorkerSettings(make_model(tmp_path / "model.onnx")))
    try:
        worker.start()
        worker.embed_track(make_audio(tmp_path / "warm.flac", 2.0), 2.0)
        worker.embed_track(repeated(tmp_path / "song.flac", 3), 180.0)
        short = peak_bytes(worker.pid)
        long = repeated(tmp_path / "set.flac", 180)
        if cut_off:  # then the whole file is walked through
            data = long.read_bytes()
            long.write_bytes(data[: len(data) * 9 // 10])
            outcome = worker.embed_track(long, 10_800.0)
            assert not isinstance(outcome, Failed)
            assert outcome.ends_early
            assert outcome.duration_s is not None
            assert 8_000 < outcome.duration_s < 10_500
        else:
            worker.embed_track(long, 10_800.0)
        grown = peak_bytes(worker.pid) - short
    finally:
        worker.rest()
    assert grown < ALLOWED_BYTES, f"{grown >> 20} MiB more than for a song"
