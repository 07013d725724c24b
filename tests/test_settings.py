import dataclasses
import tomllib
from collections.abc import Callable
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


def test_update_is_reported_and_survives(file: Path) -> None:
    store = SettingsStore(file)
    store.load()
    changes: list[Settings] = []
    store.changed.connect(changes.append)
    radio = RadioSettings(artist_window=3, adventure=0.5)
    updated = store.update(theme="dark", workers=2, radio=radio)
    assert changes == [updated]
    assert SettingsStore(file).load() == Settings(theme="dark", workers=2, radio=radio)


def test_bad_values_fall_back_one_by_one(file: Path) -> None:
    file.write_text(
        'theme = "pink"\nworkers = -1\nwatch_folders = "yes"\noutput_device = "hw:1"\n'
        "[radio]\nsongs = 4.5\nadventure = 1\n"
    )
    store = SettingsStore(file)
    settings = store.load()
    assert settings == Settings(output_device="hw:1", radio=RadioSettings(adventure=1.0))
    problems = "\n".join(store.problems)
    assert len(store.problems) == 4
    for name in ("theme", "workers", "watch_folders", "radio.songs"):
        assert name in problems


def test_a_section_that_is_no_table_is_reported(file: Path) -> None:
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


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = SettingsStore(tmp_path / "file" / "settings.toml")
    messages: list[str] = []
    store.notice.connect(messages.append)
    store.update(theme="dark")
    assert store.current.theme == "dark"
    assert "cannot be saved" in messages[0]
    assert "until the program ends" in messages[0]


def test_writing_waits_for_the_background_and_takes_all_changes_at_once(file: Path) -> None:
    jobs: list[Callable[[], object]] = []
    store = SettingsStore(file, jobs.append)
    for workers in range(50):
        store.update(workers=workers)
    assert not file.exists()
    assert len(jobs) == 1
    jobs.pop()()
    assert SettingsStore(file).load().workers == 49
    store.update(workers=3)
    jobs.pop()()
    assert SettingsStore(file).load().workers == 3


def test_a_byte_order_mark_is_no_problem(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbftheme = "dark"\n')
    store = SettingsStore(file)
    assert store.load().theme == "dark"
    assert store.problems == ()


def test_a_minimum_over_the_maximum_is_a_sentence(file: Path) -> None:
    file.write_text("[radio]\nmin_duration_s = 900\nmax_duration_s = 60\nsongs = 30\n")
    store = SettingsStore(file)
    assert store.load().radio == RadioSettings(songs=30)
    (problem,) = store.problems
    assert problem == (
        "The setting radio.min_duration_s (900) is larger than radio.max_duration_s (60), "
        "which leaves no song; choose a smaller one."
    )
    with pytest.raises(SettingsError, match="leaves no song"):
        store.update(radio=RadioSettings(min_duration_s=2000.0))


def test_the_sentences_say_what_is_expected(file: Path) -> None:
    file.write_text('theme = "pink"\nworkers = -1\nradio = 3\n')
    store = SettingsStore(file)
    store.load()
    assert store.problems == (
        "The setting theme is 'pink': expected one of system, light, dark.",
        "The setting workers is -1: expected int >= 0.",
        "The setting radio is 3: expected a table, got int.",
    )


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path)  # a directory
    assert store.load() == Settings()
    assert "cannot be read" in store.problems[0]


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().theme = "dark"  # type: ignore[misc]
