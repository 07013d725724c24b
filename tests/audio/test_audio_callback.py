import numpy as np
import pytest

from mecomp_desktop.audio.audio_callback import AudioCallback
from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.ring import Ring
from tests.support.audio_files import music

RATE_HZ = 44_100
FADE = round(0.005 * RATE_HZ)


@pytest.fixture
def ring() -> Ring:
    return Ring(RATE_HZ, 2.0)


@pytest.fixture
def callback(ring: Ring) -> AudioCallback:
    found = AudioCallback(ring)
    found.playing = True
    return found


def feed(ring: Ring, samples: Samples, *, ended: bool = False) -> None:
    ring.write(samples)
    ring.hold, ring.ended = False, ended


def pulled(callback: AudioCallback, frames: int, block: int = 512) -> Samples:
    out = np.full((frames, 2), 9, np.float32)
    for start in range(0, frames, block):
        callback.fill(out[start : start + block])
    return out


def test_at_unity_every_bit_passes(ring: Ring, callback: AudioCallback) -> None:
    samples = music(1.0)
    feed(ring, samples)
    np.testing.assert_array_equal(pulled(callback, 40_000), samples[:40_000])


def test_nothing_is_played_before_there_is_enough(ring: Ring, callback: AudioCallback) -> None:
    ring.write(music(0.5))
    assert not pulled(callback, 2_000).any()
    assert (ring.taken, callback.underruns) == (0, 0)


def test_a_pause_fades_out_and_takes_no_more(ring: Ring, callback: AudioCallback) -> None:
    samples = music(1.0)
    feed(ring, samples)
    pulled(callback, 5_120)
    callback.playing = False
    out = pulled(callback, 2_048)
    assert out[: FADE // 2].any()
    assert not out[FADE:].any()
    assert ring.taken == 5_120 + FADE
    assert np.all(np.abs(out[:FADE]) <= np.abs(samples[5_120 : 5_120 + FADE]))
    callback.playing = True
    again = pulled(callback, 2_048)
    np.testing.assert_array_equal(again[FADE:], samples[ring.taken - 2_048 + FADE : ring.taken])


def test_a_new_volume_comes_within_a_fade(ring: Ring, callback: AudioCallback) -> None:
    samples = music(1.0)
    feed(ring, samples)
    pulled(callback, 1_024)
    callback.volume = 0.25
    out = pulled(callback, 1_024)
    np.testing.assert_allclose(out[FADE:], samples[1_024 + FADE : 2_048] / 4, atol=1e-7)
    steps = np.abs(out[:FADE]) / np.maximum(np.abs(samples[1_024 : 1_024 + FADE]), 1e-3)
    assert steps.max() <= 1.0


def test_silence_is_counted_as_underrun_only_in_the_middle(
    ring: Ring, callback: AudioCallback
) -> None:
    feed(ring, music(0.01))
    assert not pulled(callback, 1_024)[441:].any()
    assert callback.underruns == 2
    feed(ring, music(0.01), ended=True)
    pulled(callback, 4_096)
    assert callback.underruns == 2


def test_a_skip_fades_out_and_goes_on_at_the_new_place(ring: Ring, callback: AudioCallback) -> None:
    feed(ring, music(0.5, seed=1))
    pulled(callback, 1_024)
    ring.skip(fade_in=False)
    fresh = music(0.5, seed=2)
    feed(ring, fresh)
    first = pulled(callback, 512)
    assert first[: FADE // 2].any()
    assert not first[FADE:].any()
    np.testing.assert_array_equal(pulled(callback, 1_024), fresh[:1_024])


def test_a_skip_into_a_piece_fades_in(ring: Ring, callback: AudioCallback) -> None:
    ring.skip(fade_in=True)
    samples = np.full((4_410, 2), 0.5, np.float32)
    feed(ring, samples)
    pulled(callback, 512)
    out = pulled(callback, 512)
    assert out[0, 0] < 0.01
    assert np.all(np.diff(out[:FADE, 0]) > 0)
    np.testing.assert_array_equal(out[FADE:], samples[FADE:512])


def test_a_skip_just_before_the_end_keeps_the_new_frames_whole(
    ring: Ring, callback: AudioCallback
) -> None:
    feed(ring, music(0.1, seed=1))
    pulled(callback, 4_352, block=256)
    assert ring.written - ring.taken < FADE
    ring.skip(fade_in=False)
    fresh = music(0.1, seed=2)
    feed(ring, fresh)
    pulled(callback, 256)
    np.testing.assert_array_equal(pulled(callback, 512), fresh[:512])


def test_blocks_shorter_than_a_fade_still_fade_to_silence(
    ring: Ring, callback: AudioCallback
) -> None:
    feed(ring, np.ones((4_410, 2), np.float32))
    pulled(callback, 512)
    callback.playing = False
    out = pulled(callback, 300, block=30)
    assert out[29, 0] == 0
    assert not out[30:].any()
