from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.similarity.duplicates import album_key, artist_keys, plain_title, recording_key


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
    one = album_key(track(album="Greatest Hits", artists=("A",)))
    other = album_key(track(album="Greatest Hits", artists=("B",)))
    assert one != other
    assert album_key(track()) == ""


def test_without_an_artist_a_title_says_too_little() -> None:
    assert recording_key(track()) == ""
    assert recording_key(track(artists=("A",))) == recording_key(
        track(title="SONG (2011 Remaster)", artists=("a",))
    )
