from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.playback.replay_gain import follows_in_album, gain_of
from mecomp_desktop.settings import LoudnessSettings

_TAGGED = Tags(
    "Song",
    ("Band",),
    "Album",
    track_number=1,
    track_gain_db=-6.0,
    track_peak=0.5,
    album_gain_db=-9.0,
    album_peak=0.9,
)


def track(tags: Tags = _TAGGED) -> Track:
    return Track(TrackId(1), AudioId("a"), Path("/m/1.flac"), RootId(1), tags, True, 0.0)


def number(track_number: int | None, disc: int | None = None, **others: str) -> Track:
    return track(
        Tags("Song", ("Band",), "Album", track_number=track_number, disc_number=disc, **others)  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("mode", "in_album", "decibels"),
    [
        ("off", True, 0.0),
        ("track", True, -6.0),
        ("album", False, -9.0),
        ("auto", False, -6.0),
        ("auto", True, -9.0),
    ],
)
def test_the_mode_decides_which_number_counts(mode: str, in_album: bool, decibels: float) -> None:
    settings = LoudnessSettings(mode=mode)  # type: ignore[arg-type]  # one of the modes
    gain = gain_of(track(), settings, in_album=in_album)
    assert 20 * np.log10(gain) == pytest.approx(decibels, abs=1e-9)


def test_a_gain_may_not_lift_the_peak_beyond_full_scale() -> None:
    quiet = track(Tags("Song", track_gain_db=12.0, track_peak=0.5))
    assert gain_of(quiet, LoudnessSettings(), in_album=False) == 2.0
    free = LoudnessSettings(prevent_clipping=False)
    assert gain_of(quiet, free, in_album=False) == pytest.approx(10 ** (12 / 20))


def test_one_number_stands_for_the_other_where_only_one_is_there() -> None:
    by_song = track(Tags("Song", track_gain_db=-3.0))
    by_album = track(Tags("Song", album_gain_db=-4.0))
    assert gain_of(by_song, LoudnessSettings("album"), in_album=False) == 10 ** (-3 / 20)
    assert gain_of(by_album, LoudnessSettings("track"), in_album=False) == 10 ** (-4 / 20)


def test_songs_without_numbers_have_a_gain_of_their_own() -> None:
    untagged = track(Tags("Song"))
    assert gain_of(untagged, LoudnessSettings(), in_album=False) == 1.0
    settings = LoudnessSettings(preamp_db=5.0, untagged_db=-6.0)
    assert gain_of(untagged, settings, in_album=False) == 10 ** (-6 / 20)
    assert gain_of(track(), settings, in_album=False) == 10 ** (-1 / 20)


@pytest.mark.parametrize(
    ("before", "after", "follows"),
    [
        (number(1), number(2), True),
        (number(1), number(3), False),
        (number(2), number(1), False),
        (number(9, 1), number(1, 2), True),
        (number(9, 1), number(2, 2), False),
        (number(None), number(None), False),
        (number(1), None, False),
        (None, number(1), False),
        (number(1), track(Tags("Song", ("Band",), "Another", track_number=2)), False),
        (number(1), track(Tags("Song", ("Others",), "Album", track_number=2)), False),
        (number(1, album_artist="X"), number(2, album_artist="X"), True),
    ],
)
def test_an_album_in_order(before: Track | None, after: Track | None, follows: bool) -> None:
    assert follows_in_album(before, after) is follows
