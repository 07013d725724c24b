import numpy as np
import pytest
import torch

from mecomp_desktop.arrays import Doubles
from trainer.models.mel_power import FRAME, MelPower, log_power, recording_mask

RATE_HZ = 22_050
BANDS = 64


def noise(samples: int, seed: int = 0) -> torch.Tensor:
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.uniform(-0.5, 0.5, (1, samples)).astype(np.float32))


def plain_filters(top_hz: float) -> Doubles:
    """Each weight by itself, ``[bands, 512]``, from the lowest frequency up."""
    width_hz = RATE_HZ / FRAME
    lowest, highest = (2595 * np.log10(1 + hz / 700) for hz in (30.0, top_hz))
    edges_hz = [
        700 * (10 ** ((lowest + (highest - lowest) * edge / (BANDS + 1)) / 2595) - 1)
        for edge in range(BANDS + 2)
    ]
    filters = np.zeros((BANDS, FRAME // 2))
    for band in range(BANDS):
        middle = edges_hz[band + 1]
        low, high = (
            min(edges_hz[band], middle - width_hz),
            max(edges_hz[band + 2], middle + width_hz),
        )
        for number in range(FRAME // 2):
            hz = (number + 0.5) * width_hz
            slope = (hz - low) / (middle - low) if hz < middle else (high - hz) / (high - middle)
            filters[band, number] = max(0.0, slope)
    return filters / filters.sum(axis=1, keepdims=True)


def plain_power(audio: Doubles, hop: int, top_hz: float = RATE_HZ / 2) -> Doubles:
    """Frame by frame with NumPy's transform, ``[frames, bands]``."""
    time = np.arange(FRAME)
    window = np.hanning(FRAME + 1)[:-1]
    between = np.exp(-1j * np.pi * time / FRAME)  # half a bin up
    rows = []
    for start in range(0, len(audio), hop):
        piece = audio[start : start + FRAME]
        frame = np.pad(piece, (0, FRAME - len(piece)))
        rows.append(np.abs(np.fft.fft(frame * window * between)[: FRAME // 2]) ** 2)
    return np.array(rows) @ plain_filters(top_hz).T


@pytest.mark.parametrize("hop", [512, 768, 1_024, 1_536, 2_048])
@pytest.mark.parametrize("samples", [1, 1_024, 20_000])
def test_power_is_what_numpys_fft_says(hop: int, samples: int) -> None:
    audio = noise(samples)
    expected = plain_power(audio[0].double().numpy(), hop)
    power = MelPower(RATE_HZ, hop)(audio)
    assert power.shape == (1, -(-samples // hop), BANDS)
    np.testing.assert_allclose(power[0], expected, rtol=2e-5, atol=1e-7 * expected.max())


@pytest.mark.parametrize("top_hz", [500.0, 4_000.0, 7_400.0, 10_900.0])
def test_what_lies_past_the_highest_band_is_left_out(top_hz: float) -> None:
    audio = noise(20_000)
    expected = plain_power(audio[0].double().numpy(), FRAME, top_hz)
    mel = MelPower(RATE_HZ, high_hz=top_hz)
    np.testing.assert_allclose(mel(audio)[0], expected, rtol=2e-5, atol=1e-7 * expected.max())
    bins = top_hz / RATE_HZ * FRAME
    assert bins <= len(mel.filters()) <= bins + 64


def test_quiet_partials_beside_a_loud_one_stay_exact() -> None:
    time = np.arange(FRAME * 4) / RATE_HZ
    sound = np.sin(2 * np.pi * 200 * time) + 1e-3 * np.sin(2 * np.pi * 6_000 * time)
    power = MelPower(RATE_HZ)(torch.from_numpy(sound.astype(np.float32))[None])[0]
    np.testing.assert_allclose(power, plain_power(sound, FRAME), rtol=1e-2, atol=1e-7)


def test_no_band_is_empty_and_the_weights_of_each_add_up_to_one() -> None:
    filters = MelPower(RATE_HZ).filters()
    assert filters.shape == (512, BANDS)
    assert ((filters > 0).sum(0) >= 2).all()
    torch.testing.assert_close(filters.sum(0), torch.ones(BANDS), rtol=0, atol=2e-5)


def test_rows_of_a_batch_do_not_touch_each_other() -> None:
    first, second = noise(9_000, 1), noise(9_000, 2)
    both = MelPower(RATE_HZ)(torch.cat([first, second]))
    torch.testing.assert_close(both[:1], MelPower(RATE_HZ)(first))
    torch.testing.assert_close(both[1:], MelPower(RATE_HZ)(second))


def test_a_recording_ends_where_only_silence_follows() -> None:
    power = torch.zeros(3, 6, BANDS)
    power[0, [0, 3], 5] = 1e-12  # quiet, a pause, quiet again
    power[1] = 1.0
    expected = [[1, 1, 1, 1, 0, 0], [1] * 6, [1, 0, 0, 0, 0, 0]]
    assert recording_mask(power).int().tolist() == expected


def test_added_zeros_add_silent_frames_alone() -> None:
    audio = noise(5_000)
    longer = torch.nn.functional.pad(audio, (0, 7_000))
    short, long = MelPower(RATE_HZ)(audio), MelPower(RATE_HZ)(longer)
    torch.testing.assert_close(long[:, : short.shape[1]], short)
    assert not long[:, short.shape[1] :].any()
    assert recording_mask(long).sum() == recording_mask(short).sum() == short.shape[1]


@pytest.mark.parametrize("gain", [0.5, 2.0, 1e-3])
def test_log_power_is_the_same_at_every_loudness(gain: float) -> None:
    power = MelPower(RATE_HZ)(noise(30_000))
    mask = torch.ones(power.shape[:2])
    torch.testing.assert_close(
        log_power(power * gain**2, mask), log_power(power, mask), rtol=0, atol=1e-3
    )


def test_log_power_is_in_audible_units() -> None:
    power = MelPower(RATE_HZ)(noise(30_000))
    mask = torch.ones(power.shape[:2])
    mask[:, 10:] = 0
    levels = log_power(power, mask, floor=0.0)[0, :10].exp()
    assert float(levels.mean()) == pytest.approx(1.0, abs=1e-4)
