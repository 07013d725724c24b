import pytest
import torch

from trainer.config import Architecture, ModelConfig
from trainer.models import build_model
from trainer.models.audio_embedding_tiny import AudioEmbeddingTiny

Result = tuple[torch.Tensor, dict[str, torch.Tensor], dict[str, torch.Tensor]]


def trained_once(config: ModelConfig, lean: bool, seed: int) -> Result:
    torch.manual_seed(seed)
    model = build_model(config).double().train()
    assert isinstance(model, AudioEmbeddingTiny)
    for parameter in model.parameters():  # away from scales of 1 and shifts of 0
        parameter.data += 0.1 * torch.randn_like(parameter)
    model.lean = lean
    embedding, _ = model(torch.randn(3, 20_000, dtype=torch.float64) * 0.3)
    (embedding * torch.randn_like(embedding)).sum().backward()
    gradients = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    return embedding.detach(), gradients, dict(model.named_buffers())


@pytest.mark.parametrize("architecture", ["audio-embedding-tiny", "audio-embedding-gru"])
@pytest.mark.parametrize("frame_size", [1_024, 2_048, 4_096])
def test_lean_training_gives_the_same_numbers(architecture: Architecture, frame_size: int) -> None:
    config = ModelConfig(architecture, frame_size, dropout=0.0)
    plain, lean = trained_once(config, False, frame_size), trained_once(config, True, frame_size)
    assert torch.allclose(plain[0], lean[0], rtol=1e-9, atol=1e-12)
    for ours, theirs in zip(lean[1:], plain[1:], strict=True):
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            assert torch.allclose(ours[name], value, rtol=1e-7, atol=1e-10), name
