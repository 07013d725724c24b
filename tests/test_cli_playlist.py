"""``mecomp-desktop playlist`` as a shell user meets it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.cli import main
from mecomp_desktop.paths import Paths
from tests.support.ui import library_of, make_songs

_PATIENCE_S = 30.0


@pytest.fixture
def music(paths: Paths, tmp_path: Path) -> Path:
    folder = make_songs(tmp_path / "music", 3, 1.0)
    with library_of(paths, folder, NullEngine()):
        return folder


@pytest.fixture
def window(music: Path, paths: Paths) -> Iterator[Application]:
    """The program, open beside the command line."""
    with library_of(paths, music, NullEngine()) as opened:
        yield opened


def _call(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> str:
    assert main(["playlist", *map(str, arguments)]) == code
    return capsys.readouterr().out


def _json(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> Any:  # noqa: ANN401 (whatever JSON holds)
    return json.loads(_call(capsys, *arguments, "--json", code=code))


def test_a_playlist_from_beginning_to_end(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _json(capsys, "list") == []
    made = _json(capsys, "create", "Road", music / "2.flac")
    assert (made["name"], made["count"], made["added"], made["failed"]) == ("Road", 1, 1, 0)
    assert _json(capsys, "add", "road", music)["count"] == 4
    titles = [song["title"] for song in _json(capsys, "show", "Road")["songs"]]
    assert titles == ["Song 2", "Song 1", "Song 2", "Song 3"]
    assert "Artist 2 — Song 2" in _call(capsys, "show", "Road")
    assert "4  Road" in _call(capsys, "list")
    target = tmp_path / "out" / "road.xspf"
    assert _json(capsys, "export", "Road", target) == {
        "name": "Road",
        "file": str(target),
        "songs": 4,
    }
    (again,) = _json(capsys, "import", target)
    assert (again["name"], again["count"], again["missing"]) == ("Road 2", 4, 0)


def test_some_failed_is_1_and_nothing_done_is_2(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = _json(capsys, "create", "Half", music / "1.flac", tmp_path / "none.flac", code=1)
    assert (made["added"], made["failed"]) == (1, 1)
    _call(capsys, "create", "Half", code=2)
    _call(capsys, "create", "None", tmp_path / "none.flac", code=2)
    _call(capsys, "show", "None", code=2)
    _call(capsys, "export", "Half", tmp_path / "x.doc", code=2)
    good = tmp_path / "good.m3u"
    good.write_text(f"{music}/1.flac\nnone.flac\n")
    assert main(["playlist", "import", str(good), str(tmp_path / "none.m3u")]) == 1
    printed = capsys.readouterr()
    assert printed.out == "good: 2 songs, 1 of them not in the library\n"
    assert f"{tmp_path}/none.m3u couldn't be read: the file is no longer there" in printed.err
    assert main(["playlist", "import", str(tmp_path / "none.m3u")]) == 2


@pytest.mark.parametrize("arguments", [[], ["show"], ["add", "x"], ["nonsense"]])
def test_wrong_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["playlist", *arguments])
    assert ended.value.code == 2
    assert "usage: mecomp-desktop playlist" in capsys.readouterr().err


def test_an_open_window_sees_what_is_done_here(
    window: Application, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    road = window.playlists.create("Road")
    window.playlists.settle()
    assert _json(capsys, "add", "Road", music / "1.flac")["count"] == 1
    until_s = time.monotonic() + _PATIENCE_S
    while not window.playlists.all()[road.id].entries:
        assert time.monotonic() < until_s, "the window did not see it"
        time.sleep(0.02)
