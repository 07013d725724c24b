"""How much memory training takes: a step of the paper's size, and sets of different size."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.trainer.music import make_manifest_set
from trainer.cli import main
from trainer.config import ModelConfig, StageConfig
from trainer.models import build_model
from trainer.training.memory import keep_freed_memory
from trainer.training.step import TrainingStep

CLIPS = 3 * StageConfig().batch_triplets
CLIP_S = StageConfig().clip_s
ALLOWED_MB = 4_000
SECONDS = 10.0
ALLOWED_GROWTH_MB = 60


def take_step(architecture: str) -> None:
    """Two steps of twelve triplets over 36 clips of 15 s: the paper's batch, nothing shared."""
    config = ModelConfig.from_dict({"architecture": architecture})
    step = TrainingStep(build_model(config), StageConfig(), 0)
    optimizer = torch.optim.AdamW(step.parameters())
    audio = 0.2 * torch.randn(CLIPS, round(CLIP_S * config.sample_rate_hz))
    for _ in range(2):
        optimizer.zero_grad()
        step(audio, torch.arange(CLIPS).view(-1, 3), torch.zeros(0))[0].backward()
        optimizer.step()


def learn_from(folder: str) -> None:
    """The whole of `train` on a set, with hardly any audio in a step."""
    options = ["--clip-s=0.5", "--max-epochs=1", "--triplets=400", "--device=cpu", "--threads=1"]
    options += ["--clip-shares", "0.5", "0.25", "0.25"]
    assert main(["train", folder, f"--out={folder}/run", f"--cache={folder}/cache", *options]) == 0


def peak_mb(what: str, argument: str) -> float:
    """The most memory that a process of its own holds while it does this."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.test_trainer_memory", what, argument],
        capture_output=True,
        text=True,
        check=True,
        timeout=1_200,
    )
    return float(done.stdout.splitlines()[-1])


@pytest.mark.benchmark
@pytest.mark.timeout(3_600)
def test_a_step_of_the_papers_size_stays_under_four_gigabytes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = ("audio-embedding-tiny", "audio-embedding-gru", "prcnn")
    peaks = {name: peak_mb("step", name) for name in names}
    with capsys.disabled():
        figures = ", ".join(f"{name} {peak:,.0f} MB" for name, peak in peaks.items())
        sys.stdout.write(f"\n12 triplets over 36 clips of 15 s: {figures}\n")
    assert max(peaks.values()) < ALLOWED_MB


@pytest.mark.benchmark
@pytest.mark.timeout(2_400)
def test_a_larger_set_takes_no_more_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    peaks = {}
    for artists in (10, 100):
        folder = make_manifest_set(tmp_path / str(artists), artists, seconds=SECONDS)
        peaks[4 * artists] = peak_mb("set", str(folder))
    with capsys.disabled():
        figures = ", ".join(f"{clips} clips {peak:,.0f} MB" for clips, peak in peaks.items())
        sys.stdout.write(f"\ntraining on {figures}\n")
    small, large = peaks.values()
    assert large - small < ALLOWED_GROWTH_MB  # the larger set is 160 MB more audio


if __name__ == "__main__":
    torch.set_num_threads(1)
    keep_freed_memory()
    {"step": take_step, "set": learn_from}[sys.argv[1]](sys.argv[2])
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}\n")
