"""Stage 1 here against the plain way: decode every clip each time, three passes a triplet."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from mecomp_desktop.audio.decode import decode_mono
from tests.trainer.music import GENRES, RATE_HZ, tone
from trainer.config import ModelConfig, StageConfig
from trainer.data.batches import Batch, list_batches, pool_batches
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.data.loader import Loader
from trainer.data.triplets import Triplet, TripletMaker
from trainer.models import build_model
from trainer.models.audio_embedding_tiny import AudioEmbeddingTiny
from trainer.training.losses import triplet_loss
from trainer.training.memory import keep_freed_memory
from trainer.training.step import TrainingStep

CLIP_S = 15.0
TRIPLETS = 12
STAGE = StageConfig()


def make_files(folder: Path) -> None:
    for number, genre in enumerate(GENRES * 3):
        sound = tone(genre, number, CLIP_S + 1)
        soundfile.write(folder / f"{genre} {number}.mp3", sound, RATE_HZ, format="MP3")


def make_clips(folder: Path) -> list[Clip]:
    """As many clips as the music folder has for training; a file serves for several."""
    files = sorted(folder.glob("*.mp3"))
    return [
        Clip(f"{path.stem}, {copy}", path, artist=f"{path.stem} {copy}", genre=path.stem.split()[0])
        for copy in range(15)
        for path in files
    ]


class PlainStep:
    """A step of what a first version does: nothing kept, nothing shared."""

    def __init__(self) -> None:
        self.model = AudioEmbeddingTiny(ModelConfig())
        self.model.lean = False
        self.optimizer = torch.optim.AdamW(self.model.parameters(), STAGE.learning_rate)

    def __call__(self, triplets: Sequence[Triplet], clips: dict[str, Clip]) -> None:
        self.optimizer.zero_grad()
        embeddings = []
        for column in ("anchor", "positive", "negative"):
            paths = [clips[getattr(triplet, column)].path for triplet in triplets]
            audio = np.stack([decode_mono(path, RATE_HZ, 0.0, CLIP_S) for path in paths])
            embeddings.append(self.model(torch.from_numpy(audio))[0])
        anchor, positive, negative = embeddings
        near, far = (anchor - positive).norm(dim=1), (anchor - negative).norm(dim=1)
        triplet_loss(near, far, STAGE.margin).backward()
        self.optimizer.step()


class OurStep:
    """A step of the trainer's loop: mapped audio, each clip once."""

    def __init__(self, cache: AudioCache) -> None:
        self.step = TrainingStep(build_model(ModelConfig()), STAGE, 0)
        self.optimizer = torch.optim.AdamW(self.step.parameters(), STAGE.learning_rate)
        self.loader = Loader(cache, CLIP_S)

    def __call__(self, batch: Batch) -> None:
        audio, triplets = self.loader.load(batch.clips, (0,)), torch.from_numpy(batch.triplets)
        self.optimizer.zero_grad()
        self.step(audio, triplets, torch.zeros(0))[0].backward()
        self.optimizer.step()


def measure(folder: Path, way: str, rounds: int = 1) -> float:
    """Seconds of CPU a triplet, one way; a first round warms up."""
    torch.set_num_threads(1)
    clips = make_clips(folder)
    by_key = {clip.key: clip for clip in clips}
    cache = AudioCache(folder / "cache", RATE_HZ)
    rng = np.random.default_rng(0)
    if way != "plain":
        keep_freed_memory()
        for clip in clips:
            cache.samples(clip.path)  # decoded once for all epochs: not part of a step
    plain, ours = PlainStep(), OurStep(cache)
    begun = 0.0
    everything = TripletMaker(clips).draw(5_600, {"genre": 1.0}, 0)
    for number in range(1 + rounds):
        begun = time.process_time() if number == 1 else begun
        triplets = everything[number * TRIPLETS : (number + 1) * TRIPLETS]
        if way == "plain":
            plain(triplets, by_key)
        elif way == "list":
            ours(next(list_batches(triplets, by_key, TRIPLETS, rng)))
        elif way == "sharing":
            ours(next(list_batches(everything, by_key, TRIPLETS, rng, sharing=True)))
        else:
            ours(next(pool_batches(clips, 12, TRIPLETS, 1, rng)))
    return (time.process_time() - begun) / rounds / TRIPLETS


@pytest.mark.benchmark
@pytest.mark.timeout(2_400)
def test_stage_1_is_three_times_as_fast_as_the_plain_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_files(tmp_path)
    spent = {}
    for way in ("plain", "list", "sharing", "pools"):
        # Processes of their own: how memory is reused is set for a whole process, and for good.
        command = [sys.executable, "-m", "tests.benchmarks.test_trainer_bench"]
        done = subprocess.run(
            [*command, str(tmp_path), way],
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        )
        spent[way] = float(done.stdout)
    ratios = {way: spent["plain"] / seconds for way, seconds in spent.items()}
    with capsys.disabled():
        figures = ", ".join(f"{way} {ratio:.1f} ×" for way, ratio in ratios.items())
        sys.stdout.write(f"\ntraining against the plain way: {figures}\n")
    assert all(ratios[way] >= 3.0 for way in ("list", "sharing", "pools"))


if __name__ == "__main__":
    sys.stdout.write(str(measure(Path(sys.argv[1]), sys.argv[2])))
