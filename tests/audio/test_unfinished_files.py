"""Downloads in progress: the head of a file, and zeros up to its size."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.audio.decode import open_audio, probe
from mecomp_desktop.errors import UnreadableFile
from tests.fuzz.runner import Child
from tests.support.audio_files import FORMATS, make_audio

SIZE_BYTES = 60_000_000
LIMIT_S = 5.0


def unfinished(folder: Path, kind: str, share: float) -> Path:
    path = make_audio(folder / f"whole{FORMATS[kind].suffix}", 4.0, kind=kind)
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.truncate(int(len(data) * share))
        file.truncate(SIZE_BYTES)  # a hole reads as zeros and takes no room
    return path


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    made = Child()
    made.examine(make_audio(tmp_path_factory.mktemp("small") / "small.wav", 0.2))
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.002, 0.5])
@pytest.mark.parametrize("kind", FORMATS)
def test_zeros_cost_little_time_and_memory(
    child: Child, tmp_path: Path, kind: str, share: float
) -> None:
    path = unfinished(tmp_path, kind, share)
    begun_s = time.monotonic()
    outcome, growth_bytes = child.examine(path)
    taken_s = time.monotonic() - begun_s
    assert outcome.partition(":")[0] in ("decoded", "refused")
    assert growth_bytes < 250_000_000
    assert taken_s < 4 * LIMIT_S  # on a machine that does other things as well


@pytest.mark.parametrize("head", [b"RIFF\0\0\0\1WAVE", b"FORM\0\0\0\1AIFF", b"fLaC", b"ID3\4", b""])
def test_a_head_and_zeros_are_refused_at_once(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "zeros.mp3"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(SIZE_BYTES)
    begun_s = time.monotonic()
    with pytest.raises(UnreadableFile):
        probe(path)
    assert time.monotonic() - begun_s < LIMIT_S


@pytest.mark.parametrize("kind", FORMATS)
def test_the_first_bytes_of_any_file_are_decoded_or_refused(tmp_path: Path, kind: str) -> None:
    data = make_audio(tmp_path / f"whole{FORMATS[kind].suffix}", 0.3, kind=kind).read_bytes()
    path = tmp_path / "start.mp3"
    for length in (*range(1, 60), *range(60, 600, 37)):
        path.write_bytes(data[:length])
        with contextlib.suppress(UnreadableFile), open_audio(path, exact_length=True) as decoder:
            decoder.read(10_000)


@pytest.mark.parametrize("length", range(3, 10))
def test_a_tag_that_is_cut_off_in_its_head_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3\4\0\0\0\0\0\0"[:length])
    with pytest.raises(UnreadableFile):
        probe(path)


def test_what_a_download_has_so_far_plays(tmp_path: Path) -> None:
    path = unfinished(tmp_path, "flac", 0.5)
    info = probe(path)
    assert 1.0 < info.duration_s < 3.0
    with open_audio(path) as decoder:
        frames = len(decoder.read(1_000_000))
        assert decoder.cut_off
    assert frames / info.sample_rate_hz == pytest.approx(info.duration_s, abs=0.2)


def test_a_matroska_element_longer_than_its_file_is_refused(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.webm", 1.0)
    data = bytearray(path.read_bytes())
    at = data.index(b"\x63\xa2")  # the codec's private data: a number of one byte follows
    data[at + 2 : at + 3] = b"\x10\x40\x00\x00"
    path.write_bytes(data[: at + 60])
    with pytest.raises(UnreadableFile, match="damaged"):
        probe(path)


@pytest.mark.parametrize(("rate_hz", "channels"), [(100_000_000, 2), (44_100, 60_000), (0, 2)])
def test_claims_that_no_sound_has_are_refused(tmp_path: Path, rate_hz: int, channels: int) -> None:
    path = make_audio(tmp_path / "song.wav", 1.0)
    data = bytearray(path.read_bytes())
    at = data.index(b"fmt ") + 8
    data[at + 2 : at + 4] = channels.to_bytes(2, "little")
    data[at + 4 : at + 8] = rate_hz.to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(UnreadableFile):
        probe(path)
