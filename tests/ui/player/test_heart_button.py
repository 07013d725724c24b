import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.rating import Subject
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player.now_playing_bar import NowPlayingBar


@pytest.fixture
def bar(qtbot: QtBot, app: Application, bridge: Bridge) -> NowPlayingBar:
    made = NowPlayingBar(app, bridge)
    qtbot.addWidget(made)
    made.resize(1200, 88)
    made.show()
    return made


def test_likes_what_plays(
    bar: NowPlayingBar, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    assert not bar.heart.isEnabled()
    assert bar.heart.menu_of_song() is None
    app.playback.play_tracks(ids)
    qtbot.waitUntil(bar.heart.isEnabled)
    qtbot.mouseClick(bar.heart, Qt.MouseButton.LeftButton)
    subject = Subject.song(app.library.catalog().track(ids[0]))
    assert app.ratings.of(subject).liked
    assert bar.heart.isChecked()
    app.playback.next()
    qtbot.waitUntil(lambda: not bar.heart.isChecked())
    app.playback.previous()
    qtbot.waitUntil(bar.heart.isChecked)


def test_its_menu_rates_what_plays(
    bar: NowPlayingBar, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    app.playback.play_tracks(ids)
    qtbot.waitUntil(bar.heart.isEnabled)
    menu = bar.heart.menu_of_song()
    assert menu is not None
    [rating] = [entry for entry in menu.actions() if entry.text() == "Rating"]
    submenu = rating.menu()
    [four] = [entry for entry in submenu.actions() if entry.text() == "4 stars"]  # type: ignore[attr-defined]
    four.trigger()
    menu.close()
    assert app.ratings.of(Subject.song(app.library.catalog().track(ids[0]))).stars == 4
    qtbot.waitUntil(lambda: "4 stars" in bar.heart.toolTip())
    assert bar.heart.accessibleName() == "Like, 4 stars"
