from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.audio.peaks import shape
from mecomp_desktop.errors import Reason, UnreadableFile
from tests.support.audio_files import make_audio, make_bad_files, make_every_format, write_audio


def test_peaks_follow_the_loudness(tmp_path: Path) -> None:
    samples = np.zeros((40 * 4_410, 2), np.float32)
    samples[:, 1] = np.repeat(np.linspace(0, 1, 40, dtype=np.float32), 4_410)
    samples[1::2] *= -1
    path = write_audio(tmp_path / "ramp.wav", samples, 44_100, "WAV/FLOAT")
    found = shape(path, 40).levels
    assert found.dtype == np.uint8
    np.testing.assert_allclose(found, np.linspace(0, 255, 40), atol=1)


def test_every_format_has_a_shape(tmp_path: Path) -> None:
    for path in make_every_format(tmp_path, 3.0).values():
        found = shape(path).levels
        assert found.shape == (400,)
        assert 60 < found.max() < 255


def test_a_file_shorter_than_its_buckets_still_fills_them(tmp_path: Path) -> None:
    assert shape(make_audio(tmp_path / "a.flac", 0.01), 400).levels.min() > 0
    assert shape(make_bad_files(tmp_path)["one sample"], 7).levels.shape == (7,)


def test_a_cut_off_file_gives_what_is_there(tmp_path: Path) -> None:
    found = shape(make_bad_files(tmp_path)["truncated"])
    assert found.levels.max() > 60
    assert found.ends_early
    assert 0.5 < found.duration_s < 3.5


def test_the_length_is_what_was_decoded(tmp_path: Path) -> None:
    found = shape(make_audio(tmp_path / "a.flac", 2.5))
    assert found.duration_s == pytest.approx(2.5, abs=0.001)
    assert not found.ends_early


def test_no_sound_has_no_shape(tmp_path: Path) -> None:
    bad = make_bad_files(tmp_path)
    for kind in ("zero length", "header only"):
        with pytest.raises(UnreadableFile) as failure:
            shape(bad[kind])
        assert failure.value.reason == Reason.NO_AUDIO
    with pytest.raises(ValueError, match="0 buckets"):
        shape(bad["one sample"], 0)
