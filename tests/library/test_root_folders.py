from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import RootId
from mecomp_desktop.errors import UserError
from mecomp_desktop.library.root_folders import checked_root, root_that_holds
from mecomp_desktop.store.roots import Root
from tests.support.permissions import ordinary_permissions


def _root(path: Path) -> Root:
    return Root(RootId(1), path, 0.0)


def test_one_folder_has_one_path(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "music")
    assert checked_root(tmp_path / "link") == checked_root(tmp_path / "link" / ".." / "music")


@pytest.mark.parametrize("name", ["nothing", "file", "closed", "x" * 300])
def test_what_can_be_no_folder_of_music_says_why(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "closed").mkdir(mode=0)
    with ordinary_permissions(), pytest.raises(UserError, match=name):
        checked_root(tmp_path / name)


def test_the_root_that_holds_a_folder(tmp_path: Path) -> None:
    music = tmp_path / "music"
    for name in ("rock/abba", "#recycle/old", "quiet/in"):
        (music / name).mkdir(parents=True)
    (music / "quiet" / ".nomedia").touch()
    roots = [_root(tmp_path / "other"), _root(music)]
    held = {name: root_that_holds(music / name, roots) for name in ("rock", "rock/abba")}
    assert set(held.values()) == {roots[1]}
    for name in ("", "#recycle/old", "quiet", "quiet/in"):
        assert root_that_holds(music / name, roots) is None
    assert root_that_holds(tmp_path / "musical", roots) is None
