import os
import shutil
import struct
from pathlib import Path

import mutagen
import mutagen.apev2
import mutagen.id3
import numpy as np
import pytest
import soundfile as sf

from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.library.identity import audio_id
from tests.support.audio_files import FORMATS, make_audio, music, write_tags

_TAGGED = sorted(set(FORMATS) - {"webm"})
_LENGTHS = {"short": 1.0, "long": 40.0}  # hashed whole, and by windows
_COVER = b"\xff\xd8" + b"picture " * 40_000


def _make(folder: Path, kind: str, length: str = "short", seed: int = 0) -> Path:
    path = folder / f"{kind} {length} {seed}{FORMATS[kind].suffix}"
    return make_audio(path, _LENGTHS[length], kind=kind, seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize("length", sorted(_LENGTHS))
@pytest.mark.parametrize("kind", _TAGGED)
def test_tags_do_not_matter(tmp_path: Path, kind: str, length: str) -> None:
    path = _make(tmp_path, kind, length)
    bare, sizes = audio_id(path), {path.stat().st_size}
    for tags, cover in (
        ({"title": "T", "artist": ["A", "B"]}, None),
        ({"title": "long " * 30_000, "album": "B"}, _COVER),
        ({"title": "x"}, None),
    ):
        write_tags(path, tags, cover)
        sizes.add(path.stat().st_size)
        assert audio_id(path) == bare
    file = mutagen.File(path)
    assert file is not None
    file.delete()
    assert audio_id(path) == bare
    assert len(sizes) > 1


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_name_and_place_do_not_matter(tmp_path: Path, kind: str) -> None:
    path = _make(tmp_path, kind)
    before = audio_id(path)
    (tmp_path / "elsewhere").mkdir()
    copy = shutil.copy(path, tmp_path / "elsewhere" / f"other{path.suffix}")
    assert audio_id(copy) == before
    odd = path.rename(tmp_path / os.fsdecode(b"\xff" + os.fsencode(path.suffix)))
    assert audio_id(odd) == before


def test_the_suffix_does_not_matter(tmp_path: Path) -> None:
    path = _make(tmp_path, "flac")
    before = audio_id(path)
    assert audio_id(path.rename(path.with_suffix(".mp3"))) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kinds", "length"), [(sorted(FORMATS), "short"), (["flac", "vorbis"], "long")]
)
def test_songs_differ(tmp_path: Path, kinds: list[str], length: str) -> None:
    paths = [_make(tmp_path, kind, length, seed) for kind in kinds for seed in range(3)]
    assert len({audio_id(path) for path in paths}) == len(paths)


def test_a_song_is_not_its_own_beginning(tmp_path: Path) -> None:
    samples = music(20.0)
    sf.write(tmp_path / "whole.wav", samples, 44_100)
    sf.write(tmp_path / "part.wav", samples[:-4_410], 44_100)
    assert audio_id(tmp_path / "whole.wav") != audio_id(tmp_path / "part.wav")


def test_equal_lengths_and_beginnings_do_not_suffice(tmp_path: Path) -> None:
    samples = music(60.0)
    ids = set()
    for second in (0, 15, 30, 45, 59):  # in the reach of each window
        inverted = samples.copy()
        inverted[second * 44_100 : (second + 1) * 44_100] *= -1
        sf.write(tmp_path / "x.wav", inverted, 44_100, subtype="PCM_16")
        ids.add(audio_id(tmp_path / "x.wav"))
    assert len(ids) == 5


def test_the_sample_rate_is_part_of_the_sound(tmp_path: Path) -> None:
    samples = np.zeros((10_000, 1), np.float32)
    sf.write(tmp_path / "a.wav", samples, 44_100)
    sf.write(tmp_path / "b.wav", samples, 48_000)
    assert audio_id(tmp_path / "a.wav") != audio_id(tmp_path / "b.wav")


def test_old_mp3_tags_at_the_end_do_not_matter(tmp_path: Path) -> None:
    path = _make(tmp_path, "mp3")
    bare = audio_id(path)
    ape = mutagen.apev2.APEv2()
    ape["Title"] = "T" * 3000
    ape.save(path)
    assert audio_id(path) == bare
    with path.open("ab") as file:
        file.write(b"LYRICSBEGIN" + b"IND00002" + b"10" + b"000021" + b"LYRICS200")
        file.write(b"TAG" + bytes(125))
    assert audio_id(path) == bare
    id3 = mutagen.id3.ID3()
    id3.add(mutagen.id3.TIT2(encoding=3, text="x"))
    id3.save(path, v1=2)
    assert audio_id(path) == bare
    path.write_bytes(path.read_bytes()[:-128])
    assert audio_id(path) == bare


def test_id3_around_flac_does_not_matter(tmp_path: Path) -> None:
    path = _make(tmp_path, "flac")
    bare = audio_id(path)
    path.write_bytes(b"ID3\x04\0\0\0\0\x01\x00" + bytes(128) + path.read_bytes())
    assert audio_id(path) == bare


def test_long_files_cost_no_more_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0

    def counting(file: object, start: int, length: int) -> bytes:
        nonlocal read
        data = original(file, start, length)
        read += len(data)
        return data

    import mecomp_desktop.library.identity as module

    original = module.read_at
    monkeypatch.setattr(module, "read_at", counting)
    path = tmp_path / "long.wav"
    sf.write(path, np.zeros((44_100 * 120, 2), np.int16), 44_100)
    audio_id(path)
    assert path.stat().st_size > 20_000_000
    assert read < 700_000


@pytest.mark.parametrize("kind", _TAGGED)
def test_any_cut_of_a_file_has_an_identity(tmp_path: Path, kind: str) -> None:
    whole = _make(tmp_path, kind).read_bytes()
    path = tmp_path / "cut"
    ids = set()
    cuts = (1, 5, 11, 29, 60, 200, 3000, len(whole) // 2, len(whole) - 1)
    for length in cuts:
        path.write_bytes(whole[:length])
        ids.add(audio_id(path))
    assert len(ids) >= 3


@pytest.mark.parametrize(("data", "reason"), [(b"", Reason.EMPTY), (None, Reason.MISSING)])
def test_what_cannot_be_opened_says_why(tmp_path: Path, data: bytes | None, reason: Reason) -> None:
    path = tmp_path / "x.mp3"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UnreadableFile) as raised:
        audio_id(path)
    assert raised.value.reason is reason


def _bytes(count: int, seed: int) -> bytes:
    return np.random.default_rng(seed).integers(0, 256, count, np.uint8).tobytes()


def _wav(data: bytes, claimed: int | None = None) -> bytes:
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    size = len(data) if claimed is None else claimed
    body = b"WAVE" + fmt + struct.pack("<4sI", b"data", size) + data
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _aiff(data: bytes) -> bytes:
    comm = struct.pack(">4sIhIh", b"COMM", 18, 1, len(data) // 2, 16) + b"\x40\x0b\xfa" + bytes(7)
    body = b"AIFF" + comm + struct.pack(">4sIII", b"SSND", len(data) + 8, 0, 0) + data
    return struct.pack(">4sI", b"FORM", len(body)) + body


def _flac(data: bytes) -> bytes:
    return b"fLaC" + b"\x80\0\0\x22" + _bytes(34, 9) + data


def _mp4(data: bytes) -> bytes:
    head = struct.pack(">I4s", 16, b"ftyp") + b"M4A \0\0\0\0"
    return head + struct.pack(">I4s", 8 + len(data), b"mdat") + data


def _mp3(data: bytes) -> bytes:
    return b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + b"\xff\xfb\x90\0" + data


def _ogg(data: bytes) -> bytes:
    pages = b""
    for number, packet in enumerate(
        (b"\x01vorbis" + bytes(23), b"\x03vorbis", b"\x05vorbis", data)
    ):
        flags = 2 if number == 0 else 0
        lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
        head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, number, 1, number, 0, len(lacing))
        pages += head + lacing + packet
    return pages


_GOLDEN = {
    "wav": (_wav, ("7641b2e69bf7309d1dcf997fc34bb2fa", "4fc7441600dfe9acfb7cd70f4a841c83")),
    "aiff": (_aiff, ("7a8bfe6ecf83d719034c1e53d82e8f40", "e296508f81dc46f909f72493461402ea")),
    "flac": (_flac, ("56b0f8eeb592fc9b8df2a10477a4a451", "9d5feba1a17690572557f0990be3ceb2")),
    "mp4": (_mp4, ("8bb1eaab63703c4c5c60cd39048895ab", "3e275f65e37907121418ccb661921b5f")),
    "mp3": (_mp3, ("62f0a5f1cc93a9709915956420beacca", "47ebdb3f85b7cbb69f3e14454736e4a7")),
    "ogg": (_ogg, ("d049cf49fc8b3bc185421e477d03dc0a", "d73138afeb2e15117f89111db3aa903c")),
}


@pytest.mark.parametrize("kind", sorted(_GOLDEN))
@pytest.mark.parametrize("size", [20_000, 2_000_000])
def test_golden_values(tmp_path: Path, kind: str, size: int) -> None:
    """Raise ``versions.CURRENT.identity`` when one of these changes: history hangs on them."""
    make, golden = _GOLDEN[kind]
    # One page of the little writer above holds no more.
    made = make(_bytes(min(size, 60_000) if kind == "ogg" else size, 1))
    (tmp_path / "x").write_bytes(made)
    assert audio_id(tmp_path / "x") == golden[size > 20_000]


@pytest.mark.parametrize("claimed", [0, 0xFFFF_FFFF])
def test_a_header_that_claims_no_sound_makes_no_identity_of_nothing(
    tmp_path: Path, claimed: int
) -> None:
    ids = set()
    for seed in (1, 2):
        (tmp_path / "x.wav").write_bytes(_wav(_bytes(5000, seed), claimed))
        ids.add(audio_id(tmp_path / "x.wav"))
    assert len(ids) == 2


def test_no_two_files_without_sound_are_one_recording(tmp_path: Path) -> None:
    ids = {}
    for seed in (1, 2):
        asf = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + struct.pack("<Q", 0)
        for name, data in (
            ("asf", asf + _bytes(500, seed)),
            ("ogg", _ogg(b"")[:58] + _bytes(90, seed)),
        ):
            (tmp_path / name).write_bytes(data)
            ids[name, seed] = audio_id(tmp_path / name)
    assert len(set(ids.values())) == len(ids)
