import os
from pathlib import Path

import pytest

from mecomp_desktop.library.walk import Walk, is_music
from tests.support.permissions import ordinary_permissions


def _files(*roots: Path) -> list[str]:
    walk = Walk([str(root) for root in roots], lambda: False)
    return [file.path for root in roots for file in walk.files(str(root))]


def _make(folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return [str(folder / name) for name in names]


@pytest.mark.parametrize(
    ("name", "yes"),
    [
        ("a.mp3", True),
        ("A.FLAC", True),
        ("a.b.opus", True),
        ("a.jpg", False),
        ("mp3", False),
        (".mp3", False),
        ("._a.mp3", False),
        (".38 Special - Hold On Loosely.mp3", True),
        ("...And Justice for All.flac", True),
        ("film.MKV", True),
        ("a.eac3", True),
        ("a.mp3.part", False),
        ("", False),
    ],
)
def test_music_is_known_by_name(name: str, yes: bool) -> None:
    assert is_music(name) is yes


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    made = _make(tmp_path, "b.mp3", "a/2.mp3", "a/1.mp3", "c/d/e.mp3", "a/cover.jpg")
    assert _files(tmp_path) == [made[0], made[2], made[1], made[3]]


@pytest.mark.parametrize(
    "folder",
    [
        *("#recycle", "@Recycle", "#snapshot", "@eaDir", "@tmp", ".Trash-1000", ".Trashes"),
        *("$RECYCLE.BIN", "System Volume Information", "lost+found", "__MACOSX", ".git"),
        *("._Album", "FOUND.000", ".AppleDouble", "@Recently-Snapshot", ".stversions"),
        *(".snapshots", ".cache"),
    ],
)
def test_bins_snapshots_and_system_folders_are_left_out_and_named(
    tmp_path: Path, folder: str
) -> None:
    made = _make(tmp_path, "a.mp3", f"in/{folder}/deep/b.mp3")
    walk = Walk([str(tmp_path)], lambda: False)
    assert [file.path for file in walk.files(str(tmp_path))] == made[:1]
    assert list(walk.left_out) == [str(tmp_path / "in" / folder)]
    assert walk.left_out[str(tmp_path / "in" / folder)]


@pytest.mark.parametrize(
    "folder", ["...And Justice for All", ".38 Special", ".hack", "Vol. 2", "Trash", "@home", "#1"]
)
def test_a_dot_or_sign_hides_nothing(tmp_path: Path, folder: str) -> None:
    made = _make(tmp_path, f"{folder}/a.mp3")
    assert _files(tmp_path) == made


def test_nomedia_hides_what_lies_beside_and_below_it(tmp_path: Path) -> None:
    made = _make(tmp_path, "a.mp3", "b/c.mp3", "b/d/e.mp3")
    (tmp_path / "b" / ".nomedia").touch()
    walk = Walk([str(tmp_path)], lambda: False)
    assert [file.path for file in walk.files(str(tmp_path))] == made[:1]
    assert walk.left_out == {str(tmp_path / "b"): ".nomedia"}
    # Whoever chooses the folder itself wants it.
    assert _files(tmp_path / "b") == made[1:]


def test_dots_right_in_the_home_folder_mean_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    made = _make(tmp_path, "Music/.hack/a.mp3", ".steam/beep.wav")
    walk = Walk([str(tmp_path)], lambda: False)
    assert [file.path for file in walk.files(str(tmp_path))] == made[:1]
    assert list(walk.left_out) == [str(tmp_path / ".steam")]


def test_a_link_to_another_root_is_left_to_that_root(tmp_path: Path) -> None:
    made = _make(tmp_path, "one/a.mp3", "two/b.mp3")
    (tmp_path / "one" / "link").symlink_to(tmp_path / "two")
    assert _files(tmp_path / "one", tmp_path / "two") == made


def test_links_that_go_round_end(tmp_path: Path) -> None:
    made = _make(tmp_path, "a/1.mp3")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "nothing.mp3").symlink_to("nowhere.mp3")
    (tmp_path / "Vol. 2").symlink_to(tmp_path / "a")
    assert _files(tmp_path) == made


def test_links_out_of_the_folder_are_followed_once(tmp_path: Path) -> None:
    _make(tmp_path / "out", "album/1.mp3", "2.mp3", "3.txt")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path / "out" / "album")
    (root / "link again").symlink_to(tmp_path / "out" / "album")
    (root / "2.mp3").symlink_to(tmp_path / "out" / "2.mp3")
    (root / "also 2.mp3").symlink_to(tmp_path / "out" / "2.mp3")
    (root / "3.mp3").symlink_to(tmp_path / "nowhere")
    (root / "3.txt").symlink_to(tmp_path / "out" / "3.txt")
    assert _files(root) == [f"{root}/2.mp3", f"{root}/link/1.mp3"]


def test_a_real_name_comes_before_a_link(tmp_path: Path) -> None:
    made = _make(tmp_path, "z/1.mp3")
    (tmp_path / "a").symlink_to(tmp_path / "z")
    (tmp_path / "a.mp3").symlink_to(tmp_path / "z" / "1.mp3")
    assert _files(tmp_path) == made


def test_a_root_inside_a_root_is_walked_once(tmp_path: Path) -> None:
    made = _make(tmp_path, "1.mp3", "in/2.mp3", "in/deep/3.mp3")
    assert sorted(_files(tmp_path, tmp_path / "in")) == made
    assert sorted(_files(tmp_path / "in", tmp_path)) == made


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xe9.mp3")
    _make(tmp_path, name)
    assert _files(tmp_path) == [f"{tmp_path}/{name}"]


def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    made = _make(tmp_path, "a/1.mp3", "b/2.mp3")
    (tmp_path / "a").chmod(0)
    walk = Walk([str(tmp_path)], lambda: False)
    try:
        with ordinary_permissions():
            files = [file.path for file in walk.files(str(tmp_path))]
    finally:
        (tmp_path / "a").chmod(0o755)
    assert files == made[1:]
    assert isinstance(walk.unreadable[str(tmp_path / "a")], PermissionError)


def test_things_that_are_no_files_are_left_out(tmp_path: Path) -> None:
    made = _make(tmp_path, "a.mp3", "folder.mp3/b.mp3")
    os.mkfifo(tmp_path / "pipe.mp3")
    assert _files(tmp_path) == made
