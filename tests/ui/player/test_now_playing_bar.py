import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.ui import player_commands
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player.now_playing_bar import NowPlayingBar


@pytest.fixture
def bar(qtbot: QtBot, app: Application, bridge: Bridge) -> NowPlayingBar:
    made = NowPlayingBar(app, bridge)
    qtbot.addWidget(made)
    made.resize(1200, 88)
    made.show()
    return made


def test_shows_the_song_that_plays(
    qtbot: QtBot, app: Application, bar: NowPlayingBar, ids: list[TrackId]
) -> None:
    assert bar.title == ""
    app.playback.play_tracks(ids)
    qtbot.waitUntil(lambda: bar.title == "Song 1")
    assert bar.by == "Artist 1 — Album 1"
    app.playback.next()
    qtbot.waitUntil(lambda: bar.title == "Song 2")


def test_song_that_left_the_library_is_not_nothing(
    qtbot: QtBot, app: Application, bar: NowPlayingBar, ids: list[TrackId]
) -> None:
    assert bar.by == "Nothing plays"
    app.playback.play_tracks(ids)
    qtbot.waitUntil(lambda: bar.title == "Song 1")
    app.library.remove_root(app.library.roots()[0].id)
    qtbot.waitUntil(lambda: bar.by == "No longer in the library", timeout=10_000)
    assert bar.title == ""


def test_time_and_waveform_follow_the_music(
    qtbot: QtBot, app: Application, bar: NowPlayingBar, ids: list[TrackId]
) -> None:
    app.playback.play_tracks(ids)
    qtbot.waitUntil(lambda: bar.time == "0:01 / 0:20", timeout=10_000)
    assert bar.waveform.value() >= 500
    qtbot.waitUntil(lambda: len(bar.waveform.peaks) > 0, timeout=10_000)


def test_click_on_the_waveform_seeks(
    qtbot: QtBot, app: Application, bar: NowPlayingBar, ids: list[TrackId]
) -> None:
    app.playback.play_tracks(ids)
    app.playback.pause()
    qtbot.waitUntil(bar.waveform.isEnabled)
    middle = QPoint(bar.waveform.width() // 2, 20)
    qtbot.mouseClick(bar.waveform, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: app.playback.status().position_s == pytest.approx(10.0, abs=0.2))


def test_forward_and_back_by_five_seconds(
    qtbot: QtBot, app: Application, bar: NowPlayingBar, ids: list[TrackId]
) -> None:
    app.playback.play_tracks(ids)
    app.playback.pause()
    qtbot.waitUntil(lambda: bar.title == "Song 1")
    player_commands.step(app.playback, 5)
    qtbot.waitUntil(lambda: app.playback.status().position_s == pytest.approx(5.0, abs=0.5))
    player_commands.step(app.playback, -5)
    qtbot.waitUntil(lambda: app.playback.status().position_s == pytest.approx(0.0, abs=0.5))


def test_buttons_steer_the_player(
    qtbot: QtBot, app: Application, bar: NowPlayingBar, ids: list[TrackId]
) -> None:
    transport = bar.transport
    app.playback.play_tracks(ids)
    qtbot.waitUntil(lambda: transport.toggle.accessibleName() == "Pause")
    transport.toggle.click()
    assert app.playback.status().state is PlayerState.PAUSED
    qtbot.waitUntil(lambda: transport.toggle.accessibleName() == "Play")
    transport.next.click()
    assert app.playback.status().track_id == ids[1]


def test_repeat_has_three_states_in_words(
    qtbot: QtBot, app: Application, bar: NowPlayingBar
) -> None:
    seen = []
    for repeat in (Repeat.ALL, Repeat.ONE, Repeat.OFF):
        bar.transport.repeat.click()
        assert app.playback.queue_snapshot().repeat is repeat
        bar.refresh()
        seen.append(bar.transport.repeat.accessibleName())
    assert seen == ["All songs are repeated", "This song is repeated", "Repeat is off"]


def test_volume_and_mute(qtbot: QtBot, app: Application, bar: NowPlayingBar) -> None:
    bar.volume.slider.setValue(40)
    assert app.playback.status().volume == pytest.approx(0.4)
    bar.volume.toggle_mute()
    assert app.playback.status().muted
    player_commands.change_volume(app.playback, 0.05)
    assert not app.playback.status().muted, "whoever turns it up wants to hear it"
    assert app.playback.status().volume == pytest.approx(0.45)


def test_title_leads_to_the_song(
    qtbot: QtBot, app: Application, bar: NowPlayingBar, ids: list[TrackId]
) -> None:
    app.playback.play_tracks(ids)
    qtbot.waitUntil(lambda: bar.title == "Song 1")
    with qtbot.waitSignal(bar.show_track) as wanted:
        bar.go_to_playing()
    assert wanted.args == [ids[0]]


def test_asks_for_nothing_while_it_cannot_be_seen(
    qtbot: QtBot, app: Application, bar: NowPlayingBar, ids: list[TrackId]
) -> None:
    app.playback.play_tracks(ids)
    qtbot.waitUntil(lambda: bar.is_following)
    bar.hide()
    assert not bar.is_following


def test_every_control_is_named_and_reached_by_tab(bar: NowPlayingBar) -> None:
    for control in bar.findChildren(QAbstractButton):
        assert control.accessibleName() or control.text() or not control.isEnabled()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    for slider in (bar.waveform, bar.volume.slider):
        assert slider.accessibleName()
        assert slider.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_queue_button_reports_how_many_songs_are_queued(
    qtbot: QtBot, app: Application, bar: NowPlayingBar, ids: list[TrackId]
) -> None:
    app.playback.enqueue(ids)
    qtbot.waitUntil(lambda: bar.queue_button.text() == "4")
    assert bar.queue_button.accessibleName() == "Queue, 4 songs"
    with qtbot.waitSignal(bar.queue_wanted):
        bar.queue_button.click()
