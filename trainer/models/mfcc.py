"""The baseline of 002: 140 MFCC values a clip, nothing learned.

Twenty coefficients (window 2,048, hop 512, log-mel of 128 bands, DCT), and of each over time the
mean, deviation, smallest, largest and median, and the mean and deviation of its change:
20 × 7 = 140. 002 gives the number and the window, not the list; this is our reading of it.
"""

import numpy as np
import numpy.typing as npt

from mecomp_desktop.arrays import Doubles, Floats

COEFFICIENTS = 20
VALUES = COEFFICIENTS * 7
WINDOW = 2_048
HOP = 512
BANDS = 128
_FLOOR = 1e-10


def mel_filters(sample_rate_hz: int, window: int = WINDOW, bands: int = BANDS) -> Floats:
    """Triangles evenly spaced on the mel scale, each of area one; ``[bands, window / 2 + 1]``."""
    top_mel = 2595.0 * np.log10(1.0 + sample_rate_hz / 2 / 700.0)
    edges_hz = 700.0 * (10.0 ** (np.linspace(0.0, top_mel, bands + 2) / 2595.0) - 1.0)
    bins_hz = np.fft.rfftfreq(window, 1.0 / sample_rate_hz)
    low, mid, high = edges_hz[:-2, None], edges_hz[1:-1, None], edges_hz[2:, None]
    rising, falling = (bins_hz - low) / (mid - low), (high - bins_hz) / (high - mid)
    filters = np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (high - low)
    narrow: Floats = filters.astype(np.float32)
    return narrow


def log_mel(audio: Floats, sample_rate_hz: int) -> Floats:
    """Log-mel power in dB, ``[frames, bands]``."""
    padded = np.pad(audio, (0, max(0, WINDOW - len(audio))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    mel = power.astype(np.float32) @ mel_filters(sample_rate_hz).T
    decibel: Floats = 10.0 * np.log10(np.maximum(mel, _FLOOR))
    return decibel


def mfcc(audio: Floats, sample_rate_hz: int) -> Floats:
    """Twenty coefficients a frame, ``[frames, 20]``, orthonormal DCT-II of the log-mel bands."""
    band, order = np.arange(BANDS), np.arange(COEFFICIENTS)[:, None]
    basis = np.cos(np.pi * order * (band + 0.5) / BANDS) * np.sqrt(2.0 / BANDS)
    # Orthonormal, so that distances between coefficients are distances between spectra.
    basis[0] /= np.sqrt(2.0)
    coefficients: Floats = log_mel(audio, sample_rate_hz) @ basis.T.astype(np.float32)
    return coefficients


def mfcc_features(audio: Floats, sample_rate_hz: int) -> Floats:
    """The 140 values of one clip."""
    values = mfcc(audio, sample_rate_hz)
    change = np.diff(values, axis=0) if len(values) > 1 else np.zeros_like(values)
    parts = (
        values.mean(0),
        values.std(0),
        values.min(0),
        values.max(0),
        np.median(values, axis=0),
        change.mean(0),
        change.std(0),
    )
    return np.concatenate(parts).astype(np.float32)


def standardised(features: npt.NDArray[np.floating]) -> Doubles:
    """Every column to mean 0 and deviation 1, so that no single value decides a distance."""
    exact = np.asarray(features, np.float64)
    scaled: Doubles = (exact - exact.mean(0)) / np.maximum(exact.std(0), 1e-9)
    return scaled
