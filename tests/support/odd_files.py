"""Files whose headers are wrong, or say nothing, about sound that is all there."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import av
import mutagen.mp4
import numpy as np
import soundfile as sf
from mutagen.ogg import OggPage

from tests.support.audio_files import Samples, make_audio, music, write_audio

RATE_HZ = 44_100


class OddFile(NamedTuple):
    """A file and the truth about it."""

    path: Path
    duration_s: float
    channels: int


def make_odd_file(folder: Path, kind: str) -> OddFile:
    """Write one file of a kind in ``ODD_KINDS``; names tell nothing of the content."""
    folder.mkdir(parents=True, exist_ok=True)
    return _MAKERS[kind](folder)


def encode(path: Path, samples: Samples, codec: str, rate_hz: int, **options: Any) -> Path:  # noqa: ANN401
    """Write float32 [frames, channels] with FFmpeg, packed, so that any channel count goes.

    Args:
        path: The file.
        samples: The sound.
        codec: FFmpeg's name for the coding.
        rate_hz: Frames per second.
        options: ``container``, ``bit_rate``.
    """
    layout = {1: "mono", 2: "stereo", 8: "7.1"}[samples.shape[1]]
    with av.open(str(path), "w", format=options.get("container")) as container:
        stream: Any = container.add_stream(codec, rate=rate_hz, layout=layout)
        if codec == "aac":
            stream.options = {"aac_pns": "0"}  # or noise decodes to other noise each time
        stream.bit_rate = options.get("bit_rate", 192_000)
        for start in range(0, len(samples), rate_hz):
            packed = np.ascontiguousarray(samples[start : start + rate_hz].reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
            frame.sample_rate, frame.pts = rate_hz, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def bare_mp3(folder: Path, duration_s: float, bit_rate: int, **sound: int) -> bytes:
    """Return an MP3 without its index, which is a frame like any other at its beginning."""
    channels, rate_hz = sound.get("channels", 2), sound.get("rate_hz", RATE_HZ)
    samples = music(duration_s, rate_hz, channels, seed=bit_rate)
    path = encode(folder / "bare.mp3", samples, "libmp3lame", rate_hz, bit_rate=bit_rate)
    data = path.read_bytes()
    path.unlink()
    marker = max(data.find(b"Xing"), data.find(b"Info"))
    start = data.rfind(b"\xff", 0, marker)
    return data[data.find(data[start : start + 2], marker) :]


def _with_sizes(size: int) -> Callable[[Path], OddFile]:
    def make(folder: Path) -> OddFile:
        path = make_audio(folder / "stream.wav", 3.0)
        data = bytearray(path.read_bytes())
        at = data.index(b"data")
        data[4:8] = data[at + 4 : at + 8] = size.to_bytes(4, "little")
        data[at + 8 : at + 12] = bytes(4)
        path.write_bytes(data)
        return OddFile(path, 3.0, 2)

    return make


def _adpcm(folder: Path) -> OddFile:
    path = folder / "adpcm.wav"
    sf.write(path, music(4.0, 22_050, 1), 22_050, subtype="IMA_ADPCM")
    return OddFile(path, 4.0, 1)


def _mp3_in_wav(folder: Path) -> OddFile:
    samples = music(4.0, 22_050, 1)
    return OddFile(encode(folder / "inside.wav", samples, "libmp3lame", 22_050), 4.05, 1)


def _streamed_flac(folder: Path) -> OddFile:
    path = make_audio(folder / "streamed.flac", 5.0)
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0  # the number of samples: the last 36 of these 64 bits
    data[22:26] = bytes(4)
    path.write_bytes(data)
    return OddFile(path, 5.0, 2)


def _joined_flac_count(folder: Path) -> OddFile:
    path = make_audio(folder / "count.flac", 5.0)
    data = bytearray(path.read_bytes())
    data[22:26] = struct.pack(">I", 44_100)
    path.write_bytes(data)
    return OddFile(path, 5.0, 2)


def _adts(folder: Path) -> OddFile:
    samples = music(4.0, RATE_HZ, 1)
    path = encode(folder / "adts.mp3", samples, "aac", RATE_HZ, container="adts")
    return OddFile(path, 4.06, 1)


def _m4a_named_mp3(folder: Path) -> OddFile:
    return OddFile(make_audio(folder / "x.m4a", 3.0).rename(folder / "m4a.mp3"), 3.0, 2)


def _webm_named_mp3(folder: Path) -> OddFile:
    return OddFile(make_audio(folder / "x.webm", 3.0).rename(folder / "webm.mp3"), 3.0, 2)


def _mp3_with_count(factor: float) -> Callable[[Path], OddFile]:
    def make(folder: Path) -> OddFile:
        path = make_audio(folder / "count.mp3", 8.0)
        data = bytearray(path.read_bytes())
        at = max(data.find(b"Xing"), data.find(b"Info")) + 8
        (frames,) = struct.unpack(">I", data[at : at + 4])
        data[at : at + 4] = struct.pack(">I", round(frames * factor))
        path.write_bytes(data)
        return OddFile(path, 8.0, 2)

    return make


def _vbr_without_index(folder: Path) -> OddFile:
    path = folder / "vbr.mp3"
    path.write_bytes(bare_mp3(folder, 4.0, 32_000) + bare_mp3(folder, 4.0, 256_000))
    return OddFile(path, 8.08, 2)


def _two_in_one(folder: Path) -> OddFile:
    path = make_audio(folder / "two.mp3", 4.0)
    second = make_audio(folder / "second.mp3", 3.0, seed=5)
    path.write_bytes(path.read_bytes() + second.read_bytes())
    second.unlink()
    return OddFile(path, 7.08, 2)


def _three_formats(folder: Path) -> OddFile:
    path = folder / "three.mp3"
    path.write_bytes(
        bare_mp3(folder, 3.0, 128_000, channels=1)
        + bare_mp3(folder, 2.0, 160_000)
        + bare_mp3(folder, 2.0, 192_000, rate_hz=48_000)
    )
    return OddFile(path, 7.08, 1)


def _chained(folder: Path) -> OddFile:
    path = write_audio(folder / "chain.ogg", music(4.0, 22_050, 1), 22_050, "OGG/VORBIS")
    second = write_audio(folder / "second.ogg", music(3.0), RATE_HZ, "OGG/VORBIS")
    path.write_bytes(path.read_bytes() + second.read_bytes())
    second.unlink()
    return OddFile(path, 7.0, 1)


def _late_granules(folder: Path) -> OddFile:
    whole = make_audio(folder / "whole.ogg", 6.0)
    path = folder / "late.ogg"
    with whole.open("rb") as source, path.open("wb") as target:
        while True:
            try:
                page = OggPage(source)
            except EOFError:
                break
            if page.position > 0:
                page.position += 5 * 3600 * RATE_HZ
            target.write(page.write())
    whole.unlink()
    return OddFile(path, 6.0, 2)


def _gapless_marks(folder: Path) -> OddFile:
    path = make_audio(folder / "marks.m4a", 3.337)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"edts", b"free"))
    file = mutagen.mp4.MP4(path)
    frames = round(3.337 * RATE_HZ)
    marks = f" 00000000 00000400 00000230 {frames:016X} 00000000 00000000"
    file["----:com.apple.iTunes:iTunSMPB"] = [marks.encode()]
    file.save()
    return OddFile(path, 3.337, 2)


def _surround(name: str, codec: str) -> Callable[[Path], OddFile]:
    def make(folder: Path) -> OddFile:
        samples = music(2.0, 48_000, 8)
        return OddFile(encode(folder / name, samples, codec, 48_000, bit_rate=512_000), 2.0, 8)

    return make


_MAKERS: dict[str, Callable[[Path], OddFile]] = {
    "wav of size ffffffff": _with_sizes(0xFFFF_FFFF),
    "wav of size 7fffffff": _with_sizes(0x7FFF_FFFF),
    "wav of size 0": _with_sizes(0),
    "adpcm in wav": _adpcm,
    "mp3 in wav": _mp3_in_wav,
    "streamed flac": _streamed_flac,
    "flac that counts too few": _joined_flac_count,
    "adts": _adts,
    "m4a named mp3": _m4a_named_mp3,
    "webm named mp3": _webm_named_mp3,
    "xing count too small": _mp3_with_count(1 / 6),
    "xing count too large": _mp3_with_count(5),
    "vbr without index": _vbr_without_index,
    "two mp3 in one": _two_in_one,
    "three formats in one": _three_formats,
    "chained ogg": _chained,
    "granules that start late": _late_granules,
    "gapless marks": _gapless_marks,
    "7.1 aac": _surround("surround.m4a", "aac"),
    "7.1 opus": _surround("surround.opus", "libopus"),
    "7.1 opus in matroska": _surround("surround.mka", "libopus"),
    "7.1 flac": _surround("surround.mka", "flac"),
}
ODD_KINDS = tuple(_MAKERS)
