import numpy as np
import pytest
import torch

from trainer.config import SpectralConfig
from trainer.models.mel_convolutions import MaskedPooling, MelConvolutions


def unlike_fresh(module: torch.nn.Module) -> torch.nn.Module:
    """Offsets and scales as after training: with fresh ones, silence would give plain zeros."""
    generator = torch.Generator().manual_seed(1)
    for name, value in module.state_dict().items():
        if value.is_floating_point() and value.ndim == 1:
            noise = torch.rand(value.shape, generator=generator)
            value.copy_(
                noise + 0.5 if name.endswith(("weight", "var", "deviation")) else noise - 0.3
            )
    return module.eval()


@torch.no_grad()
@pytest.mark.parametrize(
    "option",
    [
        {},
        {"stem_stride": (1, 2)},
        {"stem_stride": (4, 1), "pools": ((1, 2), (2, 2), (1, 1))},
        {"channels": (16, 32), "pools": ((4, 4),)},
        {"channels": (16, 16, 16, 16), "pools": ((2, 3), (1, 2), (2, 2)), "stem_kernel": 3},
    ],
    ids=str,
)
def test_padding_changes_nothing(option: dict[str, object]) -> None:
    config = SpectralConfig.from_dict(option)
    network = unlike_fresh(MelConvolutions(config))
    generator = torch.Generator().manual_seed(0)
    for frames in (*range(1, 18), 100, 101):
        alone = torch.randn(1, frames, 64, generator=generator)
        mask = torch.ones(1, frames)
        expected = network(alone, mask)
        for padding in (1, 5, 64):
            padded = torch.nn.functional.pad(alone, (0, 0, 0, padding), value=-11.5)
            longer = torch.nn.functional.pad(mask, (0, padding))
            torch.testing.assert_close(network(padded, longer), expected, rtol=0, atol=2e-5)


@torch.no_grad()
def test_every_frame_counts() -> None:
    network = unlike_fresh(MelConvolutions(SpectralConfig()))
    image, mask = torch.randn(1, 43, 64), torch.ones(1, 43)
    plain = network(image, mask)
    for frame in range(43):
        changed = image.clone()
        changed[:, frame] += 3.0
        assert (network(changed, mask) - plain).abs().max() > 1e-4


def test_pooling_is_equation_1_and_the_deviation() -> None:
    torch.manual_seed(0)
    pooling = MaskedPooling(8, 4)
    states = torch.randn(1, 9, 8)
    mask = torch.tensor([[1.0] * 6 + [0.0] * 3])
    kept = states[0, :6].detach().numpy()
    scores = pooling.score(states[:, :6])[0, :, 0].detach().numpy()
    weights = np.exp(scores) / np.exp(scores).sum()
    expected = [*(weights @ kept), *np.sqrt(kept.var(axis=0) + 1e-4)]
    np.testing.assert_allclose(pooling(states, mask)[0].detach(), expected, rtol=1e-4, atol=1e-6)


def test_bands_are_standardised_by_audible_power() -> None:
    network = MelConvolutions(SpectralConfig())
    clips = torch.randn(4, 50, 64) * torch.linspace(1, 3, 64) + torch.linspace(-9, -2, 64)
    mask = torch.ones(4, 50)
    mask[0, 10:] = 0
    clips[0, 10:] = 1e6
    network.standardise(clips, mask)
    torch.testing.assert_close(network.mean, torch.linspace(-9, -2, 64), rtol=0, atol=1.0)
    torch.testing.assert_close(network.deviation, torch.linspace(1, 3, 64), rtol=0, atol=0.8)
