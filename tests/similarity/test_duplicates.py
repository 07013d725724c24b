from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.similarity.duplicates import (
    Recordings,
    album_key,
    artist_keys,
    plain_title,
    recording_key,
)


def track(**tags: object) -> Track:
    made = Tags(**{"title": "Song", **tags})  # type: ignore[arg-type]  # one helper for all fields
    return Track(TrackId(1), AudioId("a"), Path("/a"), RootId(1), made, True, 0.0)


@pytest.mark.parametrize("title", ["東京", "Привет", "!!!", "Ω", "(Remastered)"])
def test_no_title_becomes_empty(title: str) -> None:
    assert plain_title(title)


def test_titles_in_other_alphabets_stay_apart() -> None:
    assert len({plain_title(title) for title in ("東京", "京都", "Привет", "Пока")}) == 4


def test_each_artist_counts_and_a_label_does_not() -> None:
    assert artist_keys(track(artists=("Björk", "Guest"))) == {"bjork", "guest"}
    assert artist_keys(track(artists=("Various Artists",))) == frozenset()
    assert artist_keys(track(album_artist="The Band")) == {"the band"}


def test_a_guest_makes_no_other_artist() -> None:
    guest, alone = track(artists=("Röyksopp feat. Robyn",)), track(artists=("Röyksopp",))
    assert artist_keys(guest) == artist_keys(alone) == artist_keys(track(artists=("Røyksopp",)))
    assert recording_key(guest) == recording_key(alone)


def test_albums_of_one_name_by_two_artists_are_two() -> None:
    first = album_key(track(album="Greatest Hits", artists=("A",)))
    second = album_key(track(album="Greatest Hits", artists=("B",)))
    assert first != second
    assert album_key(track()) == ""


def test_without_an_artist_a_title_says_too_little() -> None:
    assert recording_key(track()) == ""
    assert recording_key(track(artists=("A",))) == recording_key(
        track(title="SONG (2011 Remaster)", artists=("a",))
    )


def turned(distance: float) -> Floats:
    """Return a vector of length 1 that is so far from (1, 0)."""
    angle = 2 * np.arcsin(distance / 2)
    return np.array([np.cos(angle), np.sin(angle)], np.float32)


def untagged(name: str, duration_s: float) -> Track:
    made = Tags(title=name, duration_s=duration_s)
    return Track(TrackId(1), AudioId(name), Path(f"/{name}"), RootId(1), made, True, 0.0)


@pytest.mark.parametrize(
    ("distance", "longer_s", "is_same"),
    [
        (0.017, 0.05, True),  # the same song as FLAC and Opus
        (0.113, 0.1, True),  # and as MP3
        (0.113, 1.0, False),  # another song that sounds alike is of another length
        (0.85, 0.0, False),  # another song that happens to be as long
        (0.005, 9.0, True),  # the very same sound, whatever the headers claim
    ],
)
def test_where_tags_say_nothing_sound_and_length_do(
    distance: float, longer_s: float, is_same: bool
) -> None:
    seen = Recordings(typical=1.0)
    seen.add(untagged("flac", 200.0), turned(0.0))
    assert seen.has(untagged("mp3", 200.0 + longer_s), turned(distance)) is is_same


def test_tags_of_two_songs_win_over_the_sound() -> None:
    seen = Recordings(typical=1.0)
    first = track(artists=("A",), title="Take 1", duration_s=200.0)
    seen.add(first, turned(0.0))
    second = replace(track(artists=("A",), title="Take 2", duration_s=200.0), audio_id=AudioId("b"))
    assert not seen.has(second, turned(0.1))
    assert seen.has(untagged("file", 200.0), turned(0.1))


def test_an_unknown_length_is_nobodys_length() -> None:
    seen = Recordings(typical=1.0)
    seen.add(untagged("flac", 0.0), turned(0.0))
    assert not seen.has(untagged("mp3", 0.0), turned(0.1))
