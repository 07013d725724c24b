"""What happens to a recording on its way into a library, and leaves it the same music."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
import soxr

from mecomp_desktop.arrays import Floats
from mecomp_desktop.audio.decode import decode_mono
from trainer.evaluation.encode import Format, write_audio

Change: TypeAlias = Callable[[Floats, int], Floats]
"""Float32 ``[samples]`` at a rate in hertz; gives another recording at the same rate."""

TRIMMED_S = 3.0


def as_mp3(bits_per_s: int) -> Change:
    """Encoded as a mono MP3 by LAME and decoded as the app decodes it."""
    form = Format(".mp3", "libmp3lame", bits_per_s=bits_per_s)

    def change(audio: Floats, sample_rate_hz: int) -> Floats:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "changed.mp3"
            write_audio(path, np.clip(audio, -1.0, 1.0)[:, None], sample_rate_hz, form)
            # With the encoder's delay and padding as the app decodes them: they are part of what a
            # listener's file does.
            return decode_mono(path, sample_rate_hz)

    return change


def resampled(rate_hz: int) -> Change:
    """Kept at another sample rate, and brought back."""

    def change(audio: Floats, sample_rate_hz: int) -> Floats:
        changed = soxr.resample(audio, sample_rate_hz, rate_hz)
        back: Floats = soxr.resample(changed, rate_hz, sample_rate_hz).astype(np.float32)
        return back

    return change


def louder(decibel: float) -> Change:
    """Gain without clipping, as decoders give what is past full scale."""
    factor = np.float32(10 ** (decibel / 20))
    return lambda audio, _: audio * factor


def trimmed(audio: Floats, sample_rate_hz: int) -> Floats:
    """Without its first three seconds."""
    return audio[round(TRIMMED_S * sample_rate_hz) :]


CHANGES: Mapping[str, Change] = {
    "MP3, 96 kbit/s": as_mp3(96_000),
    "resampled to 48 kHz": resampled(48_000),
    "resampled to 32 kHz": resampled(32_000),
    "6 dB louder": louder(6.0),
    "6 dB softer": louder(-6.0),
    "3 s trimmed from the start": trimmed,
}
HARSHER_CHANGES: Mapping[str, Change] = {
    "MP3, 48 kbit/s": as_mp3(48_000),  # a channel's share of 96 kbit/s in stereo
    "resampled to 16 kHz": resampled(16_000),
}
EVERY_CHANGE: Mapping[str, Change] = {**CHANGES, **HARSHER_CHANGES}
