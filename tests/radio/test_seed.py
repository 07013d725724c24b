from dataclasses import replace
from pathlib import Path

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.radio.seed import seed_of
from mecomp_desktop.radio.status import RadioStatus


def track(number: int, artist: str = "Band", album: str = "") -> Track:
    tags = Tags(title=f"Song {number}", artists=(artist,) if artist else (), album=album)
    path = Path(f"/{number}.flac")
    return Track(TrackId(number), AudioId(f"a{number}"), path, RootId(1), tags, True, 0.0)


def test_one_song_is_its_title() -> None:
    seed = seed_of([track(1)])
    assert (seed.kind, seed.title, seed.sentence_part) == ("song", "Song 1", "“Song 1”")


def test_songs_of_one_album_are_the_album() -> None:
    seed = seed_of([track(1, album="Gold"), track(2, album="Gold")])
    assert (seed.kind, seed.title) == ("album", "Gold (album)")
    assert seed.sentence_part == "the album “Gold”"


def test_songs_of_one_artist_are_the_artist_with_guests_or_without() -> None:
    seed = seed_of([track(1, "Band feat. Guest", "Gold"), track(2, "Band", "Silver")])
    assert (seed.kind, seed.title) == ("artist", "Band (artist)")


def test_other_songs_are_the_first_and_the_rest() -> None:
    seed = seed_of([track(1, "A"), track(2, "B"), track(3, "")])
    assert (seed.kind, seed.title) == ("songs", "Song 1 and 2 more")


def test_songs_that_are_gone_have_no_name() -> None:
    assert seed_of([]).title == "a song that is gone"


def test_numbers_are_shown_while_they_grow() -> None:
    growing = RadioStatus(seed_of([track(1)]), 100, 19_909, is_growing=True, is_far=False)
    assert growing.sentence == "from 100 of 19,909 songs so far"
    assert replace(growing, is_growing=False).sentence == ""
    assert replace(growing, known=19_909).sentence == ""
    far = replace(growing, is_growing=False, is_far=True)
    assert far.sentence == "nothing in your library is close to it"
