from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.playback.history import PlayLog


def song(duration_s: float) -> Track:
    tags = Tags(title="Song", duration_s=duration_s)
    return Track(TrackId(1), AudioId("audio"), Path("/a"), RootId(1), tags, True, 0.0)


@pytest.mark.parametrize(
    ("duration_s", "played_s", "counts"),
    [
        (300, 149, False),
        (300, 150, True),
        (3000, 239, False),
        (3000, 240, True),
        (40, 19, False),
        (40, 20, True),
        (0, 239, False),
        (0, 240, True),
    ],
)
def test_half_of_the_song_or_four_minutes(duration_s: float, played_s: float, counts: bool) -> None:
    now = [100.0]
    log = PlayLog(lambda: now[0])
    log.begin(song(duration_s))
    now[0] += played_s
    play = log.end()
    assert (play is not None) == counts
    if play is not None:
        assert (play.audio_id, play.played_s) == ("audio", played_s)


def test_pauses_do_not_count() -> None:
    now = [0.0]
    log = PlayLog(lambda: now[0])
    log.begin(song(300))
    now[0] += 20
    log.pause()
    log.pause()
    now[0] += 1000
    log.resume()
    log.resume()
    now[0] += 5
    assert log.end() is None


@pytest.mark.parametrize(
    ("duration_s", "played_s", "is_skip"),
    [(300, 0.5, None), (300, 1, True), (300, 149, True), (300, 150, False), (0, 100, True)],
)
def test_what_the_listener_leaves_early_is_a_skip(
    duration_s: float, played_s: float, is_skip: bool | None
) -> None:
    now = [100.0]
    log = PlayLog(lambda: now[0])
    log.begin(song(duration_s))
    now[0] += played_s
    play = log.end(is_left=True)
    assert (play.is_skip if play is not None else None) == is_skip
    if play is not None:
        assert (play.audio_id, play.played_s) == ("audio", played_s)


def test_a_song_of_unknown_length_that_came_to_its_end_was_played() -> None:
    now = [0.0]
    log = PlayLog(lambda: now[0])
    log.begin(song(0))
    now[0] += 20
    play = log.end(is_over=True)
    assert play is not None
    assert not play.is_skip


def test_ends_once() -> None:
    now = [0.0]
    log = PlayLog(lambda: now[0])
    assert log.end() is None
    log.begin(song(10))
    now[0] += 9
    assert log.end() is not None
    assert log.end() is None
    log.resume()
    now[0] += 99
    assert log.end() is None
