from pathlib import Path

import pytest

from mecomp_desktop.problem_report import problem_report


def test_names_versions_facts_and_the_end_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("".join(f"line {number}\n" for number in range(1000)))
    text = problem_report(log, {"Songs": 12})
    assert "mecomp-desktop 0." in text
    assert "onnxruntime" in text
    assert "Songs: 12" in text
    assert text.endswith("line 999\n")
    assert "line 919\n" not in text
    assert "line 920\n" in text


def test_a_log_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in problem_report(tmp_path / "none.log", {})


def test_a_log_of_any_bytes_is_read(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"\xff\xfe" * 100_000 + b"\nthe end")
    assert problem_report(log, {}).endswith("the end\n")


def test_the_home_directory_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    log = tmp_path / "a.log"
    log.write_text(f"scanned {tmp_path}/Music\n")
    text = problem_report(log, {})
    assert str(tmp_path) not in text
    assert "~/Music" in text
