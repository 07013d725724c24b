"""What the shipped model stands, as far as made songs show; `trainer measure` tells the rest."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY
from mecomp_desktop.analysis.model import Model, load_model
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.paths import resource
from tests.trainer.evaluation.songs import RATE_HZ as SONG_RATE_HZ
from tests.trainer.evaluation.songs import song
from trainer.evaluation.edge_cases import is_unit
from trainer.evaluation.perturbations import CHANGES
from trainer.evaluation.robustness import (
    MIN_KEPT_SHARE,
    MIN_OTHER_HALF_SHARE,
    after_changes,
    after_odd_sounds,
    other_half,
)
from trainer.evaluation.track_embedding import AudioEmbedder, onnx_embedder

SONGS = 20
SONG_S = 40.0
CHANGED = 8
MAX_BYTES = 820_000
PADDING_TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model(resource(BUNDLED_MODEL))


@pytest.fixture(scope="module")
def embed() -> AudioEmbedder:
    return onnx_embedder(resource(BUNDLED_MODEL))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("songs")
    paths = [folder / f"{seed}.wav" for seed in range(SONGS)]
    for seed, path in enumerate(paths):
        soundfile.write(path, song(seed, SONG_S), SONG_RATE_HZ)
    return paths


@pytest.fixture(scope="module")
def songs(files: Sequence[Path], model: Model) -> list[np.ndarray]:
    rate_hz = model.info.sample_rate_hz
    return [
        soxr.resample(soundfile.read(path, dtype="float32")[0], SONG_RATE_HZ, rate_hz)
        for path in files
    ]


def test_it_is_small() -> None:
    assert resource(BUNDLED_MODEL).stat().st_size <= MAX_BYTES


@pytest.mark.nightly
@pytest.mark.slow
def test_a_song_is_nearest_to_its_own_other_half(
    embed: AudioEmbedder, songs: Sequence[np.ndarray], model: Model
) -> None:
    share = other_half(embed, songs, model.info.sample_rate_hz, DEFAULT_POLICY)
    assert share >= MIN_OTHER_HALF_SHARE


@pytest.mark.nightly
@pytest.mark.slow
def test_a_changed_copy_is_nearer_than_any_other_song(
    embed: AudioEmbedder, files: Sequence[Path], model: Model
) -> None:
    kept, _ = after_changes(
        embed, files[:CHANGED], model.info.sample_rate_hz, DEFAULT_POLICY, CHANGES
    )
    assert {name: share for name, share in kept.items() if share < MIN_KEPT_SHARE} == {}


@pytest.mark.nightly
@pytest.mark.slow
def test_odd_sounds_and_three_hours_give_unit_vectors(
    embed: AudioEmbedder, songs: Sequence[np.ndarray], model: Model
) -> None:
    found = after_odd_sounds(embed, songs[0], model.info.sample_rate_hz, DEFAULT_POLICY)
    assert [name for name, held in found.items() if not held] == []


def test_any_length_from_a_second_on_is_embedded(
    embed: AudioEmbedder, songs: Sequence[np.ndarray], model: Model
) -> None:
    long = np.tile(songs[1], 5)
    for length_s in (1.0, 1.001, 1.7, 2.99, 7.3, 31.4, 75.0):
        assert is_unit(embed(long[: round(length_s * model.info.sample_rate_hz)])), length_s


def test_silence_at_the_end_of_a_row_changes_nothing(
    model: Model, songs: Sequence[np.ndarray]
) -> None:
    lengths = [round(part * len(songs[0])) for part in (1.0, 0.71, 0.33)]
    alone = [audio[:length] for audio, length in zip(songs, lengths, strict=False)]
    batch = np.zeros((3, len(songs[0])), np.float32)
    for row, audio in zip(batch, alone, strict=True):
        row[: len(audio)] = audio
    together = model.embed(batch)
    for at, audio in enumerate(alone):
        for alone, batched in zip(model.embed(audio[None]), together, strict=True):
            np.testing.assert_allclose(
                batched[at], alone[0], rtol=PADDING_TOLERANCE, atol=PADDING_TOLERANCE
            )
