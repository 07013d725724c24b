from pathlib import Path

import pytest

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.playback.service import PlaybackService
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays
from tests.support.players import (
    FAST,
    LONG_S,
    FakeLibrary,
    ids,
    library_of_files,
    open_player,
    playing,
    queued,
    wait_for,
    wait_until_playing,
)


def test_half_of_a_song_is_a_play(file: Path, tmp_path: Path) -> None:
    fake_library = library_of_files(tmp_path, [6.0, 6.0])
    with open_player(file, fake_library, FAST) as player:
        player.play_tracks(ids(1, 2))
        wait_for(lambda: playing(player) == 2)
        player.stop()
    store = Database(file)
    assert Plays(store).recent() == ["audio 1"]
    store.close()


def test_a_glance_is_no_play(file: Path, fake_library: FakeLibrary) -> None:
    with open_player(file, fake_library) as player:
        player.play_tracks(ids(1, 2))
        wait_until_playing(player)
        player.seek(29.0)
        player.next()
    store = Database(file)
    assert Plays(store).recent() == []
    store.close()


def test_comes_back_paused_where_it_was(file: Path, fake_library: FakeLibrary) -> None:
    with open_player(file, fake_library) as player:
        player.set_repeat(Repeat.ALL)
        player.set_volume(0.4)
        player.set_muted(True)
        player.play_tracks(ids(3, 2, 1), 1)
        player.seek(12.0)
        wait_until_playing(player, 12.0)
    with open_player(file, fake_library) as player:
        player.restore_state()
        status = player.status()
        assert status.state is PlayerState.PAUSED
        assert status.track_id == 2
        assert status.position_s == pytest.approx(12.0, abs=1.0)
        assert status.duration_s == LONG_S
        assert (status.volume, status.muted) == (0.4, True)
        assert queued(player) == [3, 2, 1]
        assert player.queue_snapshot().repeat is Repeat.ALL
        player.play()
        wait_until_playing(player, 12.0)


def test_comes_back_without_tracks_that_are_gone(file: Path, fake_library: FakeLibrary) -> None:
    with open_player(file, fake_library) as player:
        player.play_tracks(ids(1, 2, 3), 1)
        player.seek(12.0)
        wait_until_playing(player, 12.0)
    del fake_library.tracks[TrackId(2)]
    with open_player(file, fake_library) as player:
        player.restore_state()
        assert queued(player) == [1, 3]
        assert player.status().track_id == 3
        assert player.status().position_s == 0


def test_what_was_begun_before_the_restore_wins(file: Path, fake_library: FakeLibrary) -> None:
    with open_player(file, fake_library) as player:
        player.play_tracks(ids(1))
    with open_player(file, fake_library) as player:
        player.play_tracks(ids(2))
        player.restore_state()
        assert queued(player) == [2]


def test_damaged_memory_is_left_alone(file: Path, fake_library: FakeLibrary) -> None:
    with open_player(file, fake_library) as player:
        memory = player._memory._state
        memory.set("queue", {"entries": "?"})
        memory.set("player", 7)
        memory.set("volume", "loud")
    with open_player(file, fake_library) as player:
        player.restore_state()
        assert queued(player) == []
        assert player.status().volume == 1.0


def test_volume_is_kept_within_bounds(player: PlaybackService) -> None:
    player.set_volume(7)
    assert player.status().volume == 1
    player.set_volume(-1)
    assert player.status().volume == 0
