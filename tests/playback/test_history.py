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
        (300, 29, False),
        (300, 30, True),
        (40, 19, False),
        (40, 20, True),
        (0, 29, False),
        (0, 31, True),
    ],
)
def test_half_a_minute_or_half_the_song(duration_s: float, played_s: float, counts: bool) -> None:
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
