"""Likes, "never again", history and statistics on the command line, in this process."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.cli import main
from mecomp_desktop.domain.rating import Subject, SubjectKind
from mecomp_desktop.domain.track import Track
from mecomp_desktop.paths import Paths
from tests.imports.layouts import rhythmbox
from tests.support.players import wait_for
from tests.support.ui import library_of, make_songs


@pytest.fixture
def app(paths: Paths, tmp_path: Path) -> Iterator[Application]:
    """The program with its library open, as beside a window."""
    with library_of(paths, make_songs(tmp_path / "music", 3), NullEngine()) as opened:
        yield opened


@pytest.fixture
def tracks(app: Application) -> list[Track]:
    return sorted(app.library.catalog().tracks, key=lambda track: track.path)


def result_of(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> Any:  # noqa: ANN401 (whatever JSON holds)
    assert main([*map(str, arguments), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_likes_beside_an_open_program_which_notices(
    app: Application, tracks: list[Track], capsys: pytest.CaptureFixture[str]
) -> None:
    [liked] = result_of(capsys, "like", tracks[0].path)
    assert (liked["title"], liked["liked"], liked["stars"]) == ("Song 1", True, None)
    wait_for(lambda: app.ratings.of(Subject.song(tracks[0])).liked)
    result_of(capsys, "like", tracks[1].path, "--stars", "4.5")
    wait_for(lambda: app.ratings.of(Subject.song(tracks[1])).stars == 4.5)
    assert {song["title"] for song in result_of(capsys, "like")} == {"Song 1", "Song 2"}
    result_of(capsys, "like", tracks[0].path, "--off")
    wait_for(lambda: not app.ratings.of(Subject.song(tracks[0])).liked)


def test_puts_away_songs_folders_and_artists(
    app: Application, tracks: list[Track], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tracks[0].path.parent
    away = result_of(capsys, "never", tracks[0].path, folder, "--artist", "Artist 2")
    assert [entry["kind"] for entry in away] == ["song", "folder", "artist"]
    assert len(result_of(capsys, "never")) == 3
    wait_for(lambda: app.ratings.is_never_again(tracks[2]), "for the folder")
    result_of(capsys, "never", folder, "--off")
    wait_for(lambda: not app.ratings.is_never_again(tracks[2]))
    assert app.ratings.is_never_again(tracks[1])
    assert main(["never"]) == 0
    assert "artist: Artist 2" in capsys.readouterr().out


def test_what_the_library_does_not_have(
    app: Application, tracks: list[Track], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["like", str(tmp_path / "none.flac")]) == 2
    assert "not in the library" in capsys.readouterr().err
    assert main(["like", str(tracks[0].path), str(tmp_path / "none.flac")]) == 1
    assert "none.flac: not in the library" in capsys.readouterr().err
    wait_for(lambda: app.ratings.of(Subject.song(tracks[0])).liked)


def test_history_and_stats(
    app: Application, tracks: list[Track], capsys: pytest.CaptureFixture[str]
) -> None:
    assert result_of(capsys, "history") == []
    for number, track in enumerate([tracks[0], tracks[1], tracks[0]]):
        app.history.record(track.audio_id, 1_000_000.0 + number, 1800.0)
    app.history.record_skip(tracks[2].audio_id, 1.0, 5.0)
    history = result_of(capsys, "history", "-n", 2)
    assert [play["title"] for play in history] == ["Song 1", "Song 2"]
    stats = result_of(capsys, "stats")
    assert (stats["plays"], stats["skips"], stats["hours"]) == (3, 1, 1.5)
    assert (stats["songs"], stats["songs_played"]) == (3, 2)
    assert stats["top_artists"] == [["Artist 1", 2], ["Artist 2", 1]]
    assert main(["stats"]) == main(["history"]) == 0
    out = capsys.readouterr().out
    assert "3 plays, 1.5 hours" in out
    assert "Artist 1 — Song 1" in out


def test_without_a_library_nothing_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("like", "never", "history", "stats"):
        assert main([command]) == 2
        assert "there is no library yet" in capsys.readouterr().err


@pytest.mark.parametrize("stars", ["6", "-1", "0.3", "many"])
def test_stars_are_halves_up_to_five(stars: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["like", "x", f"--stars={stars}"])
    assert end.value.code == 2
    assert "stars" in capsys.readouterr().err


def test_an_artist_is_one_subject_in_any_spelling(
    app: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    result_of(capsys, "never", "--artist", "Björk")
    result_of(capsys, "never", "--artist", "bjork", "--off")
    assert result_of(capsys, "never") == []
    assert not app.ratings.of(Subject(SubjectKind.ARTIST, "Björk")).never_again


def test_import_tells_first_and_writes_on_request(
    app: Application, tracks: list[Track], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    songs = [*(track.path for track in tracks), tmp_path / "gone.flac"]
    file = rhythmbox(tmp_path, songs)
    result = result_of(capsys, "import", file)
    assert (result["source"], result["plays"], result["ratings"]) == ("Rhythmbox", 7, 1)
    assert not result["written"]
    assert not app.history.counts()
    assert main(["import", str(file), "--write"]) == 0
    assert "7 plays of 1 songs" in capsys.readouterr().out
    wait_for(lambda: app.history.of(tracks[0].audio_id).plays == 7)
    wait_for(lambda: app.ratings.of(Subject.song(tracks[0])).stars == 4)
    assert main(["import", str(tmp_path)]) == 2


def test_export_and_back(
    app: Application, tracks: list[Track], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result_of(capsys, "like", tracks[0].path)
    file = tmp_path / "own.json"
    assert result_of(capsys, "export", file)["ratings"] == 1
    result_of(capsys, "like", tracks[0].path, "--off")
    assert result_of(capsys, "import", file, "--write")["ratings"] == 1
    wait_for(lambda: app.ratings.of(Subject.song(tracks[0])).liked)
