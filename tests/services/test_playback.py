import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.services.playback import PlaybackService
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays
from tests.services.players import Heard, Shelf, open_player, shelf_of, wait_for
from tests.support.audio_files import make_bad_files

FAST = 20.0
LONG_S = 30.0


def ids(*numbers: int) -> list[TrackId]:
    return [TrackId(number) for number in numbers]


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    shelf_of(folder, [LONG_S] * 3)
    return folder


@pytest.fixture
def shelf(songs: Path) -> Shelf:
    made = Shelf()
    for number in (1, 2, 3):
        made.put(number, songs / f"{number}.wav", LONG_S)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def player(file: Path, shelf: Shelf) -> Iterator[PlaybackService]:
    with open_player(file, shelf) as made:
        yield made


def playing(player: PlaybackService) -> TrackId | None:
    status = player.status()
    return status.track_id if status.state is PlayerState.PLAYING else None


def entry_ids(player: PlaybackService) -> list[int]:
    return [entry.id for entry in player.queue_snapshot().entries]


def queued(player: PlaybackService) -> list[int]:
    return [entry.track_id for entry in player.queue_snapshot().entries]


def wait_until_heard(player: PlaybackService, seconds: float = 0.05) -> None:
    wait_for(lambda: player.status().position_s > seconds, "for sound")


# Playing


def test_nothing_to_play_is_no_error(player: PlaybackService) -> None:
    for deed in (player.play, player.toggle, player.pause, player.stop, player.next):
        deed()
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
    wait_until_heard(player)
    status = player.status()
    assert status.duration_s == pytest.approx(LONG_S)
    assert status.device_error is None


def test_pause_holds_the_position(player: PlaybackService) -> None:
    player.play_tracks(ids(1))
    wait_until_heard(player)
    player.toggle()
    wait_for(lambda: player._engine.status().state is PlayerState.PAUSED)
    position = player.status().position_s
    time.sleep(0.1)
    assert player.status().position_s == pytest.approx(position, abs=0.03)
    assert player.status().state is PlayerState.PAUSED
    player.toggle()
    wait_until_heard(player, position + 0.1)


def test_seek_goes_there(player: PlaybackService) -> None:
    player.play_tracks(ids(1))
    player.seek(20.0)
    wait_until_heard(player, 20.0)
    assert player.status().position_s < 22


def test_stop_goes_to_the_beginning_and_play_starts_over(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2), 1)
    player.seek(10)
    player.stop()
    status = player.status()
    assert (status.state, status.track_id, status.position_s) == (PlayerState.STOPPED, 2, 0)
    player.play()
    assert playing(player) == 2
    wait_until_heard(player)
    assert player.status().position_s < 5


def test_plays_through_and_ends_at_the_first_song(file: Path, tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, [2.0, 3.0, 2.5])
    with open_player(file, shelf, FAST) as player:
        heard = Heard(player)
        player.play_tracks(ids(1, 2, 3))
        wait_for(lambda: player.status().state is PlayerState.STOPPED, "for the end")
        assert heard.current == [1, 2, 3, 1]
        assert heard.notices == []


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
    wait_until_heard(player, 10)
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
    with open_player(file, shelf_of(tmp_path, [3.0, 3.0]), FAST) as player:
        started: list[int] = []
        player._engine.track_started.connect(started.append)
        player.set_repeat(Repeat.ONE)
        player.play_tracks(ids(1, 2))
        wait_for(lambda: len(started) >= 3, "for the third time")
        assert playing(player) == 1
        player.next()
        assert playing(player) == 2


def test_repeat_all_goes_round(file: Path, tmp_path: Path) -> None:
    with open_player(file, shelf_of(tmp_path, [2.0, 2.0]), FAST) as player:
        player.set_repeat(Repeat.ALL)
        heard = Heard(player)
        player.play_tracks(ids(1, 2))
        wait_for(lambda: len(heard.current) >= 5, "for the second round")
        assert heard.current[:5] == [1, 2, 1, 2, 1]


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


# Changing the queue


def test_edits_reach_the_queue(player: PlaybackService) -> None:
    changes: list[int] = []
    player.queue_changed.connect(lambda: changes.append(1))
    player.play_tracks(ids(1))
    player.enqueue(ids(2))
    player.play_next(ids(3))
    player.insert(ids(2), 0)
    assert queued(player) == [2, 1, 3, 2]
    player.move([player.queue_snapshot().entries[-1].id], 0)
    assert queued(player) == [2, 2, 1, 3]
    assert playing(player) == 1
    assert len(changes) == 5
    player.remove([])
    assert len(changes) == 5
    for expected in ([2, 1, 3, 2], [1, 3, 2], [1, 2], [1]):
        assert player.queue_snapshot().can_undo
        player.undo()
        assert queued(player) == expected
    player.redo()
    assert queued(player) == [1, 2]
    assert playing(player) == 1


def test_removing_what_plays_goes_on_with_the_next(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2, 3))
    player.remove([player.queue_snapshot().entries[0].id])
    assert playing(player) == 2
    wait_until_heard(player)


def test_removing_what_is_paused_stays_paused(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2))
    player.seek(9)
    player.pause()
    player.remove([player.queue_snapshot().entries[0].id])
    status = player.status()
    assert (status.state, status.track_id, status.position_s) == (PlayerState.PAUSED, 2, 0)


def test_clear_stops_and_undo_brings_the_queue_back(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2))
    player.clear()
    assert player.status().state is PlayerState.STOPPED
    assert queued(player) == []
    player.undo()
    assert queued(player) == [1, 2]


def test_jump_plays_an_entry(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2, 3))
    player.jump(player.queue_snapshot().entries[2].id)
    assert playing(player) == 3


def test_a_change_of_what_follows_is_heard(file: Path, tmp_path: Path) -> None:
    with open_player(file, shelf_of(tmp_path, [4.0, 4.0, 4.0]), FAST / 4) as player:
        heard = Heard(player)
        player.play_tracks(ids(1, 2))
        wait_until_heard(player, 0.5)
        player.play_next(ids(3))
        wait_for(lambda: player.status().state is PlayerState.STOPPED, "for the end")
        assert heard.current == [1, 3, 2, 1]


# What cannot be played


def test_unreadable_files_are_told_and_skipped(file: Path, shelf: Shelf, tmp_path: Path) -> None:
    bad = make_bad_files(tmp_path / "bad")["random bytes"]
    shelf.put(7, bad, 100.0)
    with open_player(file, shelf) as player:
        heard = Heard(player)
        player.play_tracks(ids(7, 1))
        wait_for(lambda: playing(player) == 1, "for the good one")
        wait_until_heard(player)
        assert heard.notices == [
            "“Song 7” couldn't be read: it is not a music file that can be decoded. It was skipped."
        ]


@pytest.mark.parametrize("repeat", list(Repeat))
def test_a_queue_of_bad_files_ends(file: Path, tmp_path: Path, repeat: Repeat) -> None:
    shelf = Shelf()
    bad = make_bad_files(tmp_path / "bad")
    for number, kind in enumerate(("empty", "random bytes", "zero length"), start=1):
        shelf.put(number, bad[kind], 100.0)
    with open_player(file, shelf) as player:
        heard = Heard(player)
        player.set_repeat(repeat)
        player.play_tracks(ids(1, 2, 3))
        wait_for(lambda: len(heard.notices) >= 3 and playing(player) is None, "for the end")
        assert player.status().state is PlayerState.STOPPED
        assert len(heard.notices) == 3


def test_a_bad_file_between_good_ones_is_skipped(file: Path, tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, [3.0, 3.0, 3.0])
    shelf.put(2, make_bad_files(tmp_path / "bad")["empty"], 3.0)
    with open_player(file, shelf, FAST / 4) as player:
        heard = Heard(player)
        player.play_tracks(ids(1, 2, 3))
        wait_for(lambda: player.status().state is PlayerState.STOPPED, "for the end")
        assert heard.current == [1, 3, 1]
        assert len(heard.notices) == 1
        assert "Song 2" in heard.notices[0]


def test_a_file_that_vanished_is_skipped(file: Path, shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(8, tmp_path / "gone.flac", 100.0)
    with open_player(file, shelf) as player:
        heard = Heard(player)
        player.play_tracks(ids(8, 2))
        wait_for(lambda: playing(player) == 2, "for the good one")
        assert "no longer there" in heard.notices[0]


def test_what_is_away_is_skipped_with_a_word(player: PlaybackService, shelf: Shelf) -> None:
    shelf.take_away(TrackId(2))
    heard = Heard(player)
    player.play_tracks(ids(1, 2, 3))
    player.next()
    assert playing(player) == 3
    assert heard.notices == ["“Song 2” is not there at the moment and was skipped."]
    player.previous()
    assert playing(player) == 1


def test_when_everything_is_away_it_stops(player: PlaybackService, shelf: Shelf) -> None:
    for track_id in ids(1, 2, 3):
        shelf.take_away(track_id)
    heard = Heard(player)
    player.set_repeat(Repeat.ALL)
    player.play_tracks(ids(1, 2, 3))
    assert player.status().state is PlayerState.STOPPED
    assert heard.notices == ["3 songs are not there at the moment and were skipped."]


def test_next_is_silent_when_all_that_follows_is_away(
    player: PlaybackService, shelf: Shelf
) -> None:
    player.play_tracks(ids(1, 2, 3))
    wait_for(lambda: player.status().position_s > 0.1)
    for track_id in ids(1, 2, 3):
        shelf.take_away(track_id)
    player.next()
    assert player.status().state is PlayerState.STOPPED
    wait_for(lambda: player._engine.status().state is PlayerState.STOPPED, "for the silence")
    assert player.status().position_s == 0.0


# Radio


def test_radio_from_what_plays_does_not_interrupt_it(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2))
    wait_until_heard(player, 0.2)
    started: list[int] = []
    player._engine.track_started.connect(started.append)
    player.start_radio(ids(1))
    assert queued(player) == [1]
    assert player.queue_snapshot().radio_seeds == (1,)
    assert player.extend_radio(ids(1), ids(3), [0.75])
    assert player.queue_snapshot().entries[1].closeness == 0.75
    wait_until_heard(player, player.status().position_s + 0.1)
    assert playing(player) == 1
    assert started == []
    player.next()
    assert playing(player) == 3


def test_radio_from_another_song_plays_it(player: PlaybackService) -> None:
    player.play_tracks(ids(1))
    player.start_radio(ids(2))
    assert playing(player) == 2


def test_songs_of_a_radio_that_is_over_are_refused(player: PlaybackService) -> None:
    player.start_radio(ids(2))
    player.play_tracks(ids(1))
    assert not player.extend_radio(ids(2), ids(3), [0.5])
    assert queued(player) == [1]
    player.undo()
    assert player.queue_snapshot().radio_seeds == (2,)
    player.stop_radio()
    assert player.queue_snapshot().radio_seeds == ()
    assert queued(player) == [2]


# What is remembered


def test_half_of_a_song_is_a_play(file: Path, tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, [6.0, 6.0])
    with open_player(file, shelf, FAST) as player:
        player.play_tracks(ids(1, 2))
        wait_for(lambda: playing(player) == 2)
        player.stop()
    store = Database(file)
    assert Plays(store).recent() == ["audio 1"]
    store.close()


def test_a_glance_is_no_play(file: Path, shelf: Shelf) -> None:
    with open_player(file, shelf) as player:
        player.play_tracks(ids(1, 2))
        wait_until_heard(player)
        player.seek(29.0)
        player.next()
    store = Database(file)
    assert Plays(store).recent() == []
    store.close()


def test_comes_back_paused_where_it_was(file: Path, shelf: Shelf) -> None:
    with open_player(file, shelf) as player:
        player.set_repeat(Repeat.ALL)
        player.set_volume(0.4)
        player.set_muted(True)
        player.play_tracks(ids(3, 2, 1), 1)
        player.seek(12.0)
        wait_until_heard(player, 12.0)
    with open_player(file, shelf) as player:
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
        wait_until_heard(player, 12.0)


def test_comes_back_without_tracks_that_are_gone(file: Path, shelf: Shelf) -> None:
    with open_player(file, shelf) as player:
        player.play_tracks(ids(1, 2, 3), 1)
        player.seek(12.0)
        wait_until_heard(player, 12.0)
    del shelf.tracks[TrackId(2)]
    with open_player(file, shelf) as player:
        player.restore_state()
        assert queued(player) == [1, 3]
        assert player.status().track_id == 3
        assert player.status().position_s == 0


def test_what_was_begun_before_the_restore_wins(file: Path, shelf: Shelf) -> None:
    with open_player(file, shelf) as player:
        player.play_tracks(ids(1))
    with open_player(file, shelf) as player:
        player.play_tracks(ids(2))
        player.restore_state()
        assert queued(player) == [2]


def test_damaged_memory_is_left_alone(file: Path, shelf: Shelf) -> None:
    with open_player(file, shelf) as player:
        memory = player._memory._state
        memory.set("queue", {"entries": "?"})
        memory.set("player", 7)
        memory.set("volume", "loud")
    with open_player(file, shelf) as player:
        player.restore_state()
        assert queued(player) == []
        assert player.status().volume == 1.0


def test_volume_is_kept_within_bounds(player: PlaybackService) -> None:
    player.set_volume(7)
    assert player.status().volume == 1
    player.set_volume(-1)
    assert player.status().volume == 0


# Threads


def test_events_are_told_without_the_lock(player: PlaybackService) -> None:
    asked = threading.Event()

    def ask_elsewhere() -> None:
        other = threading.Thread(target=lambda: (player.queue_snapshot(), asked.set()))
        other.start()
        other.join(5)

    player.queue_changed.connect(ask_elsewhere)
    player.play_tracks(ids(1))
    assert asked.is_set()


def test_many_hands_leave_it_in_order(file: Path, tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, [0.5, 0.4, 0.6, 0.3])
    with open_player(file, shelf, FAST) as player:
        player.play_tracks(ids(1, 2, 3, 4))
        until = time.monotonic() + 2.0

        def hammer(seed: int) -> None:
            rng = random.Random(seed)
            while time.monotonic() < until:
                rng.choice(
                    [
                        player.next,
                        player.previous,
                        player.toggle,
                        player.undo,
                        player.clear,
                        lambda: player.enqueue(ids(rng.randint(1, 4))),
                        lambda: player.play_next(ids(rng.randint(1, 4))),
                        lambda: player.play_tracks(ids(1, 2, 3, 4), rng.randint(0, 3)),
                        lambda: player.remove(entry_ids(player)[:1]),
                        lambda: player.set_shuffle(rng.random() < 0.5),
                        lambda: player.seek(rng.random()),
                    ]
                )()
                time.sleep(rng.random() / 100)

        hands = [threading.Thread(target=hammer, args=(seed,)) for seed in range(4)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        player.set_repeat(Repeat.OFF)
        player.play_tracks(ids(1, 2, 3, 4))
        wait_for(lambda: player.status().state is PlayerState.STOPPED, "for the end")
        assert player.status().track_id == queued(player)[0]
        wait_for(lambda: player._engine.status().state is PlayerState.STOPPED)


def test_closing_twice_is_quick(file: Path, shelf: Shelf) -> None:
    with open_player(file, shelf) as player:
        player.play_tracks(ids(1))
        began = time.monotonic()
        player.close()
        player.close()
        player.next()
        assert time.monotonic() - began < 2
