from pathlib import Path

import pytest

from mecomp_desktop.ui import window_state


def test_comes_back_as_saved(tmp_path: Path) -> None:
    state: dict[str, window_state.Value] = {"place": "albums", "sizes": [1, 2], "on": None}
    window_state.save(tmp_path / "deep" / "window.json", state)
    assert window_state.load(tmp_path / "deep" / "window.json") == state


def test_first_start_has_none(tmp_path: Path) -> None:
    assert window_state.load(tmp_path / "window.json") == {}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe"])
def test_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "window.json").write_bytes(content)
    assert window_state.load(tmp_path / "window.json") == {}


def test_place_that_cannot_be_written_costs_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    window_state.save(tmp_path / "file" / "window.json", {"a": 1})
    assert "could not be saved" in caplog.text
