"""The window as a desktop or a terminal ends it: a child process, and a signal."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.state import State
from mecomp_desktop.store.tracks import Tracks
from tests.support.audio_files import make_audio

PATIENCE_S = 90.0
PROGRAM = [sys.executable, "-m", "mecomp_desktop"]
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
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_with_everything_saved(
    song: Path, paths: Paths, database: Database, name: str
) -> None:
    process = subprocess.Popen(
        [*PROGRAM, str(song.parent), str(song)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        # Its window is there by the time that the song plays.
        wait_until(lambda: Tracks(database).at_path(song), "the song is found")
        wait_until(lambda: State(database).get("queue"), "the song plays")
        process.send_signal(getattr(signal, name))
        output = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
    assert process.returncode == 0, output
    assert output == ("", "")
    assert (paths.state / "window.json").is_file()
    assert len(State(database).get("queue")["entries"]) == 1
    assert State(database).get("player") is not None


@pytest.mark.slow
def test_what_is_to_outlive_its_terminal_does(song: Path, database: Database) -> None:
    process = subprocess.Popen(
        ["nohup", *PROGRAM, str(song.parent)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: Tracks(database).at_path(song), "the song is found")
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.0)
    finally:
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
