"""What holds for every network: frames, unit length, the options of the ablations, hashes."""

import pytest
import torch

from trainer.config import ModelConfig
from trainer.models import MODELS, build_model
from trainer.models.parts import split_frames


def test_tiny_has_the_papers_parameters() -> None:
    assert build_model(ModelConfig()).parameter_count() == 213_352


@pytest.mark.parametrize("samples", [1, 2_047, 2_048, 2_049, 22_050])
def test_frames_hold_every_sample_and_zeros(samples: int) -> None:
    audio = torch.arange(1.0, samples + 1).unsqueeze(0)
    frames = split_frames(audio, 2_048)
    flat = frames.flatten()
    assert frames.shape == (1, -(-samples // 2_048), 2_048)
    assert torch.equal(flat[:samples], audio[0])
    assert not flat[samples:].any()


def test_overlapping_frames_share_half() -> None:
    frames = split_frames(torch.arange(10_000.0).unsqueeze(0), 2_048, overlap=2)
    assert torch.equal(frames[0, 0, 1_024:], frames[0, 1, :1_024])


@pytest.mark.parametrize("architecture", list(MODELS))
@pytest.mark.parametrize("samples", [700, 22_050, 50_001])
def test_embeddings_have_unit_length_at_any_input_length(architecture: str, samples: int) -> None:
    model = build_model(ModelConfig.from_dict({"architecture": architecture})).eval()
    with torch.no_grad():
        embedding, pooled = model(torch.randn(2, samples) * 0.1)
    assert embedding.shape == (2, model.dimension)
    assert pooled.shape == (2, model.pooled_width)
    assert torch.allclose(embedding.norm(dim=1), torch.ones(2), atol=1e-5)


@pytest.mark.parametrize(
    "option",
    [
        {"frame_size": 1_024},
        {"frame_size": 4_096},
        {"hidden": 256},
        {"dropout": 0.2},
        {"dimension": 64},
        {"overlap": 2},
        {"pooling": "mean"},
        {"pooling": "last"},
    ],
    ids=str,
)
def test_every_ablation_of_the_paper_runs(option: dict[str, object]) -> None:
    model = build_model(ModelConfig.from_dict(option))
    embedding, _ = model(torch.randn(2, 9_000))
    embedding.sum().backward()
    assert embedding.shape == (2, option.get("dimension", 32))


def test_hashes_distinguish_body_and_head() -> None:
    torch.manual_seed(0)
    model = build_model(ModelConfig())
    body, head = model.body_hash(), model.head_hash()
    with torch.no_grad():
        next(model.head.parameters()).add_(1.0)
    assert model.body_hash() == body
    assert model.head_hash() != head
    with torch.no_grad():
        model.state_dict()["cnn.0.1.running_mean"].add_(1.0)
    assert model.body_hash() != body
