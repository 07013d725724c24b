"""The window as a desktop or a terminal ends it: a child process, and a signal."""

import contextlib
import functools
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mecomp_desktop.paths import HOME_VARIABLE, Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.state import State
from mecomp_desktop.store.tracks import Tracks
from tests.support.audio_files import make_audio
from tests.support.programs import PROGRAM, running

PATIENCE_S = 90.0
pytestmark = pytest.mark.skipif(os.name == "nt", reason="other systems end programs otherwise")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return make_audio(tmp_path / "music" / "song.flac", 5.0)


def wait_until(true: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline_s, f"not in time: {what}"
        time.sleep(0.02)


@pytest.mark.slow
def test_a_signal_ends_it_with_everything_saved(song: Path, tmp_path: Path) -> None:
    # All at once, for the state of the player is saved every few seconds only.
    programs: list[tuple[int, Paths, subprocess.Popen[str]]] = []
    with contextlib.ExitStack() as ended:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            home = tmp_path / number.name
            environment = os.environ | {HOME_VARIABLE: str(home)}
            program = running([*PROGRAM, song.parent, song], env=environment)
            programs.append((number, Paths.below(home), ended.enter_context(program)))
        for number, paths, process in programs:
            wait_until(paths.database.is_file, "there is a library")
            database = ended.enter_context(contextlib.closing(Database(paths.database)))
            # Its window is there by the time that the song plays.
            wait_until(functools.partial(State(database).get, "queue"), "the song plays")
            process.send_signal(number)
        for _, paths, process in programs:
            output = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0, output
            assert output == ("", "")
            assert (paths.state / "window.json").is_file()
            database = ended.enter_context(contextlib.closing(Database(paths.database)))
            assert len(State(database).get("queue")["entries"]) == 1
            assert State(database).get("player") is not None


@pytest.mark.slow
def test_what_is_to_outlive_its_terminal_does(song: Path, database: Database) -> None:
    with running(["nohup", *PROGRAM, song.parent], subprocess.DEVNULL) as process:
        wait_until(lambda: Tracks(database).at_path(song), "the song is found")
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.0)
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
