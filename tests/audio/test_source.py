from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.audio.engine import Playable
from mecomp_desktop.audio.resilient_reader import ResilientReader
from mecomp_desktop.audio.source import Source, to_stereo
from tests.support.audio_files import make_audio, music, write_audio


@pytest.mark.parametrize("channels", range(1, 11))
def test_any_channel_count_becomes_two_that_do_not_clip(channels: int) -> None:
    full = np.ones((10, channels), np.float32)
    mixed = to_stereo(full)
    assert mixed.shape == (10, 2)
    np.testing.assert_allclose(mixed, 1.0, atol=1e-6)


def test_left_stays_left_in_surround() -> None:
    for channels in (3, 4, 5, 6, 8):
        block = np.zeros((1, channels), np.float32)
        block[0, 0] = 1
        left, right = to_stereo(block)[0]
        assert left > 0.3
        assert right == 0


def test_two_channels_pass_untouched() -> None:
    samples = music(0.1)
    assert to_stereo(samples) is samples


def test_the_gain_of_a_track_is_applied(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.flac", 0.3)
    source = Source(Playable(1, path, gain=0.25), ResilientReader(path), 44_100)
    block = source.read()
    assert block is not None
    np.testing.assert_array_equal(block, music(0.3)[: len(block)] / 4)
    source.close()


def test_numbers_that_are_no_sound_become_silence(tmp_path: Path) -> None:
    samples = music(0.3)
    samples[100:200] = np.nan
    samples[300:400] = np.inf
    path = write_audio(tmp_path / "a.wav", samples, 44_100, "WAV/FLOAT")
    source = Source(Playable(1, path), ResilientReader(path), 44_100)
    block = source.read()
    assert block is not None
    assert not block[100:200].any()
    assert not block[300:400].any()
    np.testing.assert_array_equal(block[400:], samples[400 : len(block)])
    source.close()
