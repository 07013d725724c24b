from pathlib import Path

import pytest

from mecomp_desktop.formats.probe import probe_format
from tests.support.audio_files import make_every_format

KINDS = {
    "wav": "riff",
    "flac": "flac",
    "aiff": "aiff",
    "mp3": "mpeg",
    "vorbis": "ogg",
    "opus": "ogg",
    "aac": "mp4",
    "alac": "mp4",
    "wma": "asf",
    "wavpack": "wavpack",
    "webm": "matroska",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_every_format(tmp_path_factory.mktemp("kinds"), 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_is_recognised_and_believed(files: dict[str, Path], kind: str) -> None:
    look = probe_format(files[kind])
    assert look.kind == KINDS[kind]
    assert look.complete
    assert look.trusted
    if kind in ("wav", "aiff"):
        assert look.data_bytes == 22_050 * 2 * 2


@pytest.mark.parametrize("kind", ["flac", "vorbis", "opus"])
def test_a_look_at_the_end_gives_the_exact_length(files: dict[str, Path], kind: str) -> None:
    look = probe_format(files[kind])
    assert look.frames == look.sample_rate_hz // 2


@pytest.mark.parametrize("size", [0, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_a_wav_of_open_length_promises_nothing(
    files: dict[str, Path], tmp_path: Path, size: int
) -> None:
    data = bytearray(files["wav"].read_bytes())
    at = data.index(b"data")
    data[at + 4 : at + 8] = size.to_bytes(4, "little")
    data[at + 8 : at + 12] = bytes(4)
    stream = tmp_path / "stream.wav"
    stream.write_bytes(data)
    assert probe_format(stream).data_bytes is None


def test_an_mp4_without_its_index_is_incomplete(files: dict[str, Path], tmp_path: Path) -> None:
    part = tmp_path / "part.m4a"
    part.write_bytes(files["aac"].read_bytes()[:5_000])
    assert probe_format(part).kind == "mp4"
    assert not probe_format(part).complete
