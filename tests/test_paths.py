from pathlib import Path

import pytest

from mecomp_desktop.paths import HOME_VARIABLE, Paths, resource


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "elsewhere"))
    paths = Paths.of_user()
    paths.create()
    places = (paths.config, paths.data, paths.cache, paths.state)
    assert all(place.is_dir() and place.parent == tmp_path / "elsewhere" for place in places)
    assert len(set(places)) == 4
    paths.create()


def test_without_it_the_system_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE)
    paths = Paths.of_user()
    for place in (paths.config, paths.data, paths.cache, paths.state):
        assert "mecomp-desktop" in str(place)
    assert paths.database.is_relative_to(paths.data)
    assert paths.settings_file.is_relative_to(paths.config)


def test_home_may_be_relative_or_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, "~/music data")
    assert Paths.of_user().data == Path.home() / "music data" / "data"
    monkeypatch.setenv(HOME_VARIABLE, "here")
    assert Paths.of_user().data == Path.cwd() / "here" / "data"


def test_resources_are_found_or_named() -> None:
    assert resource("model/similarity.onnx").is_file()
    with pytest.raises(FileNotFoundError, match=r"no/such\.file"):
        resource("no/such.file")
