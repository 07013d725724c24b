import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.radio.plan import Past, candidates_needed, choose
from mecomp_desktop.settings import RadioSettings
from mecomp_desktop.similarity.candidate import Candidate

FREE = RadioSettings(artist_window=0, album_window=0, min_duration_s=0.0)


def track(number: int, artist: str = "", album: str = "", title: str = "", **more: float) -> Track:
    tags = Tags(
        title=title or f"Song {number}",
        artists=(artist or f"Artist {number}",),
        album=album,
        duration_s=more.get("duration_s", 200.0),
    )
    return Track(
        TrackId(number),
        AudioId(f"audio {number}"),
        Path(f"/music/{number}.flac"),
        RootId(1),
        tags,
        available=True,
        added_at_s=0.0,
    )


def candidates(tracks: Sequence[Track]) -> list[Candidate]:
    return [Candidate(song, 0.1 + row / 1000) for row, song in enumerate(tracks)]


def numbers(chosen: Sequence[Candidate]) -> list[int]:
    return [planned.track.id for planned in chosen]


def test_without_limits_the_closest_come_first() -> None:
    found = choose(candidates([track(n) for n in range(10)]), 4, Past(), FREE)
    assert numbers(found) == [0, 1, 2, 3]


def test_fewer_than_wanted_is_no_error() -> None:
    assert choose([], 5, Past(), FREE) == []
    assert len(choose(candidates([track(1)]), 5, Past(), FREE)) == 1


def test_the_same_audio_comes_once() -> None:
    copy = replace(track(2), audio_id=track(1).audio_id)
    assert numbers(choose(candidates([track(1), copy]), 5, Past(), FREE)) == [1]


@pytest.mark.parametrize(
    ("title", "retitled"),
    [
        ("Song", "SONG"),
        ("Élan", "Elan"),
        ("Song", "Song (2009 Remaster)"),
        ("Song", "Song - Remastered 2011"),
        ("Song", "Song [Explicit]"),
        ("Song", "Song (feat. Someone)"),
        ("Song", "Song feat. Someone"),
        ("Don't Stop", "Dont Stop".replace("Dont", "Don’t")),
    ],
)
def test_the_same_song_of_another_release_comes_once(title: str, retitled: str) -> None:
    pair = [track(1, "Band", title=title), track(2, "Band", title=retitled)]
    assert numbers(choose(candidates(pair), 5, Past(), FREE)) == [1]


@pytest.mark.parametrize("take", ["Song (Live)", "Song (Remix)", "Song II", "(Remastered)"])
def test_another_take_is_another_song(take: str) -> None:
    pair = [track(1, "Band", title="Song"), track(2, "Band", title=take)]
    assert numbers(choose(candidates(pair), 5, Past(), FREE)) == [1, 2]


def test_a_title_alone_does_not_make_the_same_song() -> None:
    pair = [track(1, "Band", title="Intro"), track(2, "Other", title="Intro")]
    assert len(choose(candidates(pair), 5, Past(), FREE)) == 2


def test_the_same_sound_comes_once_whatever_its_tags() -> None:
    vector = np.array([1.0, 0.0], np.float32)
    near, far = np.array([0.9999, 0.004], np.float32), np.array([0.8, 0.6], np.float32)
    found = choose(
        [
            Candidate(track(1), 0.1, vector),
            Candidate(track(2), 0.1, near),
            Candidate(track(3), 0.2, far),
        ],
        5,
        Past(),
        FREE,
    )
    assert numbers(found) == [1, 3]


def test_queued_and_recent_songs_are_left_out() -> None:
    tracks = [track(n) for n in range(6)]
    again = track(7, artist="Artist 1", title="Song 1 (Mono)")
    past = Past(queued=tracks[:2], played={tracks[3].audio_id})
    assert numbers(choose(candidates([*tracks, again]), 9, past, FREE)) == [2, 4, 5]


def test_durations_are_kept_within_limits() -> None:
    tracks = [track(n, duration_s=seconds) for n, seconds in enumerate((10, 100, 4000, 0))]
    rules = replace(FREE, min_duration_s=30.0, max_duration_s=1200.0)
    assert numbers(choose(candidates(tracks), 9, Past(), rules)) == [1, 3]


def test_what_is_not_there_is_left_out() -> None:
    assert choose(candidates([replace(track(1), available=False)]), 5, Past(), FREE) == []


def repeats(values: Sequence[str], window: int) -> int:
    return sum(
        value in values[max(0, row - window) : row] for row, value in enumerate(values) if value
    )


def test_artists_and_albums_keep_their_distance() -> None:
    tracks = [track(n, artist=f"A{n // 20}", album=f"L{n // 10}") for n in range(200)]
    rules = RadioSettings(artist_window=4, album_window=8)
    queued = [track(900, artist="A0", album="L0")]
    found = choose(candidates(tracks), 40, Past(queued=queued), rules)
    assert len(found) == 40
    whole = [*queued, *(planned.track for planned in found)]
    assert repeats([planned.artist for planned in whole], 4) == 0
    assert repeats([planned.tags.album for planned in whole], 8) == 0
    assert found[0].track.id == 20  # the closest one that is by somebody else


def test_one_artist_among_several_counts() -> None:
    duo = track(2)
    duo = replace(duo, tags=replace(duo.tags, artists=("Guest", "Artist 1")))
    rules = RadioSettings(artist_window=3, album_window=0)
    assert numbers(choose(candidates([track(1), duo, track(3)]), 2, Past(), rules)) == [1, 3]


def test_nobody_is_not_an_artist_to_limit() -> None:
    tracks = [track(n, artist="Various Artists") for n in range(5)]
    assert len(choose(candidates(tracks), 5, Past(), RadioSettings())) == 5


def test_windows_shorten_only_when_asked() -> None:
    tracks = [track(n, artist="Only", album="One") for n in range(5)]
    assert len(choose(candidates(tracks), 5, Past(), RadioSettings())) == 1
    assert len(choose(candidates(tracks), 5, Past(), RadioSettings(), relax=True)) == 5


def test_adventure_is_repeatable_and_widens() -> None:
    tracks = candidates([track(n) for n in range(200)])

    def radio(adventure: float, seed: int) -> list[int]:
        rules = replace(FREE, adventure=adventure)
        return numbers(choose(tracks, 20, Past(), rules, rng=random.Random(seed)))

    assert radio(0.0, 1) == list(range(20))
    assert radio(0.5, 1) == radio(0.5, 1)
    assert radio(0.5, 1) != radio(0.5, 2)
    mean = [float(np.mean([radio(level, seed) for seed in range(20)])) for level in (0, 0.3, 1)]
    assert mean[0] < mean[1] < mean[2]
    assert len(set(radio(1.0, 3))) == 20


def test_more_is_asked_for_when_more_may_fall_away() -> None:
    few = candidates_needed(25, Past(), FREE)
    assert few >= 50
    assert candidates_needed(25, Past(queued=[track(1)] * 30), FREE) > few
    assert candidates_needed(25, Past(), replace(FREE, adventure=1.0)) > few


def test_what_was_put_away_never_comes() -> None:
    past = Past(is_unwanted=lambda song: song.id == 2)
    chosen = choose(candidates([track(1), track(2), track(3)]), 3, past, RadioSettings())
    assert 2 not in numbers(chosen)
    assert len(chosen) == 2
