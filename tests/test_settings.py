import dataclasses
import tomllib
from pathlib import Path

import pytest

from mecomp_desktop.errors import SettingsError
from mecomp_desktop.settings import RadioSettings, Settings, SettingsStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_no_file_means_defaults(file: Path) -> None:
    store = SettingsStore(file)
    assert store.load() == Settings()
    assert store.problems == ()
    assert not file.exists()


def test_update_is_told_and_survives(file: Path) -> None:
    store = SettingsStore(file)
    store.load()
    told: list[Settings] = []
    store.changed.connect(told.append)
    radio = RadioSettings(artist_window=3, adventure=0.5)
    updated = store.update(theme="dark", workers=2, radio=radio)
    assert told == [updated]
    assert SettingsStore(file).load() == Settings(theme="dark", workers=2, radio=radio)


def test_bad_values_fall_back_one_by_one(file: Path) -> None:
    file.write_text(
        'theme = "pink"\nworkers = -1\nwatch_folders = "yes"\noutput_device = "hw:1"\n'
        "[radio]\nsongs = 4.5\nadventure = 1\n"
    )
    store = SettingsStore(file)
    settings = store.load()
    assert settings == Settings(output_device="hw:1", radio=RadioSettings(adventure=1.0))
    told = "\n".join(store.problems)
    assert len(store.problems) == 4
    for name in ("theme", "workers", "watch_folders", "radio.songs"):
        assert name in told


def test_a_section_that_is_no_table_is_told(file: Path) -> None:
    file.write_text("radio = 3\n")
    store = SettingsStore(file)
    assert store.load() == Settings()
    assert "radio" in store.problems[0]


def test_unknown_keys_are_kept(file: Path) -> None:
    file.write_text('later = "kept"\n[radio]\nmood = "calm"\n')
    store = SettingsStore(file)
    store.load()
    store.update(theme="light")
    written = tomllib.loads(file.read_text())
    assert written["later"] == "kept"
    assert written["radio"]["mood"] == "calm"
    assert written["theme"] == "light"


@pytest.mark.parametrize("content", [b"theme = = 3", b"\xff\xfe\x00"])
def test_a_broken_file_is_kept_aside(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    store = SettingsStore(file)
    assert store.load() == Settings()
    assert "settings.toml.broken" in store.problems[0]
    assert file.with_name("settings.toml.broken").read_bytes() == content
    store.update(theme="dark")
    assert SettingsStore(file).load().theme == "dark"


def test_a_value_that_is_not_allowed_changes_nothing(file: Path) -> None:
    store = SettingsStore(file)
    store.load()
    with pytest.raises(SettingsError, match="theme"):
        store.update(theme="pink")
    with pytest.raises(SettingsError, match="adventure"):
        store.update(radio=RadioSettings(adventure=7.0))
    assert store.current == Settings()
    assert not file.exists()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "no such folder" / "settings.toml")
    store.load()
    with pytest.raises(SettingsError, match="cannot be saved"):
        store.update(theme="dark")
    assert store.current.theme == "system"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path)  # a directory
    assert store.load() == Settings()
    assert "cannot be read" in store.problems[0]


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().theme = "dark"  # type: ignore[misc]
