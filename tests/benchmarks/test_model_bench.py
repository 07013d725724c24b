"""AudioEmbeddingSpectral's file against AudioEmbeddingTiny's: thirty seconds on one thread."""

import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from trainer.config import Architecture, ModelConfig
from trainer.export import onnx_export
from trainer.models import build_model

SECONDS = 30.0
RATE_HZ = 22_050
ROUNDS = 40


def open_as_the_app_does(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def make_file(architecture: Architecture, folder: Path) -> Path:
    torch.manual_seed(0)
    config = ModelConfig(architecture=architecture)
    path = folder / f"{architecture}.onnx"
    onnx_export.export_onnx(build_model(config), config, path, architecture, "none", trained=False)
    return path


def interleaved(
    sessions: dict[str, onnxruntime.InferenceSession],
) -> dict[str, tuple[float, float]]:
    """Milliseconds by the clock and of the CPU: the smallest of some rounds, taking turns."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (1, round(SECONDS * RATE_HZ)))
    audio = noise.astype(np.float32)
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in sessions}
    for _ in range(ROUNDS):
        for name, session in sessions.items():
            clock, cpu = time.perf_counter(), time.process_time()
            onnx_export.run_session(session, audio)
            took[name].append((time.perf_counter() - clock, time.process_time() - cpu))
    return {
        name: (1e3 * min(each[0] for each in rows), 1e3 * min(each[1] for each in rows))
        for name, rows in took.items()
    }


@pytest.mark.benchmark
def test_thirty_seconds_against_tiny(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_export, "CHECK_LENGTHS_S", (1.0, SECONDS))
    names: tuple[Architecture, ...] = ("audio-embedding-tiny", "audio-embedding-spectral")
    files = {name: make_file(name, tmp_path) for name in names}
    took = interleaved({name: open_as_the_app_does(path) for name, path in files.items()})
    with capsys.disabled():
        sys.stdout.write("\n")
        for name, (clock, cpu) in took.items():
            size = files[name].stat().st_size / 1e6
            sys.stdout.write(
                f"{name}: {clock:.2f} ms by the clock, {cpu:.2f} ms of CPU, {size:.2f} MB\n"
            )
        tiny, spectral = (took[name] for name in names)
        by_clock, by_cpu = tiny[0] / spectral[0], tiny[1] / spectral[1]
        sys.stdout.write(f"as fast as Tiny: {by_clock:.1f} × by the clock, {by_cpu:.1f} × of CPU\n")
    assert by_cpu >= 3.0
