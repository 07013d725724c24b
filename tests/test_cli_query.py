"""``mecomp-desktop query`` in a child process, over a library that was never loaded before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mecomp_desktop.domain.track import Tags
from mecomp_desktop.paths import Paths
from mecomp_desktop.playlists.files import m3u
from mecomp_desktop.playlists.files.location import paths_of
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays
from tests.support.libraries import fill

_SONGS = (
    Tags("Blue in Green", ("Miles Davis",), "Kind of Blue", year=1959, genres=("Jazz",)),
    Tags("Jóga", ("Björk",), "Homogenic", year=1997, genres=("Electronic", "Pop"), duration_s=305),
    Tags("Untitled"),
)


def _call(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "mecomp_desktop", "query", *arguments],
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def music(paths: Paths, tmp_path: Path) -> Path:
    folder = tmp_path / "mus\udcffic"
    tracks = fill(paths, _SONGS, folder)
    database = Database(paths.database)
    Plays(database).record(tracks[1].audio_id, 1.0, 200.0)
    database.close()
    return folder


def test_lists_songs_in_the_order_asked_for(music: Path) -> None:
    done = _call("--json", "year > 1900 sort by year desc")
    assert done.returncode == 0, done.stderr
    songs = json.loads(done.stdout)["songs"]
    assert [song["title"] for song in songs] == ["Jóga", "Blue in Green"]
    assert songs[0] == {
        "path": str(music / "1.flac"),
        "title": "Jóga",
        "artist": "Björk",
        "album": "Homogenic",
        "year": 1997,
        "duration_s": 305,
        "available": True,
    }


def test_a_query_may_come_in_several_words(music: Path) -> None:
    done = _call("artist", "~", "bjork", "plays", "=", "1")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("Björk — Jóga")
    assert _call("nothing like it").stdout == b""


def test_a_playlist_file_has_the_paths_as_they_are(music: Path) -> None:
    done = _call("--m3u", "genre = pop")
    assert done.returncode == 0
    assert done.stdout.startswith("#EXTM3U\n#EXTINF:305,Björk - Jóga\n".encode())
    content = m3u.parse(done.stdout)
    (entry,) = content.entries
    assert (entry.title, entry.artist, entry.album) == ("Jóga", "Björk", "Homogenic")
    (found, *_) = paths_of(entry.location, Path("/"), content.encoding)
    assert os.fsencode(found) == os.fsencode(music / "1.flac")


def test_an_error_has_a_caret_under_the_place_and_exit_code_2(music: Path) -> None:
    done = _call("year > old")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().splitlines() == [
        "year > old",
        "       ^^^",
        "mecomp-desktop query: a number belongs here, for year",
    ]
    done = _call('similar("Blue in Green") > 0.5')
    assert done.returncode == 2
    assert "has not been analysed yet" in done.stderr.decode()
    assert _call().returncode == 2
    assert _call("--json", "--m3u", "a").returncode == 2
