from pathlib import Path

import pytest

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.playback.service import PlaybackService
from tests.support.audio_files import make_audio, make_bad_files
from tests.support.players import (
    FAST,
    FakeLibrary,
    PlayerEvents,
    ids,
    library_of_files,
    open_player,
    playing,
    wait_for,
    wait_until_playing,
)


def test_unreadable_files_are_reported_and_skipped(
    file: Path, fake_library: FakeLibrary, tmp_path: Path
) -> None:
    bad = make_bad_files(tmp_path / "bad")["random bytes"]
    fake_library.put(7, bad, 100.0)
    with open_player(file, fake_library) as player:
        events = PlayerEvents(player)
        player.play_tracks(ids(7, 1))
        wait_for(lambda: playing(player) == 1, "for the good one")
        wait_until_playing(player)
        assert events.notices == [
            "“Song 7” couldn't be read: it is not a music file that can be decoded. It was skipped."
        ]


@pytest.mark.parametrize("repeat", list(Repeat))
def test_a_queue_of_bad_files_ends(file: Path, tmp_path: Path, repeat: Repeat) -> None:
    fake_library = FakeLibrary()
    bad = make_bad_files(tmp_path / "bad")
    for number, kind in enumerate(("empty", "random bytes", "zero length"), start=1):
        fake_library.put(number, bad[kind], 100.0)
    with open_player(file, fake_library) as player:
        events = PlayerEvents(player)
        player.set_repeat(repeat)
        player.play_tracks(ids(1, 2, 3))
        wait_for(lambda: len(events.notices) >= 3 and playing(player) is None, "for the end")
        assert player.status().state is PlayerState.STOPPED
        assert len(events.notices) == 3


def test_a_bad_file_between_good_ones_is_skipped(file: Path, tmp_path: Path) -> None:
    fake_library = library_of_files(tmp_path, [3.0, 3.0, 3.0])
    fake_library.put(2, make_bad_files(tmp_path / "bad")["empty"], 3.0)
    with open_player(file, fake_library, FAST / 4) as player:
        events = PlayerEvents(player)
        player.play_tracks(ids(1, 2, 3))
        wait_for(lambda: player.status().state is PlayerState.STOPPED, "for the end")
        assert events.current == [1, 3, 1]
        assert len(events.notices) == 1
        assert "Song 2" in events.notices[0]


def test_a_file_that_vanished_is_skipped(
    file: Path, fake_library: FakeLibrary, tmp_path: Path
) -> None:
    fake_library.put(8, tmp_path / "gone.flac", 100.0)
    with open_player(file, fake_library) as player:
        events = PlayerEvents(player)
        player.play_tracks(ids(8, 2))
        wait_for(lambda: playing(player) == 2, "for the good one")
        assert "no longer there" in events.notices[0]


def test_what_is_away_is_skipped_with_a_word(
    player: PlaybackService, fake_library: FakeLibrary
) -> None:
    fake_library.take_away(TrackId(2))
    events = PlayerEvents(player)
    player.play_tracks(ids(1, 2, 3))
    player.next()
    assert playing(player) == 3
    assert events.notices == ["“Song 2” is not there at the moment and was skipped."]
    player.previous()
    assert playing(player) == 1


def test_when_everything_is_away_it_stops(
    player: PlaybackService, fake_library: FakeLibrary
) -> None:
    for track_id in ids(1, 2, 3):
        fake_library.take_away(track_id)
    events = PlayerEvents(player)
    player.set_repeat(Repeat.ALL)
    player.play_tracks(ids(1, 2, 3))
    assert player.status().state is PlayerState.STOPPED
    assert events.notices == ["3 songs are not there at the moment and were skipped."]


def test_next_is_silent_when_all_that_follows_is_away(
    player: PlaybackService, fake_library: FakeLibrary
) -> None:
    player.play_tracks(ids(1, 2, 3))
    wait_for(lambda: player.status().position_s > 0.1)
    for track_id in ids(1, 2, 3):
        fake_library.take_away(track_id)
    player.next()
    assert player.status().state is PlayerState.STOPPED
    wait_for(lambda: player._engine.status().state is PlayerState.STOPPED, "for the silence")
    assert player.status().position_s == 0.0


def test_a_file_that_ends_early_is_reported_and_the_next_one_plays(
    file: Path, tmp_path: Path
) -> None:
    fake_library = library_of_files(tmp_path, [2.0, 2.0])
    whole = make_audio(tmp_path / "whole.flac", 6.0).read_bytes()
    (tmp_path / "cut.flac").write_bytes(whole[: len(whole) // 2])
    fake_library.put(1, tmp_path / "cut.flac", 6.0)
    with open_player(file, fake_library, FAST / 4) as player:
        events = PlayerEvents(player)
        player.play_tracks(ids(1, 2))
        wait_for(lambda: playing(player) == 2, "for the next")
        wait_for(lambda: events.notices, "for a word about it")
        assert len(events.notices) == 1
        assert events.notices[0].startswith("“Song 1” ends early: ")
        assert events.notices[0].endswith(" s of 6.0 s are there.")


def test_a_place_chosen_while_stopped_is_kept(player: PlaybackService) -> None:
    player.play_tracks(ids(1))
    wait_until_playing(player)
    player.stop()
    player.seek(12.0)
    assert player.status().position_s == 12.0
    player.play()
    wait_until_playing(player, 12.0)
    assert player.status().position_s < 15.0
