"""How loud a piece of sound is to the ear: integrated loudness after ITU-R BS.1770-4, mono."""

import math

import numpy as np
import numpy.typing as npt

from mecomp_desktop.arrays import Doubles, Floats

_BLOCK_S, _HOP_S = 0.4, 0.1
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU = -70.0, -10.0
_OFFSET = -0.691
SILENT_LUFS = -70.0


def loudness_lufs(samples: Floats, sample_rate_hz: int) -> float:
    """Return the gated loudness of mono sound; ``SILENT_LUFS`` for silence.

    Args:
        samples: float32 ``[n]``, at least 0.4 s for a meaningful answer.
        sample_rate_hz: Their rate.
    """
    powers = _block_powers(_weighted(samples, sample_rate_hz), sample_rate_hz)
    powers = powers[_level(powers) > _ABSOLUTE_GATE_LUFS]
    if not len(powers):
        return SILENT_LUFS
    gate = float(_level(powers.mean())) + _RELATIVE_GATE_LU
    return float(_level(powers[_level(powers) > gate].mean()))


def _weighted(samples: Floats, sample_rate_hz: int) -> Doubles:
    """Apply the K weighting: its two filters' magnitudes, in the frequency domain."""
    size = len(samples)
    frequency = np.fft.rfftfreq(size, 1 / sample_rate_hz)
    phase = np.exp(-2j * np.pi * frequency / sample_rate_hz)
    gain = np.abs(_high_shelf(phase, sample_rate_hz) * _high_pass(phase, sample_rate_hz))
    weighted: Doubles = np.fft.irfft(np.fft.rfft(samples.astype(np.float64)) * gain, size)
    return weighted


def _high_shelf(z: npt.NDArray[np.complex128], sample_rate_hz: int) -> npt.NDArray[np.complex128]:
    """The head's lift of the treble, +4 dB above 1.7 kHz, at this rate."""
    k = math.tan(math.pi * 1681.974450955533 / sample_rate_hz)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    numerator = (
        high + band * k / q + k * k,
        2 * (k * k - high),
        high - band * k / q + k * k,
    )
    return _biquad(z, numerator, (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k))


def _high_pass(z: npt.NDArray[np.complex128], sample_rate_hz: int) -> npt.NDArray[np.complex128]:
    """The ear's deafness to the lowest bass, below 38 Hz, at this rate."""
    k = math.tan(math.pi * 38.13547087602444 / sample_rate_hz)
    q = 0.5003270373238773
    scale = 1 + k / q + k * k
    return _biquad(z, (scale, -2 * scale, scale), (scale, 2 * (k * k - 1), 1 - k / q + k * k))


def _biquad(
    z: npt.NDArray[np.complex128],
    numerator: tuple[float, float, float],
    denominator: tuple[float, float, float],
) -> npt.NDArray[np.complex128]:
    above = numerator[0] + numerator[1] * z + numerator[2] * z * z
    below = denominator[0] + denominator[1] * z + denominator[2] * z * z
    response: npt.NDArray[np.complex128] = above / below
    return response


def _block_powers(samples: Doubles, sample_rate_hz: int) -> Doubles:
    block, hop = round(_BLOCK_S * sample_rate_hz), round(_HOP_S * sample_rate_hz)
    if len(samples) < block:
        return np.array([np.mean(samples**2)]) if len(samples) else np.zeros(0)
    energy = np.concatenate([[0.0], np.cumsum(samples**2)])
    starts = np.arange(0, len(samples) - block + 1, hop)
    powers: Doubles = (energy[starts + block] - energy[starts]) / block
    return powers


def _level(power: Doubles | np.floating) -> Doubles:
    level: Doubles = _OFFSET + 10 * np.log10(np.maximum(power, 1e-12))
    return level
