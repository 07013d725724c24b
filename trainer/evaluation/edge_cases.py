"""Sounds unlike any recording, such as silence and clicks; libraries hold them all the same."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from mecomp_desktop.analysis.excerpts import Policy, embed_track
from mecomp_desktop.arrays import Floats

_LENGTH_S = 30.0
_LONG_FILE_RATE_HZ = 8_000
_UNIT_TOLERANCE = 1e-3


def odd_sounds(sample_rate_hz: int, music: Floats) -> Iterator[tuple[str, Floats]]:
    """Yields a name and float32 ``[samples]`` for each.

    Args:
        sample_rate_hz: Of the results.
        music: A recording at that rate, a second or longer, to clip and to cut.
    """
    count = round(_LENGTH_S * sample_rate_hz)
    time_s = np.arange(count) / sample_rate_hz
    rng = np.random.default_rng(0)
    second = music[:sample_rate_hz]
    yield "silence", np.zeros(count, np.float32)
    yield "one second of silence", np.zeros(sample_rate_hz, np.float32)
    yield "a single tone", (0.5 * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32)
    yield "white noise", rng.uniform(-1, 1, count).astype(np.float32)
    yield "clipped throughout", np.sign(music).astype(np.float32)
    yield "40 dB too loud", np.clip(music * np.float32(100), -1, 1)
    yield "80 dB too soft", music * np.float32(1e-4)
    yield "one sample that is not silent", _click(count)
    yield "one second", second
    yield "a second, then silence", np.concatenate([second, np.zeros(count, np.float32)])


def three_hours(sample_rate_hz: int, policy: Policy) -> Floats:
    """What the app takes of a file of three hours, ``[samples]``; the file is really written."""
    rng = np.random.default_rng(1)
    time_s = np.arange(60 * _LONG_FILE_RATE_HZ) / _LONG_FILE_RATE_HZ
    beat = np.exp(-8 * np.mod(time_s, 0.5))
    minute = 0.3 * beat * np.sin(2 * np.pi * 220 * time_s) + 0.02 * rng.standard_normal(len(time_s))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "three hours.flac"
        with soundfile.SoundFile(path, "w", _LONG_FILE_RATE_HZ, 1, "PCM_16", format="FLAC") as file:
            # Minute by minute: three hours at once would be 350 MB in memory.
            for _ in range(180):
                file.write(minute.astype(np.float32))
        return embed_track(path, sample_rate_hz, policy)


def is_unit(vector: npt.NDArray[np.floating]) -> bool:
    """Whether a vector is finite and of length one."""
    exact = np.asarray(vector, np.float64)
    return bool(np.isfinite(exact).all() and abs(np.linalg.norm(exact) - 1.0) < _UNIT_TOLERANCE)


def _click(count: int) -> Floats:
    audio = np.zeros(count, np.float32)
    audio[count // 2] = 1.0
    return audio
