"""Proofs through a real sound server: what is recorded there is what is in the files."""

import time
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.engine import Playable, PlayerState
from mecomp_desktop.audio.player_engine import SoundEngine
from tests.audio.conftest import Notes
from tests.support.audio_files import music, write_audio
from tests.support.pulse import DEVICE, RATE_HZ, PulseServer, wait_for

pytestmark = pytest.mark.sound


@pytest.fixture
def notes(sound_engine: SoundEngine) -> Notes:
    found = Notes()
    found.listen_to(sound_engine)
    return found


def piece(path: Path, samples: Samples) -> Path:
    return write_audio(path, samples, RATE_HZ, "FLAC/PCM_16")


def trimmed(samples: Samples) -> Samples:
    """Return the samples without the silent frames around them, as a recording is cut."""
    loud = np.flatnonzero(np.any(samples != 0, axis=1))
    return samples[loud[0] : loud[-1] + 1]


def test_the_sound_card_gets_every_sample_as_decoded(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    samples = music(3.0, seed=4)
    with pulse.recording() as recording:
        sound_engine.start(Playable(1, piece(tmp_path / "a.flac", samples)))
        wait_for(lambda: ("finished", 1) in notes.events)
    np.testing.assert_array_equal(recording.sound(), trimmed(samples))
    assert sound_engine.status().underruns == 0


def test_two_halves_join_with_no_sample_missing_or_added(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    samples = music(4.0, seed=5)
    middle = 88_213
    first = piece(tmp_path / "first.flac", samples[:middle])
    second = piece(tmp_path / "second.flac", samples[middle:])
    with pulse.recording() as recording:
        sound_engine.start(Playable(1, first))
        sound_engine.set_next(Playable(2, second))
        wait_for(lambda: ("finished", 2) in notes.events)
    np.testing.assert_array_equal(recording.sound(), trimmed(samples))


def test_a_seek_lands_within_10_ms(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    samples = music(20.0, seed=6)
    with pulse.recording() as recording:
        sound_engine.start(Playable(1, piece(tmp_path / "a.flac", samples)))
        wait_for(lambda: sound_engine.status().position_s > 0.5)
        sound_engine.seek(17.5)
        wait_for(lambda: ("finished", 1) in notes.events)
    sound = recording.sound()
    # What was heard last is the rest of the file; its beginning is where the seek landed.
    rest = trimmed(samples)[-round(2.4 * RATE_HZ) :]
    np.testing.assert_array_equal(sound[-len(rest) :], rest)
    wanted = samples[round(17.5 * RATE_HZ) :]
    landed = len(sound) - len(trimmed(wanted))
    played, error = sound[landed : landed + RATE_HZ // 10], RATE_HZ // 100
    np.testing.assert_array_equal(played[error:], wanted[error : RATE_HZ // 10])
    # Before it lies the silence in which the file was opened, not more of the file.
    assert np.all(sound[landed - 20 : landed] == 0)


def test_a_pause_takes_and_adds_only_a_fade(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    samples = music(2.5, seed=7)
    with pulse.recording() as recording:
        sound_engine.start(Playable(1, piece(tmp_path / "a.flac", samples)))
        wait_for(lambda: sound_engine.status().position_s > 0.7)
        sound_engine.pause()
        time.sleep(0.4)
        sound_engine.play()
        wait_for(lambda: ("finished", 1) in notes.events)
    sound, wanted = recording.sound(), trimmed(samples)
    silent = np.all(sound == 0, axis=1)
    assert 0.3 < np.count_nonzero(silent) / RATE_HZ < 0.6
    assert np.abs(np.diff(sound, axis=0)).max() < 1.2 * np.abs(np.diff(wanted, axis=0)).max()
    kept = sound[~silent]
    assert abs(len(kept) - np.count_nonzero(np.any(wanted != 0, axis=1))) < 10
    np.testing.assert_array_equal(sound[: RATE_HZ // 2], wanted[: RATE_HZ // 2])
    np.testing.assert_array_equal(sound[-RATE_HZ // 2 :], wanted[-RATE_HZ // 2 :])


def test_a_pause_takes_effect_at_once(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    sound_engine.start(Playable(1, piece(tmp_path / "a.flac", music(10.0))))
    wait_for(lambda: sound_engine.status().position_s > 0.5)
    taken = sound_engine._stream.ring.taken
    sound_engine.pause()
    time.sleep(0.3)
    assert sound_engine._stream.ring.taken - taken < 0.05 * RATE_HZ


def test_volume_scales_and_mute_silences(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    samples = music(1.5, seed=8)
    sound_engine.set_volume(0.5)
    with pulse.recording() as recording:
        sound_engine.start(Playable(1, piece(tmp_path / "a.flac", samples), gain=0.5))
        wait_for(lambda: ("finished", 1) in notes.events)
    sound = recording.sound()
    np.testing.assert_allclose(sound, trimmed(samples) / 16, atol=1e-7)
    sound_engine.set_muted(True)
    with pulse.recording() as recording:
        sound_engine.start(Playable(2, tmp_path / "a.flac"))
        wait_for(lambda: ("finished", 2) in notes.events)
    assert len(recording.sound()) == 0


def test_tracks_of_different_gain_join_without_a_gap(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    loud, quiet = music(1.0, seed=11), music(1.0, seed=12)
    with pulse.recording() as recording:
        sound_engine.start(Playable(1, piece(tmp_path / "a.flac", loud), gain=0.5))
        sound_engine.set_next(Playable(2, piece(tmp_path / "b.flac", quiet), gain=0.25))
        wait_for(lambda: ("finished", 2) in notes.events)
    expected = trimmed(np.concatenate([loud * np.float32(0.5), quiet * np.float32(0.25)]))
    np.testing.assert_allclose(recording.sound(), expected, atol=1e-7)


def test_a_gain_that_changes_while_it_plays_makes_no_step(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    flat = np.full((6 * RATE_HZ, 2), 0.5, np.float32)
    with pulse.recording() as recording:
        sound_engine.start(Playable(1, piece(tmp_path / "a.flac", flat)))
        wait_for(lambda: sound_engine.status().position_s > 0.5)
        sound_engine.set_gain(1, 0.25)
        wait_for(lambda: sound_engine.status().position_s > 1.0)
        assert sound_engine.status().token == 1
        sound_engine.set_gain(2, 0.75)  # of a track that does not play: nothing happens
        sound_engine.seek(5.5)
        wait_for(lambda: ("finished", 1) in notes.events)
    sound = recording.sound()[:, 0]
    assert sound[0] == pytest.approx(0.5, abs=1e-4)
    assert sound[-1] == pytest.approx(0.125, abs=1e-4)
    # A fade of 5 ms goes in steps of less than a hundredth.
    assert np.abs(np.diff(sound)).max() < 0.01


@pytest.mark.parametrize("how", ["kill", "remove_sink"])
def test_a_device_that_vanishes_is_reported_and_the_music_goes_on_in_silence(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path, how: str
) -> None:
    sound_engine.start(Playable(1, piece(tmp_path / "a.flac", music(60.0))))
    wait_for(lambda: sound_engine.status().position_s > 0.5)
    assert sound_engine.status().device_name == "pulse"
    getattr(pulse, how)()
    wait_for(lambda: notes.lost)
    assert notes.lost == ["pulse"]
    status = sound_engine.status()
    assert status.state is PlayerState.PLAYING
    assert status.device_error is not None
    assert "pulse" in status.device_error
    wait_for(lambda: sound_engine.status().position_s > status.position_s + 0.5)
    pulse.kill()
    pulse.start()
    sound_engine.set_device(DEVICE)
    wait_for(lambda: sound_engine.status().device_error is None)
    assert sound_engine.status().device_name == "pulse"
    wait_for(lambda: pulse.streams() == 1)
    wait_for(lambda: sound_engine.status().position_s > status.position_s + 1.5)
    assert sound_engine.status().token == 1


@pytest.mark.slow
def test_a_device_that_comes_back_is_used_again(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    sound_engine.start(Playable(1, piece(tmp_path / "a.flac", music(60.0))))
    wait_for(lambda: sound_engine.status().position_s > 0.3)
    pulse.kill()
    wait_for(lambda: notes.lost)
    lost_at_s = sound_engine.status().position_s
    pulse.start()
    wait_for(lambda: pulse.streams() == 1, 30.0, "for the sound to come back")
    wait_for(lambda: sound_engine.status().device_error is None)
    status = sound_engine.status()
    assert (status.state, status.token, status.device_name) == (PlayerState.PLAYING, 1, "pulse")
    assert status.position_s > lost_at_s
    with pulse.recording() as recording:
        time.sleep(0.5)
    assert len(recording.sound()) > 0
    assert notes.lost == ["pulse"]


def test_a_device_that_is_not_there_is_reported(
    sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    sound_engine.set_device("ALSA/a card that was sold")
    sound_engine.start(Playable(1, piece(tmp_path / "a.flac", music(0.5))))
    wait_for(lambda: ("finished", 1) in notes.events)
    assert "a card that was sold" in (sound_engine.status().device_error or "")
    sound_engine.set_device(DEVICE)
    sound_engine.start(Playable(2, tmp_path / "a.flac"))
    wait_for(lambda: ("finished", 2) in notes.events)
    assert sound_engine.status().device_error is None


def test_a_paused_device_is_let_go_and_comes_back(
    pulse: PulseServer, sound_engine: SoundEngine, notes: Notes, tmp_path: Path
) -> None:
    sound_engine.start(Playable(1, piece(tmp_path / "a.flac", music(30.0))))
    wait_for(lambda: sound_engine.status().position_s > 0.3)
    sound_engine.pause()
    wait_for(lambda: pulse.streams() == 0, what="for the idle device to be closed")
    sound_engine.seek(12.0)
    sound_engine.play()
    wait_for(lambda: 12.3 < sound_engine.status().position_s < 15.0)
    assert pulse.streams() == 1
    assert sound_engine.status().underruns == 0
