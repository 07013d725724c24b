"""What every engine does: each test runs on the one by the clock and on the one by the card."""

import threading
import time
from pathlib import Path

import pytest

from mecomp_desktop.audio.engine import Engine, Playable, PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.errors import Reason
from tests.audio.conftest import Notes
from tests.support.audio_files import make_audio, make_bad_files
from tests.support.pulse import wait_for


@pytest.fixture
def short(tmp_path: Path) -> Path:
    return make_audio(tmp_path / "short.flac", 0.6)


@pytest.fixture
def long(tmp_path: Path) -> Path:
    return make_audio(tmp_path / "long.flac", 30.0, seed=1)


def wait_for_position(engine: Engine, beyond_s: float) -> None:
    wait_for(lambda: engine.status().position_s > beyond_s, what=f"to hear {beyond_s} s")


def test_it_is_stopped_at_first(engine: Engine) -> None:
    status = engine.status()
    assert (status.state, status.token, status.position_s) == (PlayerState.STOPPED, None, 0.0)
    assert status.device_error is None


def test_it_plays_a_track_to_its_end(engine: Engine, notes: Notes, short: Path) -> None:
    engine.start(Playable(7, short))
    assert engine.status().state is PlayerState.PLAYING
    assert engine.status().token == 7
    wait_for(lambda: ("finished", 7) in notes.events)
    assert notes.events == [("started", 7), ("finished", 7)]
    assert engine.status().state is PlayerState.STOPPED
    assert engine.status().underruns == 0


def test_the_position_runs_with_the_clock(engine: Engine, notes: Notes, long: Path) -> None:
    engine.start(Playable(1, long))
    wait_for_position(engine, 0.3)
    first_s, before_s = engine.status().position_s, time.monotonic()
    wait_for_position(engine, first_s + 1.0)
    passed_s = time.monotonic() - before_s
    assert engine.status().position_s - first_s == pytest.approx(passed_s, abs=0.15)
    assert engine.status().duration_s == pytest.approx(30.0)


def test_a_pause_holds_the_place(engine: Engine, notes: Notes, long: Path) -> None:
    engine.start(Playable(1, long))
    wait_for_position(engine, 0.2)
    engine.pause()
    assert engine.status().state is PlayerState.PAUSED
    time.sleep(0.3)  # whatever was on its way to the ear has arrived
    place_s = engine.status().position_s
    time.sleep(0.2)
    assert engine.status().position_s == place_s
    engine.play()
    wait_for_position(engine, place_s + 0.2)
    assert engine.status().state is PlayerState.PLAYING
    assert engine.status().underruns == 0
    assert notes.events == [("started", 1)]


def test_a_start_in_pause_waits_at_its_place(engine: Engine, notes: Notes, long: Path) -> None:
    engine.start(Playable(3, long), position_s=12.0, paused=True)
    wait_for(lambda: engine.status().duration_s > 0)
    status = engine.status()
    assert (status.state, status.token, status.position_s) == (PlayerState.PAUSED, 3, 12.0)
    assert notes.events == []
    engine.play()
    wait_for_position(engine, 12.2)
    assert notes.events == [("started", 3)]
    assert engine.status().position_s < 14.0


def test_a_seek_goes_there(engine: Engine, notes: Notes, long: Path) -> None:
    engine.start(Playable(1, long))
    wait_for_position(engine, 0.1)
    engine.seek(20.0)
    assert engine.status().position_s == 20.0
    wait_for_position(engine, 20.1)
    engine.seek(5.0)
    wait_for(lambda: 5.1 < engine.status().position_s < 6.0)
    assert notes.events == [("started", 1)]


def test_a_track_is_announced_even_while_commands_rain(
    engine: Engine, notes: Notes, long: Path
) -> None:
    engine.start(Playable(1, long))
    for _ in range(400):
        engine.set_next(None)
        time.sleep(0.001)
    wait_for(lambda: ("started", 1) in notes.events)
    wait_for_position(engine, 0.2)


def test_a_seek_in_pause_stays_in_pause(engine: Engine, notes: Notes, long: Path) -> None:
    engine.start(Playable(1, long))
    wait_for_position(engine, 0.1)
    engine.pause()
    engine.seek(9.0)
    time.sleep(0.2)
    assert engine.status().position_s == 9.0
    assert engine.status().state is PlayerState.PAUSED
    engine.play()
    wait_for_position(engine, 9.1)


def test_a_seek_beyond_the_end_finishes(engine: Engine, notes: Notes, long: Path) -> None:
    engine.start(Playable(1, long))
    wait_for_position(engine, 0.1)
    engine.seek(99.0)
    wait_for(lambda: ("finished", 1) in notes.events)
    assert engine.status().state is PlayerState.STOPPED


def test_a_seek_keeps_what_follows(engine: Engine, notes: Notes, short: Path, long: Path) -> None:
    engine.start(Playable(1, long))
    engine.set_next(Playable(2, short))
    wait_for_position(engine, 0.1)
    engine.seek(29.5)  # the end is decoded at once, and the next file with it
    wait_for_position(engine, 29.6)
    engine.seek(29.5)
    wait_for(lambda: ("finished", 2) in notes.events)
    assert notes.events == [("started", 1), ("started", 2), ("finished", 2)]


def test_the_next_track_follows(engine: Engine, notes: Notes, short: Path, tmp_path: Path) -> None:
    next_file = make_audio(tmp_path / "other.ogg", 0.6, seed=2)
    engine.start(Playable(1, short))
    engine.set_next(Playable(2, next_file))
    wait_for(lambda: ("started", 2) in notes.events)
    assert engine.status().token == 2
    assert engine.status().position_s < 0.4
    wait_for(lambda: ("finished", 2) in notes.events)
    assert notes.events == [("started", 1), ("started", 2), ("finished", 2)]


def test_the_next_track_can_be_replaced_when_it_is_already_decoded(
    engine: Engine, notes: Notes, tmp_path: Path
) -> None:
    pieces = [make_audio(tmp_path / f"{n}.flac", 1.2, seed=n) for n in range(3)]
    engine.start(Playable(0, pieces[0]))
    engine.set_next(Playable(1, pieces[1]))
    wait_for_position(engine, 0.4)
    engine.set_next(Playable(2, pieces[2]))
    wait_for(lambda: ("finished", 2) in notes.events)
    assert notes.events == [("started", 0), ("started", 2), ("finished", 2)]


def test_the_next_track_can_be_taken_back(engine: Engine, notes: Notes, tmp_path: Path) -> None:
    pieces = [make_audio(tmp_path / f"{n}.flac", 1.0, seed=n) for n in range(2)]
    engine.start(Playable(0, pieces[0]))
    engine.set_next(Playable(1, pieces[1]))
    wait_for_position(engine, 0.4)
    engine.set_next(None)
    wait_for(lambda: ("finished", 0) in notes.events)
    assert notes.events == [("started", 0), ("finished", 0)]


def test_each_track_may_name_its_successor_when_it_starts(
    engine: Engine, notes: Notes, tmp_path: Path
) -> None:
    pieces = [make_audio(tmp_path / f"{n}.flac", 0.5, seed=n) for n in range(4)]

    def follow(token: int) -> None:
        engine.set_next(Playable(token + 1, pieces[token + 1]) if token < 3 else None)

    engine.track_started.connect(follow)
    engine.start(Playable(0, pieces[0]))
    wait_for(lambda: ("finished", 3) in notes.events)
    assert notes.events == [*(("started", n) for n in range(4)), ("finished", 3)]
    assert engine.status().underruns == 0


def test_a_start_replaces_what_plays_and_what_follows(
    engine: Engine, notes: Notes, short: Path, long: Path
) -> None:
    engine.start(Playable(1, long))
    engine.set_next(Playable(2, long))
    wait_for_position(engine, 0.1)
    engine.start(Playable(3, short))
    assert engine.status().token == 3
    wait_for(lambda: ("finished", 3) in notes.events)
    assert notes.events == [("started", 1), ("started", 3), ("finished", 3)]


def test_a_stop_forgets_everything(engine: Engine, notes: Notes, long: Path) -> None:
    engine.start(Playable(1, long))
    engine.set_next(Playable(2, long))
    wait_for_position(engine, 0.1)
    engine.stop()
    time.sleep(0.2)
    status = engine.status()
    assert (status.state, status.token, status.position_s) == (PlayerState.STOPPED, None, 0.0)
    engine.play()
    engine.seek(3.0)
    assert engine.status().state is PlayerState.STOPPED
    assert notes.events == [("started", 1)]


def test_many_hasty_commands_end_where_the_last_one_says(
    engine: Engine, notes: Notes, short: Path, long: Path
) -> None:
    for token in range(20):
        engine.start(Playable(token, long), position_s=token)
        engine.seek(3.0)
        engine.pause()
        engine.play()
    engine.start(Playable(99, short))
    wait_for(lambda: ("finished", 99) in notes.events)
    assert notes.events[-2:] == [("started", 99), ("finished", 99)]


@pytest.mark.parametrize("kind", ["empty", "wrong extension", "header only", "zero length"])
def test_a_bad_file_is_reported_and_stops(
    engine: Engine, notes: Notes, tmp_path: Path, kind: str
) -> None:
    engine.start(Playable(5, make_bad_files(tmp_path)[kind]))
    wait_for(lambda: ("failed", 5) in notes.events)
    assert engine.status().state is PlayerState.STOPPED
    assert isinstance(notes.reasons[0], Reason)
    assert notes.events == [("failed", 5)]


def test_a_bad_next_file_is_reported_and_the_current_one_goes_on(
    engine: Engine, notes: Notes, short: Path, tmp_path: Path
) -> None:
    engine.start(Playable(1, short))
    engine.set_next(Playable(2, tmp_path / "gone.flac"))
    wait_for(lambda: ("finished", 1) in notes.events)
    assert sorted(notes.events) == [("failed", 2), ("finished", 1), ("started", 1)]
    assert notes.reasons == [Reason.MISSING]


def test_a_listener_may_command_the_engine(engine: Engine, notes: Notes, short: Path) -> None:
    engine.track_finished.connect(lambda token: token < 2 and engine.start(Playable(2, short)))
    engine.start(Playable(1, short))
    wait_for(lambda: ("finished", 2) in notes.events)
    assert engine.status().state is PlayerState.STOPPED


@pytest.mark.parametrize(
    ("name", "rate_hz", "channels"),
    [("a.wav", 8_000, 1), ("a.flac", 96_000, 2), ("a.opus", 48_000, 2), ("a.wav", 48_000, 6)],
)
def test_any_rate_and_channel_count_plays(
    engine: Engine, notes: Notes, tmp_path: Path, name: str, rate_hz: int, channels: int
) -> None:
    path = make_audio(tmp_path / name, 0.5, sample_rate_hz=rate_hz, channels=channels)
    begun_s = time.monotonic()
    engine.start(Playable(1, path))
    wait_for(lambda: ("finished", 1) in notes.events)
    assert 0.45 < time.monotonic() - begun_s < 2.5


def test_volume_lies_between_0_and_1(engine: Engine) -> None:
    engine.set_volume(0.5)
    engine.set_muted(True)
    for wrong in (-0.1, 1.1):
        with pytest.raises(ValueError, match="volume"):
            engine.set_volume(wrong)


def test_there_is_a_device_to_choose(engine: Engine, notes: Notes, long: Path) -> None:
    devices = engine.devices()
    assert devices
    engine.start(Playable(1, long))
    wait_for_position(engine, 0.2)
    engine.set_device(devices[0].id)
    wait_for_position(engine, 0.5)
    assert engine.status().device_error is None


def test_closing_leaves_no_thread(engine: Engine, notes: Notes, long: Path) -> None:
    engine.start(Playable(1, long))
    wait_for_position(engine, 0.1)
    begun_s = time.monotonic()
    engine.close()
    engine.close()
    assert time.monotonic() - begun_s < 2.0
    wait_for(
        lambda: not [thread for thread in threading.enumerate() if thread.name.startswith("audio-")]
    )
    engine.start(Playable(2, long))
    engine.pause()
    assert notes.events == [("started", 1)]


def test_a_clock_may_run_faster(long: Path) -> None:
    engine = NullEngine(speed=20.0)
    notes = Notes()
    notes.listen_to(engine)
    begun_s = time.monotonic()
    engine.start(Playable(1, long))
    wait_for(lambda: ("finished", 1) in notes.events)
    assert 1.0 < time.monotonic() - begun_s < 8.0
    engine.close()
