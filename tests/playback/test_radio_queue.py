from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.playback.service import PlaybackService
from tests.support.players import ids, playing, queued, wait_until_playing


def test_radio_from_what_plays_does_not_interrupt_it(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2))
    wait_until_playing(player, 0.2)
    started: list[int] = []
    player._engine.track_started.connect(started.append)
    player.start_radio(ids(1))
    assert queued(player) == [1]
    assert player.queue_snapshot().radio_seeds == (1,)
    assert player.extend_radio(ids(1), ids(3), [0.75])
    assert player.queue_snapshot().entries[1].closeness == 0.75
    wait_until_playing(player, player.status().position_s + 0.1)
    assert playing(player) == 1
    assert started == []
    player.next()
    assert playing(player) == 3


def test_radio_from_another_song_plays_it(player: PlaybackService) -> None:
    player.play_tracks(ids(1))
    player.start_radio(ids(2))
    assert playing(player) == 2


def test_a_radio_that_ran_out_goes_on_when_its_songs_come(player: PlaybackService) -> None:
    """The first song may be over before the library is known well enough to choose the next."""
    player.start_radio(ids(1))
    player.next()
    assert player.status().state is PlayerState.STOPPED
    assert player.extend_radio(ids(1), ids(3, 2), [0.5, 0.25])
    assert player.status().state is PlayerState.PLAYING
    assert playing(player) == 3


def test_a_radio_that_the_listener_stopped_stays_stopped(player: PlaybackService) -> None:
    player.start_radio(ids(1))
    player.next()
    player.stop()
    assert player.extend_radio(ids(1), ids(3), [0.5])
    assert player.status().state is PlayerState.STOPPED


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
