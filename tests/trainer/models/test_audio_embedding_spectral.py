"""The whole network, in PyTorch and as the file it is exported to."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.analysis.projection_head import Head
from mecomp_desktop.arrays import Floats
from tests.trainer.models.test_mel_convolutions import unlike_fresh
from tests.trainer.music import GENRES, RATE_HZ, tone
from tests.trainer.training.test_epochs import STAGE, job
from trainer.config import DataConfig, ModelConfig, SpectralConfig
from trainer.data.prepare import Prepared
from trainer.export.onnx_export import Parity, export_onnx, open_session, run_session
from trainer.models import build_model
from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral, principal_axes
from trainer.models.parts import ResidualHead
from trainer.personal import head_graph
from trainer.training.checkpoint import BEST, load_checkpoint
from trainer.training.stages import run_stage

CONFIG = ModelConfig(architecture="audio-embedding-spectral")
LENGTHS_S = (1.0, 2.7, 9.0, 30.0)


@pytest.fixture(scope="module")
def network() -> AudioEmbeddingSpectral:
    """With scales and offsets as after training."""
    torch.manual_seed(3)
    model = build_model(CONFIG)
    assert isinstance(model, AudioEmbeddingSpectral)
    unlike_fresh(model)
    clips = np.stack([tone(genre, seed, 5.0) for genre in GENRES for seed in range(8)])
    model.standardise_to(torch.from_numpy(clips))
    return model


@pytest.fixture(scope="module")
def exported(
    network: AudioEmbeddingSpectral, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Parity]:
    path = tmp_path_factory.mktemp("export") / "model.onnx"
    return path, export_onnx(network, CONFIG, path, "Test", "none", trained=False)


@pytest.fixture(scope="module")
def session(exported: tuple[Path, Parity]) -> onnxruntime.InferenceSession:
    return open_session(exported[0])


@pytest.mark.slow
def test_file_equals_pytorch_from_one_second_to_ten_minutes(exported: tuple[Path, Parity]) -> None:
    assert exported[1].worst < 1e-4


def test_file_is_small_and_plain(exported: tuple[Path, Parity]) -> None:
    assert exported[0].stat().st_size <= 820_000
    proto = onnx.load(str(exported[0]))
    assert proto.opset_import[0].version >= 17
    assert {entry.domain for entry in proto.opset_import} == {""}
    assert not {"Loop", "Scan", "If"} & {node.op_type for node in proto.graph.node}
    values = {entry.name: entry.raw_data for entry in proto.graph.initializer}
    scales = {name: values.get(name.removesuffix(".int8") + ".scale", b"") for name in values}
    stored = [raw + scales[name] for name, raw in values.items() if len(raw) > 256]
    assert len(stored) == len(set(stored))  # nothing is kept twice


@pytest.mark.parametrize("seconds", LENGTHS_S)
def test_file_equals_pytorch_on_music(
    network: AudioEmbeddingSpectral, session: onnxruntime.InferenceSession, seconds: float
) -> None:
    for genre in GENRES:
        audio = tone(genre, 99, seconds)[None]
        with torch.no_grad():
            expected = network(torch.from_numpy(audio))
        for ours, theirs in zip(run_session(session, audio), expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)


def test_batch_padded_with_zeros_gives_what_single_calls_give(
    session: onnxruntime.InferenceSession,
) -> None:
    clips = [tone(GENRES[row], row, seconds) for row, seconds in enumerate(LENGTHS_S)]
    batch = np.zeros((len(clips), len(clips[-1])), np.float32)
    for row, clip in zip(batch, clips, strict=True):
        row[: len(clip)] = clip
    together = run_session(session, batch)
    for number, clip in enumerate(clips):
        for padded, alone in zip(together, run_session(session, clip[None]), strict=True):
            np.testing.assert_allclose(padded[number], alone[0], rtol=0, atol=1e-4)


def sounds() -> dict[str, Floats]:
    rng = np.random.default_rng(0)
    time = np.arange(10 * RATE_HZ) / RATE_HZ
    white = rng.standard_normal(len(time)).astype(np.float32) * 0.3
    click = np.zeros(len(time), np.float32)
    click[5_000] = 1.0
    return {
        "silence": np.zeros(len(time), np.float32),
        "tone": np.sin(2 * np.pi * 440 * time).astype(np.float32),
        "lowest tone": np.sin(2 * np.pi * 5 * time).astype(np.float32),
        "white noise": white,
        "clipped": np.sign(white),
        "constant": np.ones(len(time), np.float32),
        "click": click,
        "one second": white[:RATE_HZ],
        "one second of silence": np.zeros(RATE_HZ, np.float32),
        "hundred samples": white[:100],
        "one sample": np.ones(1, np.float32),
        "almost nothing": white * 1e-30,
        "far too loud": white * 1e6,
    }


@pytest.mark.parametrize("name", sounds())
def test_any_sound_gives_a_finite_unit_vector(
    session: onnxruntime.InferenceSession, name: str
) -> None:
    embedding, pooled = run_session(session, sounds()[name][None])
    assert embedding.shape == (1, 32)
    assert pooled.shape == (1, 416)
    assert np.isfinite(pooled).all()
    assert np.linalg.norm(embedding) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("gain", [0.5, 2.0])
def test_six_decibels_change_nothing(session: onnxruntime.InferenceSession, gain: float) -> None:
    clip = tone("Bells", 5, 12.0)[None] * 0.4
    plain, louder = run_session(session, clip)[0], run_session(session, clip * np.float32(gain))[0]
    assert np.linalg.norm(plain - louder) < 1e-3


def test_app_opens_the_file(exported: tuple[Path, Parity], network: AudioEmbeddingSpectral) -> None:
    info = load_model(exported[0]).info
    assert (info.dimension, info.pooled_width) == (32, network.pooled_width)
    assert (info.body_hash, info.head_hash) == (network.body_hash(), network.head_hash())


def test_app_can_work_with_the_head(exported: tuple[Path, Parity], tmp_path: Path) -> None:
    head = tmp_path / "head.onnx"
    onnx.save(head_graph.extract_head(head_graph.load(exported[0])), str(head))
    clips = np.stack([tone(genre, 1, 4.0) for genre in GENRES])
    embedding, pooled = run_session(open_session(exported[0]), clips)
    np.testing.assert_allclose(Head(head).embed(pooled), embedding, rtol=0, atol=1e-6)
    assert head.stat().st_size < 0.4 * exported[0].stat().st_size


def test_summary_from_stored_spectra_is_the_one_from_audio(network: AudioEmbeddingSpectral) -> None:
    audio = torch.from_numpy(tone("Pulse", 3, 6.0))[None]
    with torch.no_grad():
        power, mask = network.front_end(audio)
        assert mask.all()
        torch.testing.assert_close(
            network.pool_mel(power, torch.ones(power.shape[:2])), network(audio)[1]
        )


def test_gradients_reach_every_parameter(network: AudioEmbeddingSpectral) -> None:
    fresh = build_model(CONFIG).train()
    embedding, _ = fresh(torch.from_numpy(np.stack([tone(genre, 4, 4.0) for genre in GENRES])))
    (embedding[0] * embedding[1]).sum().backward()
    assert all(parameter.grad is not None for parameter in fresh.parameters())


def test_every_field_of_the_shape_survives_a_checkpoint() -> None:
    spectral = SpectralConfig(channels=(16, 32), pools=((2, 4),), stem_stride=(1, 2), hop=512)
    config = ModelConfig(architecture="audio-embedding-spectral", spectral=spectral)
    assert ModelConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    build_model(config)


@pytest.mark.parametrize("sphering", [0.0, 0.25, 1.0])
def test_principal_axes_are_those_of_the_covariance(sphering: float) -> None:
    rng = np.random.default_rng(0)
    values = rng.standard_normal((200, 12)) * np.geomspace(8, 1, 12) @ rng.standard_normal((12, 12))
    values -= values.mean(axis=0)
    variance, axes = np.linalg.eigh(np.cov(values, rowvar=False))
    spread = np.sqrt(variance[::-1][:5])
    found = principal_axes(torch.from_numpy(values), 5, sphering).numpy()
    assert np.abs(np.sum(found * axes.T[::-1][:5], axis=1)) == pytest.approx(
        np.linalg.norm(found, axis=1)
    )
    placed = values @ found.T
    assert np.linalg.norm(placed, axis=1).mean() == pytest.approx(1.0)
    assert placed.std(axis=0) / placed.std() == pytest.approx(
        spread ** (1 - sphering) / np.sqrt((spread ** (2 - 2 * sphering)).mean()), rel=1e-6
    )


def test_a_new_network_places_by_the_statistics(network: AudioEmbeddingSpectral) -> None:
    fresh = build_model(CONFIG).eval()
    fresh.standardise_to(torch.from_numpy(np.stack([tone(g, 1, 5.0) for g in GENRES * 2])))
    with torch.no_grad():
        embedding, pooled = fresh(torch.from_numpy(np.stack([tone(g, 2, 5.0) for g in GENRES])))
    placed = torch.nn.functional.normalize(pooled[:, -fresh.dimension :], dim=1)
    assert (embedding * placed).sum(1).min() > 0.5


def test_centred_embeddings_lie_around_the_origin(network: AudioEmbeddingSpectral) -> None:
    fresh = build_model(CONFIG).eval()
    clips = torch.from_numpy(np.stack([tone(g, seed, 4.0) for g in GENRES for seed in range(4)]))
    fresh.standardise_to(clips)
    body, head = fresh.body_hash(), fresh.head_hash()
    with torch.no_grad():
        before, pooled = fresh(clips)
        assert isinstance(fresh.head, ResidualHead)
        fresh.head.centre_on(pooled)
        after = fresh.project(pooled)
        fresh.head.centre_on(pooled)  # a second time changes nothing
        again = fresh.project(pooled)
    moved = before.numpy() - before.numpy().mean(axis=0)
    expected = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    np.testing.assert_allclose(after, expected, rtol=0, atol=1e-5)
    torch.testing.assert_close(again, after)
    assert fresh.body_hash() == body
    assert fresh.head_hash() != head


def test_learns_as_the_others_do(
    prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    config = replace(
        CONFIG, dimension=8, spectral=SpectralConfig(channels=(16, 16), pools=((4, 4),))
    )
    stage = replace(STAGE, max_epochs=2)
    run = replace(
        job(prepared, data_config, tmp_path, stage, build_model(config)), model_config=config
    )
    history = run_stage(run, resume=False)
    assert history.records[-1].train_loss < history.records[0].train_loss
    kept = load_checkpoint(tmp_path / BEST).model()
    assert isinstance(kept, AudioEmbeddingSpectral)
    assert kept.body_hash() == run.model.body_hash()
    assert float(kept.convolutions.mean.abs().min()) > 0.1  # the scale of the data was taken
    second = replace(
        run, stage=replace(stage, frozen="body"), parent="first", folder=tmp_path / "2"
    )
    run_stage(second, resume=False)
    assert second.model.body_hash() == kept.body_hash()
    assert second.model.head_hash() != kept.head_hash()
