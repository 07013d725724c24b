import io
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.formats import flac
from tests.support.audio_files import make_audio, write_audio
from tests.support.odd_files import make_odd_file


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_audio(tmp_path_factory.mktemp("flac") / "song.flac", 3.0).read_bytes()


def length_of(data: bytes) -> tuple[int, int | None]:
    file = io.BytesIO(data)
    info = flac.stream_info(file, 0)
    assert info is not None
    return info.frames, flac.frames_by_last_block(file, info)


def test_header_and_last_block_agree(song: bytes) -> None:
    assert length_of(song) == (132_300, 132_300)


def test_the_last_block_gives_what_a_stream_left_open(tmp_path: Path) -> None:
    data = make_odd_file(tmp_path, "streamed flac").path.read_bytes()
    assert length_of(data) == (0, 5 * 44_100)


def test_the_last_block_gives_where_a_cut_file_ends(song: bytes) -> None:
    claimed, found = length_of(song[: len(song) // 2])
    assert claimed == 132_300
    assert found is not None
    assert 40_000 < found < 100_000


def test_tags_behind_it_do_not_matter(song: bytes) -> None:
    assert length_of(song + b"TAG" + bytes(125))[1] == 132_300


def test_silence_is_plausible_and_too_small_a_count_is_not(tmp_path: Path, song: bytes) -> None:
    silence = np.zeros((441_000, 2), np.float32)
    path = write_audio(tmp_path / "silence.flac", silence, 44_100, "FLAC/PCM_16")
    with path.open("rb") as file:
        info = flac.stream_info(file, 0)
    assert info is not None
    assert info.plausible
    data = bytearray(song)
    data[22:26] = bytes(3) + b"\x10"
    counted_few = flac.stream_info(io.BytesIO(bytes(data)), 0)
    assert counted_few is not None
    assert not counted_few.plausible


@pytest.mark.parametrize("length", [0, 4, 8, 20, 42])
def test_a_head_alone_gives_nothing_wrong(song: bytes, length: int) -> None:
    file = io.BytesIO(song[:length])
    info = flac.stream_info(file, 0)
    assert info is None or flac.frames_by_last_block(file, info) is None
