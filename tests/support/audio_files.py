"""Real audio files in every format the player knows, made on the spot; and eight bad ones."""

import functools
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import mutagen
import mutagen.flac
import mutagen.id3
import mutagen.mp4
import numpy as np
import numpy.typing as npt
import soundfile as sf

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Format:
    """One kind of file: how it is written, and whether decoding gives back the same numbers."""

    name: str
    suffix: str
    codec: str
    sample_rate_hz: int = 44_100
    lossless: bool = False

    @property
    def by_sndfile(self) -> bool:
        return "/" in self.codec


# codec: "MAJOR/SUBTYPE" is written by libsndfile, a bare name by FFmpeg.
FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("wav", ".wav", "WAV/PCM_16", lossless=True),
        Format("flac", ".flac", "FLAC/PCM_16", lossless=True),
        Format("aiff", ".aiff", "AIFF/PCM_16", lossless=True),
        Format("mp3", ".mp3", "libmp3lame"),
        Format("vorbis", ".ogg", "OGG/VORBIS"),
        Format("opus", ".opus", "OGG/OPUS", sample_rate_hz=48_000),
        Format("aac", ".m4a", "aac"),
        Format("alac", ".m4a", "alac", lossless=True),
        Format("wma", ".wma", "wmav2"),
        Format("wavpack", ".wv", "wavpack", lossless=True),
        Format("webm", ".webm", "libopus", sample_rate_hz=48_000),
    )
}


def music(
    duration_s: float = 2.0, sample_rate_hz: int = 44_100, channels: int = 2, seed: int = 0
) -> Samples:
    """Return float32 [frames, channels], −0.7…0.7, exact at 16 bits: a chord, a beat and noise.

    The same arguments give the same samples; another seed gives another piece.
    """
    rng = np.random.default_rng(seed)
    time = np.arange(round(duration_s * sample_rate_hz)) / sample_rate_hz
    columns = []
    for _ in range(channels):
        pitches = rng.choice([110.0, 164.8, 220.0, 277.2, 329.6, 440.0, 554.4], 3, replace=False)
        chord = sum(np.sin(2 * np.pi * pitch * time + rng.uniform(0, 6)) for pitch in pitches)
        beat = np.exp(-8 * np.mod(time, 60 / rng.uniform(80, 160)))
        noise = rng.standard_normal(time.size)
        columns.append(0.15 * chord * (0.5 + 0.5 * beat) + 0.04 * beat * noise)
    signal = np.clip(np.stack(columns, axis=1), -0.7, 0.7)
    return (np.round(signal * 32767) / 32768).astype(np.float32)


def write_audio(path: Path, samples: Samples, sample_rate_hz: int, codec: str) -> Path:
    """Write float32 [frames, channels] with ``codec`` as in ``Format.codec``."""
    if "/" in codec:
        major, subtype = codec.split("/")
        # In blocks: libsndfile's Vorbis and Opus encoders overrun the stack on a long write.
        channels = samples.shape[1]
        with sf.SoundFile(path, "w", sample_rate_hz, channels, subtype, format=major) as file:
            for start in range(0, len(samples), sample_rate_hz):
                file.write(samples[start : start + sample_rate_hz])
    else:
        _write_with_ffmpeg(path, samples, sample_rate_hz, codec)
    return path


def make_audio(
    path: Path,
    duration_s: float = 2.0,
    *,
    kind: str | None = None,
    channels: int = 2,
    sample_rate_hz: int | None = None,
    seed: int = 0,
    tags: Mapping[str, str | Sequence[str]] | None = None,
    cover: bytes | None = None,
) -> Path:
    """Write one piece of music; the format follows from the suffix unless ``kind`` names it."""
    form = FORMATS[kind] if kind else _format_of(path)
    rate = sample_rate_hz or form.sample_rate_hz
    path.parent.mkdir(parents=True, exist_ok=True)
    if duration_s <= _MAX_KEPT_S:
        path.write_bytes(_encoded(form, duration_s, rate, channels, seed))
    else:
        write_audio(path, music(duration_s, rate, channels, seed), rate, form.codec)
    if tags or cover:
        write_tags(path, tags or {}, cover)
    return path


# The same small pieces are wanted by hundreds of tests, and are most of what these compute.
_MAX_KEPT_S = 6.0


@functools.lru_cache(maxsize=200)
def _encoded(
    form: Format, duration_s: float, sample_rate_hz: int, channels: int, seed: int
) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"encoded{form.suffix}"
        samples = music(duration_s, sample_rate_hz, channels, seed)
        return write_audio(path, samples, sample_rate_hz, form.codec).read_bytes()


def make_every_format(folder: Path, duration_s: float = 2.0) -> dict[str, Path]:
    """Write the same length of music in every format; keys as in ``FORMATS``."""
    return {
        name: make_audio(folder / f"{name}{form.suffix}", duration_s, kind=name, seed=index)
        for index, (name, form) in enumerate(FORMATS.items())
    }


_ID3 = {
    "title": mutagen.id3.TIT2,
    "artist": mutagen.id3.TPE1,
    "album": mutagen.id3.TALB,
    "albumartist": mutagen.id3.TPE2,
    "tracknumber": mutagen.id3.TRCK,
    "discnumber": mutagen.id3.TPOS,
    "date": mutagen.id3.TDRC,
    "genre": mutagen.id3.TCON,
    "titlesort": mutagen.id3.TSOT,
    "artistsort": mutagen.id3.TSOP,
    "albumsort": mutagen.id3.TSOA,
    "albumartistsort": mutagen.id3.TSO2,
    "compilation": mutagen.id3.TCMP,
    "composer": mutagen.id3.TCOM,
    "comment": mutagen.id3.COMM,
}
_MP4 = {
    "title": "\xa9nam",
    "artist": "\xa9ART",
    "album": "\xa9alb",
    "albumartist": "aART",
    "date": "\xa9day",
    "genre": "\xa9gen",
    "composer": "\xa9wrt",
    "comment": "\xa9cmt",
    "titlesort": "sonm",
    "artistsort": "soar",
    "albumsort": "soal",
    "albumartistsort": "soaa",
}
_ASF = {
    "title": "Title",
    "artist": "Author",
    "album": "WM/AlbumTitle",
    "albumartist": "WM/AlbumArtist",
    "tracknumber": "WM/TrackNumber",
    "discnumber": "WM/PartOfSet",
    "date": "WM/Year",
    "genre": "WM/Genre",
    "compilation": "WM/IsCompilation",
    "composer": "WM/Composer",
    "comment": "Description",
}


def write_tags(
    path: Path, tags: Mapping[str, str | Sequence[str]], cover: bytes | None = None
) -> None:
    """Set tags by their Vorbis names (``title``, ``albumartist``, ``date``, …), and a JPEG cover.

    A cover is written to FLAC, MP3, WAV, AIFF and M4A; WebM takes no tags from mutagen.
    """
    file = mutagen.File(path)
    assert file is not None, f"mutagen cannot tag {path}"
    if file.tags is None:
        file.add_tags()
    values = {
        key: [value] if isinstance(value, str) else list(value) for key, value in tags.items()
    }
    if isinstance(file.tags, mutagen.id3.ID3):
        _tag_id3(file.tags, values, cover)
    elif isinstance(file.tags, mutagen.mp4.MP4Tags):
        _tag_mp4(file.tags, values, cover)
    else:
        names = _ASF if path.suffix == ".wma" else {}
        for key, value in values.items():
            file.tags[names.get(key, key)] = value
        if cover and isinstance(file, mutagen.flac.FLAC):
            picture = mutagen.flac.Picture()
            picture.type, picture.mime, picture.data = 3, "image/jpeg", cover
            file.add_picture(picture)
    file.save()


def make_bad_files(folder: Path) -> dict[str, Path]:
    """Write one file of each bad kind; keys tell the kind.

    The unreadable one is unreadable to root only inside ``permissions.ordinary_permissions()``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    good = make_audio(folder / "good.flac", 4.0, seed=77)
    whole = good.read_bytes()
    contents: dict[str, tuple[str, bytes]] = {
        "empty": ("empty.mp3", b""),
        "truncated": ("truncated.flac", whole[: len(whole) * 2 // 5]),
        "wrong extension": ("wrong extension.mp3", b"This is a letter, not a song.\n" * 200),
        "random bytes": ("random bytes.ogg", np.random.default_rng(5).bytes(60_000)),
        "header only": ("header only.flac", whole[:42]),
        "no permission": ("no permission.flac", whole),
    }
    paths = {kind: folder / name for kind, (name, _) in contents.items()}
    for name, data in contents.values():
        (folder / name).write_bytes(data)
    for kind, frames in (("zero length", 0), ("one sample", 1)):
        paths[kind] = folder / f"{kind}.wav"
        sf.write(paths[kind], np.zeros((frames, 2), np.float32), 44_100, subtype="PCM_16")
    paths["no permission"].chmod(0)
    good.unlink()
    return paths


def _format_of(path: Path) -> Format:
    for form in FORMATS.values():
        if form.suffix == path.suffix.lower():
            return form
    raise ValueError(f"no test format writes {path.suffix!r}")


def _write_with_ffmpeg(path: Path, samples: Samples, sample_rate_hz: int, codec: str) -> None:
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[samples.shape[1]]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=sample_rate_hz, layout=layout)
        if codec == "wavpack":
            stream.format = "fltp"  # FFmpeg would take 8 bits
        elif codec != "alac":
            stream.bit_rate = 192_000
        if codec == "aac":
            # Noise substitution decodes to other noise each time; then no test could compare.
            stream.options = {"aac_pns": "0"}
        for start in range(0, len(samples), sample_rate_hz):
            block = np.ascontiguousarray(samples[start : start + sample_rate_hz].T)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            frame.sample_rate = sample_rate_hz
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _tag_id3(tags: mutagen.id3.ID3, values: Mapping[str, list[str]], cover: bytes | None) -> None:
    for key, value in values.items():
        if key in _ID3:
            tags.add(_ID3[key](encoding=3, text=value))
        else:
            tags.add(mutagen.id3.TXXX(encoding=3, desc=key, text=value))
    if cover:
        tags.add(mutagen.id3.APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=cover))


def _tag_mp4(
    tags: mutagen.mp4.MP4Tags, values: Mapping[str, list[str]], cover: bytes | None
) -> None:
    for key, value in values.items():
        if key in ("tracknumber", "discnumber"):
            number, _, total = value[0].partition("/")
            tags["trkn" if key == "tracknumber" else "disk"] = [(int(number), int(total or 0))]
        elif key == "compilation":
            tags["cpil"] = value[0] == "1"
        elif key in _MP4:
            tags[_MP4[key]] = value
        else:
            free = [mutagen.mp4.MP4FreeForm(text.encode()) for text in value]
            tags[f"----:com.apple.iTunes:{key}"] = free
    if cover:
        tags["covr"] = [mutagen.mp4.MP4Cover(cover, mutagen.mp4.MP4Cover.FORMAT_JPEG)]
