from pathlib import Path

import pytest

from mecomp_desktop.audio.peaks import shape
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.waveforms import BUCKETS, Waveforms
from tests.support.audio_files import make_audio
from tests.support.players import FakeLibrary


def decoded(track: Track, buckets: int) -> bytes:
    return bytes(shape(track.path, buckets).levels)


@pytest.fixture
def fake_library(tmp_path: Path) -> FakeLibrary:
    made = FakeLibrary()
    made.put(1, make_audio(tmp_path / "song.wav", 2.0), 2.0)
    return made


def test_a_damaged_file_in_the_cache_is_made_anew(
    tmp_path: Path, fake_library: FakeLibrary
) -> None:
    [track] = fake_library.tracks.values()
    waveforms = Waveforms(tmp_path / "cache")
    shape = waveforms.of(track, decoded)
    [kept] = (tmp_path / "cache").rglob("*.peaks")
    kept.write_bytes(b"cut")
    assert waveforms.of(track, decoded) == shape
    assert len(kept.read_bytes()) == BUCKETS


def test_a_cache_that_cannot_be_written_costs_only_time(
    tmp_path: Path, fake_library: FakeLibrary
) -> None:
    (tmp_path / "file").write_text("")
    [track] = fake_library.tracks.values()
    shape = Waveforms(tmp_path / "file" / "cache").of(track, decoded)
    assert shape is not None
    assert max(shape) > 0
