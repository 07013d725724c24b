from pathlib import Path

import mutagen
import pytest

from mecomp_desktop.library.coding import mean_bit_rate_kbps
from mecomp_desktop.library.tags import read_tags
from tests.support.audio_files import make_audio
from tests.support.pictures import make_jpeg

_DURATION_S = 4.0


def test_the_bit_rate_of_samples_is_exact(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.wav", _DURATION_S)
    assert read_tags(path).bit_rate_kbps == round(2 * 16 * 44_100 / 1000)


def test_an_mp3_is_written_with_the_rate_it_tells(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.mp3", 20.0)
    assert read_tags(path).bit_rate_kbps == pytest.approx(192, abs=3)


@pytest.mark.parametrize("name", ["x.mp3", "x.flac", "x.m4a", "x.ogg", "x.wav"])
def test_pictures_and_tags_are_no_sound(tmp_path: Path, name: str) -> None:
    path = make_audio(tmp_path / name, _DURATION_S)
    before = read_tags(path).bit_rate_kbps
    assert before
    if name == "x.ogg":
        file = mutagen.File(path)
        assert file is not None
        file["comment"] = "long " * 20_000
        file.save()
    else:
        path = make_audio(tmp_path / name, _DURATION_S, cover=make_jpeg() + bytes(100_000))
    assert read_tags(path).bit_rate_kbps == pytest.approx(before, abs=1)


def test_without_a_length_there_is_no_rate() -> None:
    assert mean_bit_rate_kbps(1000, 0.0) is None
    assert mean_bit_rate_kbps(0, 1.0) is None
