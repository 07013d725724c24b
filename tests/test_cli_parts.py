"""A long file with a CUE sheet on the command line: its songs are songs as any others."""

from pathlib import Path

import pytest

from tests.support.audio_files import make_audio
from tests.test_cli import call, result_of

_SHEET = """\
PERFORMER "Band"
TITLE "Album"
FILE "disc.wav" WAVE
  TRACK 01 AUDIO
    TITLE "First"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Second"
    INDEX 01 00:09:30
"""


@pytest.fixture
def music(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MECOMP_DESKTOP_HOME", str(tmp_path / "home"))
    folder = tmp_path / "music"
    make_audio(folder / "disc" / "disc.mp3", 20.0, seed=1)
    (folder / "disc" / "disc.cue").write_text(_SHEET)
    make_audio(folder / "single.flac", 5.0, seed=2, tags={"title": "Single", "artist": "Band"})
    return folder


@pytest.mark.slow
def test_the_songs_of_a_disc_are_songs(music: Path) -> None:
    indexed = result_of("index", music, "--json")
    assert (indexed["tracks"], indexed["embedded"]) == (3, 3)
    near = result_of("similar", music / "single.flac", "--json")["similar"]
    assert {song["title"] for song in near} == {"First", "Second"}
    assert {(song["artist"], song["album"]) for song in near} == {("Band", "Album")}
    # What a disc holds is no news beside it.
    near = result_of("similar", music / "disc" / "disc.mp3", "--json")["similar"]
    assert [song["title"] for song in near] == ["Single"]
    liked = result_of("like", music / "disc" / "disc.mp3", "--json")
    assert [song["title"] for song in liked] == ["First", "Second"]


@pytest.mark.slow
def test_a_broken_sheet_is_told_and_costs_no_song(music: Path) -> None:
    sheet = music / "disc" / "disc.cue"
    sheet.write_text(_SHEET.replace("00:09:30", "09:30:00"))
    done = call("index", music)
    assert done.returncode == 1
    assert f"{sheet}: it does not fit its music, which stays one song" in done.stderr
    assert "2 of 2 songs have been analysed" in done.stdout
