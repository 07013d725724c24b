"""Writing music in the formats that listeners keep, to measure what analysing them costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile

from mecomp_desktop.arrays import Floats

CD_RATE_HZ = 44_100
_BLOCK = CD_RATE_HZ


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        suffix: Of its name.
        codec: A name of FFmpeg's encoder; ``MAJOR/SUBTYPE`` is written by libsndfile.
        sample_rate_hz: What such files usually have.
        bits_per_s: For FFmpeg's lossy encoders.
    """

    suffix: str
    codec: str
    sample_rate_hz: int = CD_RATE_HZ
    bits_per_s: int = 192_000


FORMATS: Mapping[str, Format] = {
    "FLAC": Format(".flac", "FLAC/PCM_16"),
    "MP3": Format(".mp3", "libmp3lame"),
    "M4A": Format(".m4a", "aac"),
    "Vorbis": Format(".ogg", "OGG/VORBIS"),
    "Opus": Format(".opus", "libopus", sample_rate_hz=48_000, bits_per_s=128_000),
}


def write_audio(path: Path, samples: Floats, sample_rate_hz: int, form: Format) -> Path:
    """Writes float32 ``[frames, channels]``, −1…1, one channel or two; returns ``path``."""
    if "/" in form.codec:
        _write_with_sndfile(path, samples, sample_rate_hz, form)
    else:
        _write_with_ffmpeg(path, samples, sample_rate_hz, form)
    return path


def _write_with_sndfile(path: Path, samples: Floats, sample_rate_hz: int, form: Format) -> None:
    major, subtype = form.codec.split("/")
    channels = samples.shape[1]
    with soundfile.SoundFile(path, "w", sample_rate_hz, channels, subtype, format=major) as file:
        # In blocks: libsndfile's Vorbis encoder overruns the stack on a long write.
        for start in range(0, len(samples), _BLOCK):
            file.write(samples[start : start + _BLOCK])


def _write_with_ffmpeg(path: Path, samples: Floats, sample_rate_hz: int, form: Format) -> None:
    layout = {1: "mono", 2: "stereo"}[samples.shape[1]]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(form.codec, rate=sample_rate_hz, layout=layout)
        stream.bit_rate = form.bits_per_s
        for start in range(0, len(samples), _BLOCK):
            block = np.ascontiguousarray(samples[start : start + _BLOCK].T)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            frame.sample_rate, frame.pts = sample_rate_hz, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
