import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.desktop.integration import Desk, Integration
from mecomp_desktop.desktop.mpris import Mpris
from mecomp_desktop.desktop.session_bus import SessionBus
from mecomp_desktop.desktop.single_instance import SingleInstance
from mecomp_desktop.paths import Paths
from tests.support.session_services import (
    GNOME_SESSION,
    NOTIFICATIONS,
    POWER_MANAGEMENT,
    SessionServices,
)
from tests.support.ui import library_of, make_songs

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="needs a D-Bus daemon, which only desktops have"
)
Services = Callable[..., SessionServices]


@pytest.fixture
def app(qtbot: QtBot, paths: Paths, tmp_path: Path) -> Iterator[Application]:
    with library_of(paths, make_songs(tmp_path / "music", 3, 30.0), NullEngine()) as opened:
        yield opened


@pytest.fixture
def services(address: str) -> Iterator[Services]:
    made: list[SessionServices] = []

    def start(*names: str) -> SessionServices:
        made.append(SessionServices(address, names))
        return made[-1]

    yield start
    for service in made:
        service.close()


@pytest.fixture
def integration(
    qtbot: QtBot, app: Application, address: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Integration]:
    # The offscreen platform's window is always in front; the listener of this test is elsewhere.
    away = Qt.ApplicationState.ApplicationInactive
    monkeypatch.setattr(QGuiApplication, "applicationState", staticmethod(lambda: away))
    desk = Desk(lambda: None, lambda: None, lambda _files: None)
    bus = QDBusConnection.connectToBus(address, "integration")
    mpris = Mpris(app.playback, app.library, app.ratings, app.paths.cache, desk, bus)
    made = Integration(app, SingleInstance(app.paths.data), desk, mpris, SessionBus(address))
    yield made
    made.close()
    QDBusConnection.disconnectFromBus("integration")


def play(app: Application, number: int = 0) -> str:
    track = app.library.catalog().tracks[number]
    app.playback.play_tracks([track.id])
    return track.title


@pytest.mark.parametrize(
    ("name", "release"), [(POWER_MANAGEMENT, "UnInhibit"), (GNOME_SESSION, "Uninhibit")]
)
def test_the_computer_stays_awake_while_music_plays(
    qtbot: QtBot,
    app: Application,
    services: Services,
    integration: Integration,
    name: str,
    release: str,
) -> None:
    service = services(name)
    play(app)
    qtbot.waitUntil(lambda: len(service.of("Inhibit")) == 1, timeout=20_000)
    app.playback.pause()
    qtbot.waitUntil(lambda: len(service.of(release)) == 1, timeout=20_000)
    (cookie,) = service.of(release)[0].values
    assert cookie == 41  # the one that Inhibit gave
    app.settings.update(stay_awake=False)
    app.playback.play()
    qtbot.waitUntil(lambda: integration._playing, timeout=20_000)
    app.playback.pause()
    qtbot.waitUntil(lambda: not integration._playing, timeout=20_000)
    assert len(service.of("Inhibit")) == 1


def test_it_may_sleep_when_the_setting_is_switched_off_while_it_plays(
    qtbot: QtBot, app: Application, services: Services, integration: Integration
) -> None:
    service = services(POWER_MANAGEMENT)
    play(app)
    qtbot.waitUntil(lambda: len(service.of("Inhibit")) == 1, timeout=20_000)
    app.settings.update(stay_awake=False)
    qtbot.waitUntil(lambda: len(service.of("UnInhibit")) == 1, timeout=20_000)


def test_a_song_is_notified_only_if_wanted_and_replaces_the_last(
    qtbot: QtBot, app: Application, services: Services, integration: Integration
) -> None:
    service = services(NOTIFICATIONS)
    first = play(app, 0)
    qtbot.waitUntil(lambda: integration.tray.tooltip.startswith(first), timeout=20_000)
    assert not service.of("Notify")
    app.settings.update(notify_song=True)
    second = play(app, 1)
    qtbot.waitUntil(lambda: len(service.of("Notify")) == 1, timeout=20_000)
    third = play(app, 2)
    qtbot.waitUntil(lambda: len(service.of("Notify")) == 2, timeout=20_000)
    before, after = service.of("Notify")
    assert (before.values[1], before.values[3]) == (0, second)
    assert (after.values[1], after.values[3]) == (41, third)
    assert after.values[4] == "Artist 3 – Album 2"


def test_markup_in_names_is_no_markup(
    qtbot: QtBot, app: Application, services: Services, integration: Integration
) -> None:
    service = services(NOTIFICATIONS)
    app.settings.update(notify_song=True)
    track = app.library.catalog().tracks[0]
    tags = replace(track.tags, artists=("<3 & more",), album="")
    integration._notifications.show(replace(track, tags=tags), None)
    qtbot.waitUntil(lambda: len(service.of("Notify")) == 1, timeout=20_000)
    assert service.of("Notify")[0].values[4] == "&lt;3 &amp; more – Unknown album"


def test_without_services_the_music_goes_on(
    qtbot: QtBot, app: Application, integration: Integration
) -> None:
    title = play(app)
    qtbot.waitUntil(lambda: integration.tray.tooltip.startswith(title), timeout=20_000)
    app.playback.pause()
    qtbot.waitUntil(lambda: not integration._playing, timeout=20_000)


def test_the_tray_says_what_it_would_do(
    qtbot: QtBot, app: Application, integration: Integration
) -> None:
    texts = [action.text() for action in integration.tray.menu.actions() if action.text()]
    assert texts == ["Play", "Next song", "Previous song", "Show the window", "Quit"]
    title = play(app)
    qtbot.waitUntil(lambda: integration.tray.tooltip.startswith(title), timeout=20_000)
    texts = [action.text() for action in integration.tray.menu.actions() if action.text()]
    assert texts[1] == "Pause"
