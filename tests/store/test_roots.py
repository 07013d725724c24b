from pathlib import Path

import pytest

from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots


def test_roots_come_back_in_the_order_of_adding(database: Database) -> None:
    roots = Roots(database)
    ids = [roots.add(Path(path)) for path in ("/z", "/a")]
    assert [(root.id, root.path) for root in roots.all()] == [
        (ids[0], Path("/z")),
        (ids[1], Path("/a")),
    ]


def test_adding_twice_is_adding_once(database: Database) -> None:
    roots = Roots(database)
    assert roots.add(Path("/a")) == roots.add(Path("/a/"))
    assert len(roots.all()) == 1


def test_a_relative_path_becomes_absolute(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Roots(database).add(Path("music"))
    assert Roots(database).all()[0].path == tmp_path / "music"


def test_remove(database: Database) -> None:
    roots = Roots(database)
    roots.remove(roots.add(Path("/a")))
    assert roots.all() == []
