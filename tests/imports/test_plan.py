from dataclasses import replace
from pathlib import Path

import pytest

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.play_counts import PlayCounts
from mecomp_desktop.domain.rating import Rating, RatingTable, Subject, SubjectKind
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.imports.found import Found, FoundSong
from mecomp_desktop.imports.matching import Matcher
from mecomp_desktop.imports.plan import carry_out, plan_import
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.playlists import PlaylistStore
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.ratings import RatingStore
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks


def track(number: int, title: str, artist: str, album: str = "", duration_s: float = 0.0) -> Track:
    tags = Tags(title, artists=(artist,), album=album, duration_s=duration_s)
    path = Path(f"/music/{number}.flac")
    return Track(TrackId(number), AudioId(f"a{number}"), path, RootId(1), tags, True, 2e9)


TRACKS = [
    track(1, "Jóga", "Björk", "Homogenic", 305.0),
    track(2, "Jóga", "Björk", "Live", 300.0),
    track(3, "Army of Me", "Björk", "Post", 234.0),
]
SONG_1, SONG_3 = Subject(SubjectKind.SONG, "a1"), Subject(SubjectKind.SONG, "a3")


@pytest.mark.parametrize(
    ("song", "expected"),
    [
        (FoundSong(Path("/music/1.flac")), "a1"),
        (FoundSong(Path("/old/1.flac"), "joga", "BJORK", "homogenic"), "a1"),
        (FoundSong(None, "Jóga", "Björk", "Live", 299.0), "a2"),
        (FoundSong(None, "Jóga", "Björk"), None),
        (FoundSong(None, "Army of Me", "Björk feat. Somebody", "A compilation", 236.0), "a3"),
        (FoundSong(None, "Army of Me", "Björk", "", 100.0), None),
        (FoundSong(None, "Army of Me"), None),
        (FoundSong(Path("/none")), None),
    ],
)
def test_what_matches(song: FoundSong, expected: str | None) -> None:
    assert Matcher(Catalog(TRACKS)).match(song) == expected


def test_of_a_file_that_is_cut_into_songs_the_names_tell_which() -> None:
    disc = Path("/music/disc.flac")
    first = replace(track(1, "One", "Band"), path=disc, start_s=0.0, end_s=60.0)
    second = replace(track(2, "Two", "Band"), path=disc, start_s=60.0)
    matcher = Matcher(Catalog([first, second]))
    assert matcher.match(FoundSong(disc, "One", "Band")) == "a1"
    assert matcher.match(FoundSong(disc)) is None


def test_a_plan_adds_up_and_leaves_what_is_rated_here() -> None:
    songs = [
        FoundSong(Path("/music/1.flac"), plays=3, last_played_at_s=5.0, half_stars=8, liked=True),
        FoundSong(None, "Jóga", "Björk", "Homogenic", plays=2, skips=1, last_played_at_s=9.0),
        FoundSong(Path("/music/3.flac"), half_stars=2, added_at_s=7.0),
        FoundSong(Path("/gone.flac"), "Gone", plays=1),
        FoundSong(Path("/unheard.flac"), "Unheard"),
    ]
    ratings = RatingTable({AudioId("a3"): Rating(half_stars=10)})
    found = Found("Rhythmbox", songs, [("Mine", songs[::-1])])
    plan = plan_import(found, Catalog(TRACKS), ratings, 99.0)
    assert plan.counts == {"a1": PlayCounts(5, 1, None, 9.0)}
    assert plan.ratings == {SONG_1: Rating(liked_at_s=99.0, half_stars=8)}
    assert plan.added == {"a3": 7.0}
    assert [song.title for song in plan.missing] == ["Gone"]
    [(name, members)] = plan.playlists
    assert name == "Mine"
    assert [audio_id for _, audio_id in members] == [None, None, "a3", "a1", "a1"]


def test_it_is_written_once_however_often_it_is_done(database: Database) -> None:
    root = Roots(database).add(Path("/music"))
    Tracks(database).upsert_many(
        [
            FileFacts(track.path, root, FileStamp(1, 1), track.audio_id, track.tags)
            for track in TRACKS
        ]
    )
    songs = [FoundSong(Path("/music/1.flac"), plays=3, half_stars=8, added_at_s=1e9)]
    for _ in range(2):
        catalog = Catalog(Tracks(database).all())
        ratings = RatingStore(database).all()
        found = Found("iTunes", songs, [("Mine", [*songs, FoundSong(Path("/gone.mp3"), "Gone")])])
        carry_out(plan_import(found, catalog, ratings, 1.0), database)
    assert Plays(database).counts() == {"a1": 3}
    assert RatingStore(database).all().songs == {"a1": Rating(half_stars=8)}
    [playlist] = PlaylistStore(database).all().playlists.values()
    assert playlist.name == "Mine"
    assert [(entry.audio_id, entry.path) for entry in playlist.entries] == [
        ("a1", "/music/1.flac"),
        ("", "/gone.mp3"),
    ]
    added = {track.audio_id: track.added_at_s for track in Tracks(database).all()}
    assert added["a1"] == 1e9
    assert added["a3"] > 1e9
