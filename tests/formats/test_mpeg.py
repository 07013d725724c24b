import io
import struct
from pathlib import Path

import pytest

from mecomp_desktop.formats import mpeg
from mecomp_desktop.formats.adts import is_adts
from tests.support.audio_files import make_audio
from tests.support.odd_files import make_odd_file


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_audio(tmp_path_factory.mktemp("mp3") / "song.mp3", 6.0).read_bytes()


def claim_of(data: bytes) -> mpeg.MpegClaim:
    return mpeg.read_claim(io.BytesIO(data))


@pytest.mark.parametrize(
    ("header", "rate_hz", "samples", "length"),
    [
        ("fffb9064", 44_100, 1152, 417),
        ("fff370c0", 22_050, 576, 182),
        ("fffd9004", 44_100, 1152, 522),
        ("ffff9004", 44_100, 384, 312),
        ("ffe37004", 11_025, 576, 365),
    ],
)
def test_frame_headers(header: str, rate_hz: int, samples: int, length: int) -> None:
    parsed = mpeg.parse_header(bytes.fromhex(header))
    assert parsed is not None
    assert (parsed.sample_rate_hz, parsed.samples, parsed.length) == (rate_hz, samples, length)


@pytest.mark.parametrize(
    "header", ["", "ff", "fffb", "fffbf064", "fffb0064", "ffe91064", "fff99064"]
)
def test_what_is_no_header(header: str) -> None:
    assert mpeg.parse_header(bytes.fromhex(header)) is None


def test_an_index_that_agrees(song: bytes) -> None:
    claim = claim_of(song)
    assert claim.agrees
    assert claim.duration_s == pytest.approx(6.0, abs=0.1)
    assert claim.delay_frames == 1105


@pytest.mark.parametrize("factor", [0.17, 0.7, 1.5, 6])
def test_a_count_that_the_frames_contradict(song: bytes, factor: float) -> None:
    data = bytearray(song)
    at = max(data.find(b"Xing"), data.find(b"Info")) + 8
    (frames,) = struct.unpack(">I", data[at : at + 4])
    data[at : at + 4] = struct.pack(">I", round(frames * factor))
    assert not claim_of(bytes(data)).agrees


def test_a_file_that_was_cut_or_joined(song: bytes) -> None:
    cut = claim_of(song[: len(song) // 2])
    assert not cut.agrees
    assert cut.cut_off
    joined = claim_of(song + song)
    assert not joined.agrees
    assert not joined.cut_off


def test_tags_and_junk_around_it_do_not_matter(song: bytes) -> None:
    assert claim_of(b"some junk \xff\xfb" * 20 + song + b"TAG" + bytes(125)).agrees


def test_without_an_index_there_is_no_claim(tmp_path: Path) -> None:
    odd = make_odd_file(tmp_path, "vbr without index")
    assert claim_of(odd.path.read_bytes()) == mpeg.MpegClaim()
    assert claim_of(b"") == mpeg.MpegClaim()


def test_adts_is_distinguished_from_mpeg(tmp_path: Path, song: bytes) -> None:
    adts = make_odd_file(tmp_path, "adts").path.read_bytes()
    assert is_adts(adts[:7])
    assert mpeg.find_first_frame(io.BytesIO(adts)) is None
    assert not is_adts(song[song.index(b"\xff\xfb") :][:7])
    assert not is_adts(b"\xff\xf1")
