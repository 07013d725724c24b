from pathlib import Path

import numpy as np
import pytest
import soundfile

from mecomp_desktop.analysis import worker_main
from mecomp_desktop.analysis.embedder import (
    EMBEDDERS,
    INAUDIBLE,
    MadeVectors,
    SoundEmbedder,
    flushed,
    write_policy,
)
from mecomp_desktop.analysis.embedding_worker import EmbeddingWorker, TrackVectors, WorkerSettings
from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY
from mecomp_desktop.analysis.model import Model, load_model
from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.paths import resource
from tests.support.audio_files import make_audio

_LENGTH_S = 10


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model(resource(BUNDLED_MODEL))


@pytest.fixture
def noise(model: Model) -> Floats:
    rng = np.random.default_rng(0)
    return (0.1 * rng.standard_normal(_LENGTH_S * model.info.sample_rate_hz)).astype(np.float32)


def _embed(model: Model, audio: Floats) -> Floats:
    return model.embed(audio[np.newaxis])[0]


def test_music_keeps_its_vector_to_the_last_bit(model: Model, noise: Floats) -> None:
    before = _embed(model, noise)
    np.testing.assert_array_equal(_embed(model, flushed(noise.copy())), before)


def test_a_fade_to_the_last_bit_of_24_keeps_its_vector(model: Model, noise: Floats) -> None:
    faded = (noise * np.logspace(0, -7, len(noise))).astype(np.float32)
    before = _embed(model, faded)
    np.testing.assert_allclose(_embed(model, flushed(faded.copy())), before, atol=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_inaudible_noise_is_silence(sign: int) -> None:
    audio = np.float32(sign) * np.float32([0.5, 1e-7, 2e-10, 5e-11, 1e-20, 1e-39, 0.0])
    kept = np.abs(audio) >= INAUDIBLE
    assert kept.tolist() == [True, True, True, False, False, False, False]
    np.testing.assert_array_equal(flushed(audio.copy()), np.where(kept, audio, 0))


class SizeEmbedder:
    """An embedder of the test's own: a vector that tells how large a file is."""

    body_hash, head_hash = "size", "size"

    def embed(self, path: Path, part: Part | None = None) -> MadeVectors:
        size = path.stat().st_size
        if not size:
            raise UnreadableFile(path, Reason.EMPTY)
        return MadeVectors(np.array([1.0, 0.0], np.float32), np.array([size], np.float32))


def test_a_new_kind_of_vector_is_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kinds = {**EMBEDDERS, "size": lambda _settings: SizeEmbedder()}
    monkeypatch.setattr(worker_main, "EMBEDDERS", kinds)
    handler, greeting = worker_main.open_handler({"kind": "size"})
    assert greeting == {"body": "size", "head": "size"}
    (tmp_path / "file").write_bytes(b"123")
    answer = handler({"path": str(tmp_path / "file")})
    assert worker_main.unpack(answer["pooled"]).tolist() == [3.0]
    (tmp_path / "empty").touch()
    with pytest.raises(UnreadableFile):
        handler({"path": str(tmp_path / "empty")})


def test_of_a_part_the_excerpts_lie_inside_it(tmp_path: Path) -> None:
    noisy, tonal = make_audio(tmp_path / "a.wav", 70.0, seed=1), tmp_path / "b.wav"
    make_audio(tonal, 80.0, seed=9)
    both = np.concatenate([soundfile.read(noisy)[0], soundfile.read(tonal)[0]])
    soundfile.write(tmp_path / "both.flac", both, 44_100)
    worker = EmbeddingWorker(WorkerSettings(resource(BUNDLED_MODEL)))
    try:
        alone = worker.embed_track(noisy, 70.0), worker.embed_track(tonal, 80.0)
        parts = (
            worker.embed_track(tmp_path / "both.flac", 70.0, Part(0.0, 70.0)),
            worker.embed_track(tmp_path / "both.flac", 80.0, Part(70.0, None)),
        )
    finally:
        worker.rest()
    for whole, part in zip(alone, parts, strict=True):
        assert isinstance(whole, TrackVectors)
        assert isinstance(part, TrackVectors)
        np.testing.assert_allclose(part.embedding, whole.embedding, atol=2e-3)


def test_the_sound_embedder_is_what_a_worker_runs(tmp_path: Path) -> None:
    file = make_audio(tmp_path / "a.flac", 3.0, seed=1)
    settings = {"model": str(resource(BUNDLED_MODEL)), "policy": write_policy(DEFAULT_POLICY)}
    here, *_ = SoundEmbedder.open(settings).embed(file)
    worker = EmbeddingWorker(WorkerSettings(resource(BUNDLED_MODEL)))
    try:
        there = worker.embed_track(file, 3.0)
    finally:
        worker.rest()
    assert isinstance(there, TrackVectors)
    np.testing.assert_array_equal(there.embedding, here)
