import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.core import Core
from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from tests.support.audio_files import make_audio
from tests.support.libraries import open_application
from tests.support.permissions import ordinary_permissions
from tests.support.players import wait_for

COUNT = 8


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    for number in range(COUNT):
        tags = {"title": f"Song {number}", "artist": f"Band {number}"}
        make_audio(folder / f"{number}.flac", 8.0, seed=number, sample_rate_hz=11_025, tags=tags)
    return folder


@pytest.fixture
def app(paths: Paths) -> Iterator[Application]:
    with open_application(paths) as made:
        yield made


def test_the_whole_way(paths: Paths, music: Path) -> None:
    """A folder is added, scanned, analysed, played, made a radio of; all of it comes back."""
    with open_application(paths) as app:
        app.settings.update(radio=replace(app.settings.current.radio, min_duration_s=0.0))
        app.start()
        app.library.add_root(music)
        wait_for(lambda: len(app.library.catalog()) == COUNT, "for the songs")
        first = app.library.catalog().tracks[0].id
        app.playback.play_tracks([first])
        app.radio.start([first])
        wait_for(lambda: app.similarity.coverage() == (COUNT, COUNT), "for the analysis")
        wait_for(lambda: len(app.playback.queue_snapshot().entries) == COUNT, "for the radio")
        # On a slow machine the first song is over before: the radio goes on when its songs come.
        wait_for(
            lambda: app.playback.status().state is PlayerState.PLAYING, "for the radio to play"
        )
        app.playback.next()
        playing = app.playback.status().track_id
        assert playing != first
        wait_for(lambda: app.playback.status().position_s > 0.2, "for sound")
        queue = [entry.track_id for entry in app.playback.queue_snapshot().entries]
    with open_application(paths) as app:
        app.start()
        wait_for(lambda: app.playback.status().track_id == playing, "for the queue")
        assert app.playback.status().state is PlayerState.PAUSED
        assert app.playback.status().position_s > 0.1
        assert [entry.track_id for entry in app.playback.queue_snapshot().entries] == queue
        assert app.radio.active_seeds() == (first,)
        wait_for(lambda: app.similarity.coverage() == (COUNT, COUNT), "for the vectors")
        assert app.similarity.similar([first], 3)


def test_plays_while_it_analyses(paths: Paths, music: Path) -> None:
    with open_application(paths) as app:
        app.start()
        app.library.add_root(music)
        wait_for(lambda: len(app.library.catalog()) > 0)
        app.playback.play_tracks([app.library.catalog().tracks[0].id])
        wait_for(lambda: app.analysis.status().progress.done > 0, "for the first vector")
        wait_for(lambda: app.playback.status().position_s > 0.2, "for sound")
        assert app.playback.status().state is PlayerState.PLAYING


def test_nothing_is_left_when_closed_in_the_middle(paths: Paths, music: Path) -> None:
    threads = set(threading.enumerate())
    with open_application(paths) as app:
        app.start()
        app.library.add_root(music)
        wait_for(lambda: app.analysis.status().state == "running")
        wait_for(lambda: len(app.library.catalog()) > 0)
        app.playback.play_tracks([app.library.catalog().tracks[0].id])
        began = time.monotonic()
        app.close()
        assert time.monotonic() - began < 5
        app.close()
    assert not [thread for thread in threading.enumerate() if thread not in threads]
    assert not worker_processes()


def worker_processes() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if "mecomp_desktop" in " ".join(child.cmdline())
    ]


@pytest.fixture
def waits_in_vain(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was waited for and had not ended when the time for it was over."""
    gone: list[str] = []
    join, wait = threading.Thread.join, subprocess.Popen.wait

    def counted_join(thread: threading.Thread, timeout: float | None = None) -> None:
        join(thread, timeout)
        if thread.is_alive():
            gone.append(thread.name)

    def counted_wait(process: "subprocess.Popen[bytes]", timeout: float | None = None) -> int:
        try:
            return wait(process, timeout)
        except subprocess.TimeoutExpired:
            gone.append(str(process.pid))
            raise

    monkeypatch.setattr(threading.Thread, "join", counted_join)
    monkeypatch.setattr(subprocess.Popen, "wait", counted_wait)
    return gone


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_closing_waits_for_no_worker(paths: Paths, music: Path, waits_in_vain: list[str]) -> None:
    """A worker of low priority beside a busy program gets no core: here one that never will."""
    with open_application(paths) as app:
        app.start()
        app.library.add_root(music)
        wait_for(lambda: app.analysis.status().progress.done > 0, "for the first vector")
        workers = worker_processes()
        assert {"inspect" in " ".join(worker.cmdline()) for worker in workers} == {True, False}
        for worker in workers:
            worker.suspend()
        app.close()
        assert not waits_in_vain
        assert not any(worker.is_running() for worker in workers)


def test_closed_before_it_was_started(paths: Paths) -> None:
    app = Application.open(paths, NullEngine())
    app.close()


def test_closed_while_it_starts(paths: Paths, music: Path) -> None:
    with open_application(paths) as app:
        app.library.add_root(music)
    for _ in range(3):
        with open_application(paths) as app:
            app.start()


def test_files_and_folders_are_opened(app: Application, music: Path, tmp_path: Path) -> None:
    outside = make_audio(tmp_path / "outside.ogg", 3.0, tags={"title": "From outside"})
    notices: list[str] = []
    app.notice.connect(notices.append)
    app.start()
    app.open_paths([music, outside, tmp_path / "nothing.mp3"])
    wait_for(lambda: app.playback.status().state is PlayerState.PLAYING)
    playing = app.playback.status().track_id
    assert playing is not None
    track = app.library.track(playing)
    assert track is not None
    assert track.title == "From outside"
    wait_for(lambda: len(app.library.catalog()) == COUNT)
    assert len(notices) == 1
    assert "nothing.mp3" in notices[0]


def test_settings_take_effect(app: Application, music: Path) -> None:
    app.start()
    app.library.add_root(music)
    app.settings.update(workers=2, watch_folders=False, output_device="silence")
    wait_for(lambda: app.library.settle(5) and not app.library._watching)
    assert app.analysis.settle(30)
    assert app.analysis._staffing()[0] == 2
    app.settings.update(watch_folders=True)
    wait_for(lambda: app.library._watching)


def test_a_broken_settings_file_is_reported(paths: Paths) -> None:
    paths.settings_file.write_text("theme = ")
    with open_application(paths) as app:
        notices: list[str] = []
        app.notice.connect(notices.append)
        app.start()
        assert "settings.toml.broken" in notices[0]
        assert app.settings.current.theme == "system"


def test_a_newer_library_is_not_touched(paths: Paths) -> None:
    database = Database(paths.database)
    with database.write() as connection:
        connection.execute("PRAGMA user_version = 999")
    database.close()
    with pytest.raises(UserError, match="newer version"):
        Application.open(paths)  # it fails before it would open the sound card


def test_folders_that_cannot_be_made_are_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BrokenEnvironment, match="cannot make the folder"):
        Core(Paths.below(tmp_path / "file" / "home"))


def test_a_deleted_cache_is_no_loss(paths: Paths, music: Path) -> None:
    with open_application(paths) as app:
        app.start()
        app.library.add_root(music)
        wait_for(lambda: app.similarity.coverage() == (COUNT, COUNT), "for the analysis")
    for file in sorted(paths.cache.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    with open_application(paths) as app:
        app.start()
        wait_for(lambda: app.similarity.coverage() == (COUNT, COUNT), "for the vectors")


def test_a_removed_folder_comes_back_with_its_history(paths: Paths, music: Path) -> None:
    with open_application(paths) as app:
        app.start()
        app.library.add_root(music)
        wait_for(lambda: len(app.library.catalog()) == COUNT, "for the songs")
        before = list(app.library.catalog().tracks)
        app.playback.enqueue([before[0].id])
        [root] = app.library.roots()
        step = app.remove_folder(root)
        wait_for(lambda: len(app.library.catalog()) == 0, "for the removal")
        app.playback.enqueue([before[1].id])
        assert app.undo.undo_command(step)
        wait_for(lambda: len(app.library.catalog()) == COUNT, "for the return")
        assert list(app.library.catalog().tracks) == before
        assert app.undo.redo() == f"{music.name} is no longer a music folder"
        wait_for(lambda: app.library.roots() == [], "for the removal again")
        assert app.undo.undo()
        wait_for(lambda: len(app.library.catalog()) == COUNT, "for the return again")


def test_a_library_in_a_read_only_folder_is_read_and_played(paths: Paths, music: Path) -> None:
    with open_application(paths) as app:
        app.start()
        app.library.add_root(music)
        wait_for(lambda: app.similarity.coverage() == (COUNT, COUNT), "for the listening")
    paths.data.chmod(0o555)
    paths.database.chmod(0o444)
    try:
        with ordinary_permissions(), open_application(paths) as app:
            messages: list[str] = []
            app.notice.connect(messages.append)
            app.start()
            wait_for(lambda: len(app.library.catalog()) == COUNT, "for the songs")
            assert f"The library in {paths.data} is read-only: changes are not kept." in messages
            first = app.library.catalog().tracks[0].id
            app.playback.play_tracks([first])
            wait_for(lambda: app.playback.status().position_s > 0.2, "for sound")
            wait_for(lambda: app.similarity.coverage() == (COUNT, COUNT), "for the vectors")
            assert len(app.similarity.similar([first], 3)) == 3
            app.playback.save_state()
            app.settings.update(theme="dark")
    finally:
        paths.data.chmod(0o755)
