"""The whole way of a listener: from an empty window to the next day."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.paths import Paths
from mecomp_desktop.ui.library.song_model import Column
from mecomp_desktop.ui.library.song_table import SongTable
from mecomp_desktop.ui.main import Session
from tests.support.audio_files import make_audio
from tests.support.windows import activate

SONGS = 12
SCAN_MS = 20_000
LISTEN_MS = 90_000


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A folder of songs long enough for a radio to play them."""
    folder = tmp_path / "Music"
    for number in range(SONGS):
        make_audio(
            folder / f"Album {number % 4}" / f"{number}.flac",
            50.0,
            channels=1,
            sample_rate_hz=22_050,
            seed=number,
            tags={
                "title": f"Piece {number}",
                "artist": f"Artist {number % 6}",
                "album": f"Album {number % 4}",
            },
        )
    return folder


@pytest.fixture
def opened(paths: Paths, qapp: QApplication) -> object:
    """Starts the program with its window, as often as it is called; ends what is still open."""
    running: list[tuple[Application, Session]] = []

    def start() -> tuple[Application, Session]:
        app = Application.open(paths, NullEngine())
        session = Session(app, qapp)
        session.show()
        app.start()
        running.append((app, session))
        return app, session

    def quit_all() -> None:
        while running:
            app, session = running.pop()
            session.shell.window.close()
            session.end()
            app.close()

    start.quit = quit_all  # type: ignore[attr-defined]  # one fixture, two verbs
    yield start
    quit_all()


def queued(app: Application) -> list[TrackId]:
    return [entry.track_id for entry in app.playback.queue_snapshot().entries]


def search(session: Session, words: str, qtbot: QtBot) -> SongTable:
    page = session.shell.songs
    activate(session.shell.window, qtbot)
    qtbot.keyClick(session.shell.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.heading.search.hasFocus)
    qtbot.keyClicks(page.heading.search, words)
    qtbot.waitUntil(lambda: page.table.songs.search == words)
    return page.table


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_from_an_empty_window_to_the_next_day(
    opened: Callable[[], tuple[Application, Session]], music: Path, qtbot: QtBot
) -> None:
    app, session = opened()
    page = session.shell.songs
    qtbot.waitUntil(lambda: page.state_shown is page.first_start)

    # The folder is chosen: songs appear, and are listened to.
    session.shell.add_folders([music])
    qtbot.waitUntil(lambda: page.heading.count == f"{SONGS} songs", timeout=SCAN_MS)
    qtbot.waitUntil(lambda: app.similarity.coverage() == (SONGS, SONGS), timeout=LISTEN_MS)

    # Search, and double-click.
    table = search(session, "piece 7", qtbot)
    qtbot.waitUntil(lambda: table.songs.rowCount() == 1)
    seven = table.songs.track(0).id
    where = table.visualRect(table.model().index(0, Column.TITLE)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.waitUntil(lambda: app.playback.status().state == PlayerState.PLAYING)
    assert app.playback.status().track_id == seven
    qtbot.waitUntil(lambda: app.playback.status().position_s > 0.2)

    # Radio from it: similar songs follow, none twice.
    qtbot.keyClick(table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(queued(app)) >= 4, timeout=SCAN_MS)
    assert queued(app)[0] == seven
    assert len(set(queued(app))) == len(queued(app))
    closeness = [entry.closeness for entry in app.playback.queue_snapshot().entries[1:]]
    assert all(value is not None and 0 <= value <= 1 for value in closeness)

    # The next song.
    second = queued(app)[1]
    qtbot.keyClick(session.shell.window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: app.playback.status().track_id == second)
    qtbot.waitUntil(lambda: app.playback.status().position_s > 0.2)

    # The window is left as it is wanted.
    session.shell.window.go("albums")
    before = queued(app)
    app.playback.set_volume(0.3)
    opened.quit()  # type: ignore[attr-defined]  # the fixture's second verb

    # The next day: the same queue and place, paused.
    app, session = opened()
    qtbot.waitUntil(lambda: session.shell.songs.heading.count == f"{SONGS} songs", timeout=SCAN_MS)
    assert session.shell.window.page_name == "albums"
    assert queued(app) == before
    status = app.playback.status()
    assert status.track_id == second
    assert status.state == PlayerState.PAUSED
    assert status.position_s > 0.1
    assert status.volume == pytest.approx(0.3)
    qtbot.waitUntil(lambda: app.similarity.coverage() == (SONGS, SONGS))

    # And it goes on.
    activate(session.shell.window, qtbot)
    qtbot.keyClick(session.shell.window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: app.playback.status().state == PlayerState.PLAYING)
    qtbot.waitUntil(lambda: app.playback.status().position_s > status.position_s + 0.2)
