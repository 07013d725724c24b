import pytest
import torch

from trainer.config import ModelConfig
from trainer.models.audio_embedding_tiny import AudioEmbeddingTiny

Result = tuple[torch.Tensor, dict[str, torch.Tensor], dict[str, torch.Tensor]]


def trained_once(lean: bool, seed: int) -> Result:
    torch.manual_seed(seed)
    model = AudioEmbeddingTiny(ModelConfig(dropout=0.0)).double().train()
    for parameter in model.parameters():  # away from scales of 1 and shifts of 0
        parameter.data += 0.1 * torch.randn_like(parameter)
    model.lean = lean
    embedding, _ = model(torch.randn(3, 20_000, dtype=torch.float64) * 0.3)
    (embedding * torch.randn_like(embedding)).sum().backward()
    gradients = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    return embedding.detach(), gradients, dict(model.named_buffers())


@pytest.mark.parametrize("seed", range(3))
def test_lean_training_gives_the_same_numbers(seed: int) -> None:
    plain, lean = trained_once(False, seed), trained_once(True, seed)
    assert torch.allclose(plain[0], lean[0], rtol=1e-9, atol=1e-12)
    for ours, theirs in zip(lean[1:], plain[1:], strict=True):
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            assert torch.allclose(ours[name], value, rtol=1e-7, atol=1e-10), name
