from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.queue import StopAfter
from mecomp_desktop.playback.service import PlaybackService
from tests.support.players import (
    FAST,
    FakeLibrary,
    ids,
    library_of_files,
    open_player,
    playing,
    wait_for,
)


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[PlaybackService]:
    """Three songs of 20 s, the first two of one album, played twenty times as fast."""
    fake_library: FakeLibrary = library_of_files(tmp_path, [20.0] * 3)
    for number, album in ((1, "First"), (2, "First"), (3, "Second")):
        track = fake_library.tracks[TrackId(number)]
        tags = replace(track.tags, album=album)
        fake_library.tracks[TrackId(number)] = replace(track, tags=tags)
    with open_player(tmp_path / "store.sqlite3", fake_library, FAST) as made:
        yield made


def stopped(player: PlaybackService) -> bool:
    return player.status().state is PlayerState.STOPPED


def test_the_music_ends_with_the_song_and_goes_on_from_the_next(quick: PlaybackService) -> None:
    quick.play_tracks(ids(1, 2, 3))
    quick.set_stop_after(StopAfter.SONG)
    wait_for(lambda: stopped(quick), "for the end of the song")
    assert quick.status().track_id == 2
    assert quick.queue_snapshot().stop_after is StopAfter.NOTHING
    quick.play()
    assert playing(quick) == 2
    wait_for(lambda: playing(quick) == 3, "for the next song")


def test_the_music_ends_with_the_album(quick: PlaybackService) -> None:
    quick.play_tracks(ids(1, 2, 3))
    quick.set_stop_after(StopAfter.ALBUM)
    wait_for(lambda: stopped(quick), "for the end of the album")
    assert quick.status().track_id == 3


def test_it_can_be_taken_back(quick: PlaybackService) -> None:
    quick.play_tracks(ids(1, 2, 3))
    quick.set_stop_after(StopAfter.SONG)
    quick.set_stop_after(StopAfter.NOTHING)
    wait_for(lambda: playing(quick) == 2, "for the next song")


def test_a_song_that_is_left_is_not_waited_for(player: PlaybackService) -> None:
    player.play_tracks(ids(1, 2, 3))
    player.set_stop_after(StopAfter.SONG)
    player.next()
    assert playing(player) == 2
    assert player.queue_snapshot().stop_after is StopAfter.NOTHING
    player.set_stop_after(StopAfter.ALBUM)
    player.stop()
    assert player.queue_snapshot().stop_after is StopAfter.NOTHING


def test_a_change_is_announced(player: PlaybackService) -> None:
    changes: list[StopAfter] = []
    player.play_tracks(ids(1, 2))
    player.queue_changed.connect(lambda: changes.append(player.queue_snapshot().stop_after))
    player.set_stop_after(StopAfter.ALBUM)
    assert changes == [StopAfter.ALBUM]
