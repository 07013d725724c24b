import dataclasses
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId, PlaylistEntryId
from mecomp_desktop.domain.playlist import NO_AUDIO_ID, PlaylistEntry
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.playlists.song_finder import NOT_FOUND, SongFinder
from mecomp_desktop.playlists.songs import is_stand_in, playlist_songs
from tests.support.songs import song


def _track(number: int, path: str, audio: str = "", **tags: object) -> Track:
    made = song(number, available=bool(tags.pop("available", True)), **tags)
    return dataclasses.replace(
        made, path=Path(path), audio_id=AudioId(audio) if audio else made.audio_id
    )


@pytest.fixture
def finder() -> SongFinder:
    tracks = [
        _track(
            0,
            "/home/me/Music/Björk/Homogenic/01 Hunter.flac",
            title="Hunter",
            artists=("Björk",),
            duration_s=255.0,
        ),
        _track(
            1,
            "/home/me/Music/Björk/Best/01 Hunter.mp3",
            title="Hunter",
            artists=("Björk",),
            duration_s=240.0,
        ),
        _track(2, "/music/a/01.mp3", audio="same", title="A"),
        _track(3, "/music/b/01.mp3", audio="same", title="A", available=False),
        _track(4, "/music/other/01.mp3", title="Other"),
        _track(5, "/music/a b/Track.ogg", title="Track", artists=("A feat. B",)),
    ]
    return SongFinder(Catalog(tracks))


def _entry(path: str = "", audio: str = "", **fields: object) -> PlaylistEntry:
    return PlaylistEntry(PlaylistEntryId(1), AudioId(audio), path, **fields)


@pytest.mark.parametrize(
    ("wanted", "row"),
    [
        (_entry("/music/other/01.mp3"), 4),
        (_entry("/elsewhere/x.mp3", "audio-4"), 4),
        (_entry("/music/a/01.mp3", "same"), 2),
        (_entry("/music/b/01.mp3", "same"), 2),  # that file is not there now: its twin plays
        (_entry("/music/gone.mp3", "same"), 2),
        (_entry("D:\\Music\\Björk\\Homogenic\\01 Hunter.flac"), 0),
        (_entry("d:/MUSIC/björk/HOMOGENIC/01 hunter.FLAC"), 0),
        (_entry("/mnt/old/Björk/Best/01 Hunter.mp3"), 1),
        (_entry("/mnt/old/a/01.mp3"), 2),
        (_entry("/mnt/old/01.mp3"), NOT_FOUND),  # a name alone says too little
        (_entry("x.wav", title="Hunter", artist="Björk", duration_s=254.0), 0),
        (_entry("x.wav", title="hunter", artist="Bjork", duration_s=241.0), 1),
        (_entry("x.wav", title="Hunter", artist="Björk", duration_s=99.0), NOT_FOUND),
        (_entry("x.wav", title="Hunter", artist="Portishead"), NOT_FOUND),
        (_entry("x.wav", title="Hunter"), NOT_FOUND),
        (_entry("x.wav", title="Track", artist="A"), 5),
        (_entry("/music/other/01.mp3", "gone", title="Other"), 4),  # a better file in its place
        (_entry("/music/other/01.mp3", "gone", title="Not it", artist="Nobody"), NOT_FOUND),
        (_entry(""), NOT_FOUND),
    ],
)
def test_songs_are_found(finder: SongFinder, wanted: PlaylistEntry, row: int) -> None:
    assert finder.row(wanted) == row


def test_letters_in_two_parts_are_the_same_name(finder: SongFinder) -> None:
    assert finder.row_of_path("/home/me/Music/Bjo\u0308rk/Homogenic/01 Hunter.flac") == 0


def test_two_that_are_equally_likely_are_no_answer() -> None:
    tracks = [_track(0, "/x/a/1.mp3"), _track(1, "/y/a/1.mp3")]
    assert SongFinder(Catalog(tracks)).row_of_foreign_path("C:\\a\\1.mp3") == NOT_FOUND


def test_missing_songs_have_stand_ins(finder: SongFinder) -> None:
    entries = (
        _entry("/music/other/01.mp3"),
        _entry("/nowhere/lost.mp3", artist="Nobody", duration_s=7.0),
        _entry("/music/other/01.mp3"),
    )
    songs = playlist_songs(entries, finder)
    first, lost, again = songs.catalog.tracks
    assert (first.id, again.id) == (4, 4)
    assert is_stand_in(lost.id)
    assert not is_stand_in(first.id)
    assert (lost.title, lost.artist, lost.available) == ("lost.mp3", "Nobody", False)
    assert (lost.duration_s, str(lost.path), lost.audio_id) == (
        7.0,
        "/nowhere/lost.mp3",
        NO_AUDIO_ID,
    )
    assert songs.catalog.search("nobody").tolist() == [1]
    assert songs.catalog.order("title").tolist()[0] == 1
