import logging
from pathlib import Path

import pytest

from mecomp_desktop.logs import LOG_FILE, logging_to

_log = logging.getLogger("mecomp_desktop.test")
pytestmark = pytest.mark.logs_errors


def test_the_log_goes_to_a_file_and_bugs_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path / "state"):
        _log.debug("a detail")
        _log.info("a word")
        _log.warning("a warning")
    text = (tmp_path / "state" / LOG_FILE).read_text()
    assert "a word" in text
    assert "a warning" in text
    assert "a detail" not in text
    assert capsys.readouterr().err == ""


def test_verbose_shows_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(tmp_path, verbose=True):
        _log.debug("a detail")
    assert "a detail" in capsys.readouterr().err
    assert "a detail" in (tmp_path / LOG_FILE).read_text()


def test_afterwards_everything_is_as_before(tmp_path: Path) -> None:
    root = logging.getLogger("mecomp_desktop")
    before = (list(root.handlers), root.level)
    with logging_to(tmp_path):
        assert len(root.handlers) == len(before[0]) + 2
    assert (list(root.handlers), root.level) == before


def test_a_place_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with logging_to(tmp_path / "file" / "state"):
        _log.info("a word")


def test_the_terminal_gets_one_harmless_line_and_the_file_the_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path):
        try:
            raise ValueError("\x1b[2J")
        except ValueError:
            _log.exception("a bug in \x1b]0;x\x07.mp3")
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "a bug in \\x1b]0;x\\x07.mp3" in shown
    assert "Traceback" in (tmp_path / LOG_FILE).read_text()


def test_what_ends_the_program_is_logged(tmp_path: Path) -> None:
    def fail() -> None:
        with logging_to(tmp_path):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert "ZeroDivisionError" in (tmp_path / LOG_FILE).read_text()
