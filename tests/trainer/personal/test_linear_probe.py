"""A model file learns to name what is audible, from real audio files, and is otherwise the same."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.contracts.linear_probe import read_linear_probe
from tests.support.listeners import RATE_HZ, WIDTH, write_model
from trainer.data.clip import Clip
from trainer.errors import DataError
from trainer.personal import head_graph
from trainer.personal.descriptors import NAMES
from trainer.personal.linear_probe import add_linear_probe

CLIPS, LENGTH_S = 60, 3.0


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "model.onnx", np.eye(WIDTH, 32, dtype=np.float32))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Clip]:
    """Noise through filters that differ, so that some is brighter."""
    folder = tmp_path_factory.mktemp("noise")
    rng = np.random.default_rng(0)
    found = []
    for number in range(CLIPS):
        noise = rng.standard_normal(round(LENGTH_S * RATE_HZ))
        spectrum = np.fft.rfft(noise) * np.linspace(1, 0, len(noise) // 2 + 1) ** (number / 10)
        audio = np.fft.irfft(spectrum, len(noise))
        path = folder / f"{number}.wav"
        soundfile.write(path, 0.2 * audio / audio.std(), RATE_HZ)
        found.append(Clip(path.stem, path, artist=f"artist {number % 12}"))
    return found


def test_what_is_audible_is_read_on_artists_left_out(model: Path, clips: list[Clip]) -> None:
    before = load_model(model).info
    found = add_linear_probe(model, clips, pytest.fail)
    assert list(found) == NAMES
    assert found["brightness"] > 0.9
    after = load_model(model).info
    assert (after.body_hash, after.head_hash) == (before.body_hash, before.head_hash)
    columns = read_linear_probe(head_graph.properties_of(head_graph.load(model)), WIDTH)
    assert columns.shape == (WIDTH, len(NAMES))


def test_broken_audio_is_named_and_passed_over(
    model: Path, clips: list[Clip], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF and no more")
    reports: list[str] = []
    add_linear_probe(model, [Clip("broken", broken), *clips], reports.append)
    (line,) = reports
    assert "broken.wav" in line


def test_too_little_music_leaves_the_file_as_it_is(model: Path, clips: list[Clip]) -> None:
    before = model.read_bytes()
    with pytest.raises(DataError, match="10 readable clips are too few"):
        add_linear_probe(model, clips[:10], pytest.fail)
    assert model.read_bytes() == before
