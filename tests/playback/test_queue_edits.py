from pathlib import Path

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.playback.service import PlaybackService
from tests.support.players import (
    FAST,
    PlayerEvents,
    ids,
    library_of_files,
    open_player,
    playing,
    queued,
    wait_for,
    wait_until_playing,
)


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
        player.undo()
        assert queued(player) == expected
    player.redo()
    assert queued(player) == [1, 2]
    assert playing(player) == 1


def test_removing_what_plays_goes_on_with_the_next(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2, 3))
    player.remove([player.queue_snapshot().entries[0].id])
    assert playing(player) == 2
    wait_until_playing(player)


def test_removing_what_is_paused_stays_paused(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2))
    player.seek(9)
    player.pause()
    player.remove([player.queue_snapshot().entries[0].id])
    status = player.status()
    assert (status.state, status.track_id, status.position_s) == (PlayerState.PAUSED, 2, 0)


def test_clear_lets_the_song_play_on_and_undo_brings_the_others_back(
    player: PlaybackService,
) -> None:
    started: list[int] = []
    player.play_tracks(ids(1, 2, 3), 1)
    wait_until_playing(player)
    player._engine.track_started.connect(started.append)
    player.clear()
    assert queued(player) == [2]
    assert playing(player) == 2
    player.set_shuffle(True)
    player.set_shuffle(False)
    player.undo()
    assert queued(player) == [1, 2, 3]
    assert playing(player) == 2
    assert started == [], "the song was interrupted"
    player.redo()
    assert queued(player) == [2]


def test_clear_of_a_stopped_queue_empties_it(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2))
    player.next()
    player.stop()
    player.clear()
    assert queued(player) == []
    assert player.status().state is PlayerState.STOPPED
    player.set_shuffle(True)
    player.undo()
    assert sorted(queued(player)) == [1, 2]
    assert player.status().track_id == 2


def test_undo_of_a_replaced_queue_goes_back_to_the_place_in_the_song(
    player: PlaybackService,
) -> None:
    player.play_tracks(ids(1, 2), 1)
    player.seek(12.0)
    wait_for(lambda: player.status().position_s >= 12.0, "for the place")
    player.pause()
    there_s = player.status().position_s
    player.play_tracks(ids(3))
    player.undo()
    status = player.status()
    assert (queued(player), status.track_id) == ([1, 2], 2)
    assert there_s <= status.position_s < there_s + 5.0


def test_the_undo_of_a_notice_takes_back_what_it_speaks_of(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2, 3))
    step = player.remove([player.queue_snapshot().entries[2].id])
    assert step is not None
    assert step.sentence == "1 song removed from the queue"
    player.enqueue(ids(1))
    assert player._undo.undo_command(step)
    assert queued(player) == [1, 2, 3]
    assert player.remove([]) is None


def test_what_a_radio_adds_by_itself_is_no_step(player: PlaybackService) -> None:
    player.play_tracks(ids(1))
    player.start_radio(ids(2))
    player.extend_radio(ids(2), ids(3), [0.5])
    player.undo()
    assert queued(player) == [1]


def test_jump_plays_an_entry(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2, 3))
    player.jump(player.queue_snapshot().entries[2].id)
    assert playing(player) == 3


def test_a_changed_successor_plays(file: Path, tmp_path: Path) -> None:
    with open_player(file, library_of_files(tmp_path, [4.0, 4.0, 4.0]), FAST / 4) as player:
        events = PlayerEvents(player)
        player.play_tracks(ids(1, 2))
        wait_until_playing(player, 0.5)
        player.play_next(ids(3))
        wait_for(lambda: player.status().state is PlayerState.STOPPED, "for the end")
        assert events.current == [1, 3, 2, 1]
