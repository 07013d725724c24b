import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player.queue_panel import QueuePanel
from tests.support.audio_files import make_audio


@pytest.fixture
def panel(qtbot: QtBot, app: Application, bridge: Bridge) -> QueuePanel:
    made = QueuePanel(app, bridge)
    qtbot.addWidget(made)
    made.resize(320, 600)
    made.show()
    return made


def titles(panel: QueuePanel) -> list[str]:
    return [panel.model.index(row).data() for row in range(panel.model.rowCount())]


def queued(app: Application) -> list[TrackId]:
    return [entry.track_id for entry in app.playback.queue_snapshot().entries]


def test_empty_queue_says_how_to_fill_it(panel: QueuePanel) -> None:
    assert panel.is_empty


def test_follows_the_queue(
    qtbot: QtBot, app: Application, panel: QueuePanel, ids: list[TrackId]
) -> None:
    app.playback.play_tracks(ids[:2])
    qtbot.waitUntil(lambda: titles(panel) == ["Song 1", "Song 2"])
    assert panel.model.current_row == 0
    assert not panel.is_empty


def test_cleared_queue_comes_back(
    qtbot: QtBot, app: Application, bridge: Bridge, panel: QueuePanel, ids: list[TrackId]
) -> None:
    app.playback.enqueue(ids)
    qtbot.waitUntil(lambda: len(titles(panel)) == 4)
    with qtbot.waitSignal(bridge.message) as signal:
        panel.clear()
    qtbot.waitUntil(lambda: panel.is_empty)
    sentence, words, undo = signal.args
    assert (sentence, words) == ("The queue is empty now.", "Undo")
    undo()
    qtbot.waitUntil(lambda: len(titles(panel)) == 4)


def test_keyboard_moves_and_removes(
    qtbot: QtBot, app: Application, panel: QueuePanel, ids: list[TrackId]
) -> None:
    app.playback.enqueue(ids)
    qtbot.waitUntil(lambda: len(titles(panel)) == 4)
    panel.view.setCurrentIndex(panel.model.index(2))
    qtbot.keyClick(panel.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: titles(panel) == ["Song 1", "Song 3", "Song 2", "Song 4"])
    assert panel.view.selected_rows() == [1], "the selection goes with the song"
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: titles(panel) == ["Song 1", "Song 2", "Song 4"])


def test_enter_plays_the_song(
    qtbot: QtBot, app: Application, panel: QueuePanel, ids: list[TrackId]
) -> None:
    app.playback.enqueue(ids)
    qtbot.waitUntil(lambda: len(titles(panel)) == 4)
    panel.view.setCurrentIndex(panel.model.index(3))
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert app.playback.status().track_id == ids[3]


def test_dropped_songs_come_before_the_row(
    qtbot: QtBot, app: Application, panel: QueuePanel, ids: list[TrackId]
) -> None:
    app.playback.enqueue(ids[:2])
    qtbot.waitUntil(lambda: len(titles(panel)) == 2)
    panel.model.tracks_dropped.emit(ids[2:], 1)
    assert queued(app) == [ids[0], ids[2], ids[3], ids[1]]
    app.playback.undo()
    assert queued(app) == ids[:2], "one drop is one step back"


def test_dropped_folder_queues_its_songs(
    qtbot: QtBot, app: Application, panel: QueuePanel, ids: list[TrackId]
) -> None:
    folder = app.library.roots()[0].path
    panel.add_files([folder])
    qtbot.waitUntil(lambda: len(queued(app)) == 4)
    panel.add_files([folder / "2.flac"])
    qtbot.waitUntil(lambda: queued(app)[4:] == [ids[1]])


def test_folder_that_is_not_in_the_library_is_offered_to_be_added(
    qtbot: QtBot, app: Application, bridge: Bridge, panel: QueuePanel, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with qtbot.waitSignal(bridge.message) as signal:
        panel.add_files([elsewhere])
    assert signal.args[:2] == ["elsewhere is not among your music folders.", "Add it"]
    signal.args[2]()
    qtbot.waitUntil(lambda: len(app.library.roots()) == 2)


def test_file_from_outside_is_queued_without_entering_the_library(
    qtbot: QtBot, app: Application, panel: QueuePanel, tmp_path: Path
) -> None:
    made = make_audio(tmp_path / "stranger.flac", tags={"title": "Stranger"})
    panel.add_files([made.rename(tmp_path / os.fsdecode(b"caf\xe9.flac"))])
    qtbot.waitUntil(lambda: titles(panel) == ["Stranger"], timeout=10_000)
    assert len(app.library.catalog()) == 4


def test_radio_is_named_and_can_be_stopped(
    qtbot: QtBot, app: Application, panel: QueuePanel, ids: list[TrackId]
) -> None:
    assert not panel.source.isVisible()
    app.playback.start_radio(ids[:1])
    app.playback.extend_radio(ids[:1], ids[1:3], [0.87, 0.5])
    qtbot.waitUntil(lambda: panel.source.title == "Song 1")
    assert panel.source.isVisible()
    qtbot.waitUntil(lambda: len(titles(panel)) == 3)
    tip = panel.model.index(1).data(Qt.ItemDataRole.ToolTipRole)
    assert "sounds close to Song 1: 87 of 100" in tip
    app.radio.stop()
    qtbot.waitUntil(lambda: not panel.source.isVisible())
    assert len(queued(app)) == 3


def test_last_song_is_called_so(
    qtbot: QtBot, app: Application, panel: QueuePanel, ids: list[TrackId]
) -> None:
    app.playback.play_tracks(ids[:1])
    qtbot.waitUntil(lambda: len(titles(panel)) == 1)
    assert panel.time_left == "the last song · less than a minute left"


def test_tab_into_the_list_shows_where_the_keyboard_is(
    qtbot: QtBot, app: Application, panel: QueuePanel, ids: list[TrackId]
) -> None:
    app.playback.play_tracks(ids, start=2)
    qtbot.waitUntil(lambda: panel.model.current_row == 2)
    panel.activateWindow()
    panel.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(panel.view.hasFocus)
    assert panel.view.currentIndex().row() == 2
    assert panel.view.selected_rows() == [2], "the framed row is the selected one"
