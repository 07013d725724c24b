import numpy as np
import pytest
import torch

from trainer.models.teachers.front_end import (
    BANDS,
    HOP,
    RATE_HZ,
    WINDOW,
    CompressedMel,
    DecibelMel,
    FrontEnd,
    htk_edges_hz,
    slaney_edges_hz,
    triangles,
)

AUDIO = np.random.default_rng(1).standard_normal(RATE_HZ // 4).astype(np.float32) * 0.1


def naive_power(padding: str) -> np.ndarray:
    half = WINDOW // 2
    mode = {"reflect": "reflect", "constant": "constant"}[padding]
    padded = np.pad(AUDIO.astype(np.float64), half, mode=mode)  # type: ignore[call-overload]
    window = np.array([0.5 - 0.5 * np.cos(2 * np.pi * n / WINDOW) for n in range(WINDOW)])
    frames = range(1 + len(AUDIO) // HOP)
    return np.stack(
        [np.abs(np.fft.rfft(padded[f * HOP : f * HOP + WINDOW] * window)) ** 2 for f in frames], 1
    )


@pytest.mark.parametrize("front_end", [DecibelMel(), CompressedMel()])
def test_mel_power_is_what_a_loop_over_frames_gives(front_end: FrontEnd) -> None:
    expected = front_end.filters.double().numpy() @ naive_power(front_end.padding)
    assert expected.shape == (BANDS, 1 + len(AUDIO) // HOP)
    got = front_end.mel_power(torch.from_numpy(AUDIO)[None])[0].numpy()
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-7)


def test_htk_mels_are_the_formula() -> None:
    edges = htk_edges_hz(98).numpy()
    mels = 2595 * np.log10(1 + edges / 700)
    np.testing.assert_allclose(np.diff(mels), mels[-1] / 97)
    assert edges[0] == 0
    assert edges[-1] == pytest.approx(8_000)


def test_slaney_mels_are_linear_to_1_khz_and_logarithmic_above() -> None:
    edges = slaney_edges_hz(98).numpy()
    below, above = edges[edges < 1_000], edges[edges > 1_000]
    np.testing.assert_allclose(np.diff(below, 2), 0, atol=1e-9)
    np.testing.assert_allclose(np.diff(np.log(above), 2), 0, atol=1e-9)
    assert edges[-1] == pytest.approx(8_000)


def test_triangles_are_what_a_loop_gives() -> None:
    edges = htk_edges_hz(6)
    expected = np.zeros((4, WINDOW // 2 + 1))
    for row in range(4):
        low, mid, high = edges[row : row + 3].tolist()
        for column in range(WINDOW // 2 + 1):
            hz = column * RATE_HZ / WINDOW
            if low < hz < high:
                rising, falling = (hz - low) / (mid - low), (high - hz) / (high - mid)
                expected[row, column] = min(rising, falling)
    np.testing.assert_allclose(triangles(edges).numpy(), expected, atol=1e-9)


def test_silence_is_finite() -> None:
    silence = torch.zeros(1, RATE_HZ)
    assert DecibelMel()(silence).unique().tolist() == [-100.0]
    assert CompressedMel()(silence).unique().tolist() == [0.0]
