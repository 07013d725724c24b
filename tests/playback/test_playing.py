import math
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.playback.service import PlaybackService
from mecomp_desktop.settings import LoudnessSettings
from tests.support.audio_files import make_audio
from tests.support.players import (
    FAST,
    LONG_S,
    FakeLibrary,
    PlayerEvents,
    ids,
    library_of_files,
    open_player,
    playing,
    queued,
    wait_for,
    wait_until_playing,
)


def test_nothing_to_play_is_no_error(player: PlaybackService) -> None:
    for action in (player.play, player.toggle, player.pause, player.stop, player.next):
        action()
    player.previous()
    player.seek(10)
    player.undo()
    player.play_tracks([])
    status = player.status()
    assert (status.state, status.entry_id, status.track_id) == (PlayerState.STOPPED, None, None)
    assert status.position_s == 0


def test_plays_what_is_asked_for(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2, 3), 1)
    assert playing(player) == 2
    wait_until_playing(player)
    status = player.status()
    assert status.duration_s == pytest.approx(LONG_S)
    assert status.device_error is None


def test_pause_holds_the_position(player: PlaybackService) -> None:
    player.play_tracks(ids(1))
    wait_until_playing(player)
    player.toggle()
    wait_for(lambda: player._engine.status().state is PlayerState.PAUSED)
    position = player.status().position_s
    time.sleep(0.1)
    assert player.status().position_s == pytest.approx(position, abs=0.03)
    assert player.status().state is PlayerState.PAUSED
    player.toggle()
    wait_until_playing(player, position + 0.1)


def test_seek_goes_there(player: PlaybackService) -> None:
    player.play_tracks(ids(1))
    player.seek(20.0)
    wait_until_playing(player, 20.0)
    assert player.status().position_s < 22


def test_stop_goes_to_the_beginning_and_play_starts_over(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2), 1)
    player.seek(10)
    player.stop()
    status = player.status()
    assert (status.state, status.track_id, status.position_s) == (PlayerState.STOPPED, 2, 0)
    player.play()
    assert playing(player) == 2
    wait_until_playing(player)
    assert player.status().position_s < 5


def test_plays_through_and_ends_at_the_first_song(file: Path, tmp_path: Path) -> None:
    fake_library = library_of_files(tmp_path, [2.0, 3.0, 2.5])
    with open_player(file, fake_library, FAST) as player:
        events = PlayerEvents(player)
        player.play_tracks(ids(1, 2, 3))
        wait_for(lambda: player.status().state is PlayerState.STOPPED, "for the end")
        assert events.current == [1, 2, 3, 1]
        assert events.notices == []


def test_next_and_previous_follow_the_queue(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2, 3))
    player.next()
    assert playing(player) == 2
    player.previous()
    assert playing(player) == 1
    player.previous()  # already at the first: from its beginning
    assert playing(player) == 1


def test_next_at_the_end_stops(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2), 1)
    player.next()
    status = player.status()
    assert (status.state, status.track_id, status.position_s) == (PlayerState.STOPPED, 1, 0)
    wait_for(lambda: player._engine.status().state is PlayerState.STOPPED)


def test_previous_restarts_a_song_under_way(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2), 1)
    player.seek(10)
    wait_until_playing(player, 10)
    player.previous()
    assert playing(player) == 2
    wait_for(lambda: player.status().position_s < 5)


def test_next_while_stopped_only_moves_on(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2))
    player.stop()
    player.next()
    assert player.status().state is PlayerState.STOPPED
    assert player.status().track_id == 2


def test_repeat_one_plays_it_again(file: Path, tmp_path: Path) -> None:
    with open_player(file, library_of_files(tmp_path, [3.0, 3.0]), FAST) as player:
        started: list[int] = []
        player._engine.track_started.connect(started.append)
        player.set_repeat(Repeat.ONE)
        player.play_tracks(ids(1, 2))
        wait_for(lambda: len(started) >= 3, "for the third time")
        assert playing(player) == 1
        player.next()
        assert playing(player) == 2


def test_repeat_all_goes_round(file: Path, tmp_path: Path) -> None:
    with open_player(file, library_of_files(tmp_path, [2.0, 2.0]), FAST) as player:
        player.set_repeat(Repeat.ALL)
        events = PlayerEvents(player)
        player.play_tracks(ids(1, 2))
        wait_for(lambda: len(events.current) >= 5, "for the second round")
        assert events.current[:5] == [1, 2, 1, 2, 1]


def test_shuffle_keeps_what_plays(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2, 3), 1)
    player.set_shuffle(True)
    assert playing(player) == 2
    assert player.queue_snapshot().shuffle
    order = queued(player)
    player.next()
    player.previous()
    assert queued(player) == order
    player.set_shuffle(False)
    assert queued(player) == [1, 2, 3]


def test_songs_are_played_by_the_gain_that_the_listener_wants(
    tmp_path: Path, fake_library: FakeLibrary
) -> None:
    for number, gain_db in ((1, -6.0), (2, -12.0)):
        track = fake_library.tracks[TrackId(number)]
        tags = replace(track.tags, track_gain_db=gain_db, album_gain_db=-20.0)
        fake_library.tracks[TrackId(number)] = replace(track, tags=tags)
    wanted = LoudnessSettings("track")
    with open_player(tmp_path / "store.sqlite3", fake_library, loudness=lambda: wanted) as player:

        def gains_db() -> list[float]:
            items = [segment.item for segment in player._engine._decoder.segments]
            return [round(20 * math.log10(item.gain), 3) for item in items]

        player.play_tracks(ids(1))
        wait_for(lambda: gains_db() == [-6.0], "for the song's gain")
        wanted = LoudnessSettings("album", preamp_db=3.0)
        player.follow_loudness()
        wait_for(lambda: gains_db() == [-17.0], "for the album's gain")
        assert playing(player) == 1
        player.play_tracks(ids(2))
        wanted = LoudnessSettings("off")
        player.follow_loudness()
        wait_for(lambda: gains_db() == [0.0], "for no gain")


def _cut(fake_library: FakeLibrary, path: Path, times_s: list[float], end_s: float) -> None:
    for number, (start_s, until_s) in enumerate(pairwise([*times_s, end_s]), start=1):
        track_id = fake_library.put(number, path, until_s - start_s)
        part_end_s = None if until_s == end_s else until_s
        track = replace(fake_library.tracks[track_id], start_s=start_s, end_s=part_end_s)
        fake_library.tracks[track_id] = track


def test_parts_of_one_file_are_songs(file: Path, tmp_path: Path) -> None:
    fake_library = FakeLibrary()
    path = make_audio(tmp_path / "disc.flac", 90.0, sample_rate_hz=8000)
    _cut(fake_library, path, [0.0, 40.0, 70.0], 90.0)
    with open_player(file, fake_library, FAST) as player:
        events = PlayerEvents(player)
        player.play_tracks(ids(1, 2, 3), 1)
        wait_until_playing(player, 1.0)
        status = player.status()
        assert (status.track_id, status.duration_s) == (2, 30.0)
        player.seek(29.0)
        wait_for(lambda: player.status().track_id == 3, "for the next part")
        assert player.status().duration_s == pytest.approx(20.0)
        player.previous()
        wait_for(lambda: player.status().track_id == 2, "for the part before")
        player.next()
        wait_for(lambda: player.status().state is PlayerState.STOPPED, "for the end")
        assert events.notices == []


def test_a_part_goes_on_where_it_was_after_a_restart(file: Path, tmp_path: Path) -> None:
    fake_library = FakeLibrary()
    path = make_audio(tmp_path / "disc.flac", 90.0, sample_rate_hz=8000)
    _cut(fake_library, path, [0.0, 40.0], 90.0)
    with open_player(file, fake_library) as player:
        player.play_tracks(ids(1, 2), 1)
        player.seek(30.0)
        wait_until_playing(player, 30.0)
        player.pause()
    with open_player(file, fake_library) as player:
        player.restore_state()
        status = player.status()
        assert status.track_id == 2
        assert 30.0 <= status.position_s < 50.0
        player.play()
        wait_until_playing(player, 30.2)
