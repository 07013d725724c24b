from pathlib import Path

import pytest

from mecomp_desktop.formats.ogg import ogg_cut_off
from tests.support.audio_files import make_audio


@pytest.mark.parametrize("suffix", [".ogg", ".opus"])
def test_every_cut_within_a_page_is_noticed(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"song{suffix}", 3.0)
    whole = path.read_bytes()
    assert not ogg_cut_off(path)
    last_page = whole.rfind(b"OggS")
    for size in (last_page + 4, last_page + 27, last_page + 40, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert ogg_cut_off(path), size


def test_what_follows_the_last_page_does_no_harm(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.opus", 2.0)
    path.write_bytes(path.read_bytes() + b"TAG" + bytes(125))
    assert not ogg_cut_off(path)


def test_other_files_are_none_of_its_business(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.flac", 1.0)
    path.write_bytes(path.read_bytes()[:-100] + b"OggS")
    assert not ogg_cut_off(path)
