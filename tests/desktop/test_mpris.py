import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.desktop.mpris import Mpris
from mecomp_desktop.desktop.mpris_adaptors import Desk
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.domain.rating import Subject
from mecomp_desktop.paths import Paths
from tests.support.ui import library_of, make_songs

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None or shutil.which("dbus-send") is None,
    reason="needs a D-Bus daemon, which only desktops with D-Bus have",
)
_NAME = "org.mpris.MediaPlayer2.mecomp_desktop"
_PLAYER = "org.mpris.MediaPlayer2.Player"
Call = Callable[..., str]


class Asked:
    """What the desktop has asked of the window."""

    def __init__(self) -> None:
        self.actions: list[object] = []

    def desk(self) -> Desk:
        return Desk(
            lambda: self.actions.append("forward"),
            lambda: self.actions.append("end"),
            self.actions.append,
        )


@pytest.fixture
def app(qtbot: QtBot, paths: Paths, tmp_path: Path) -> Iterator[Application]:
    with library_of(paths, make_songs(tmp_path / "music", 3), NullEngine()) as opened:
        yield opened


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def mpris(qtbot: QtBot, app: Application, address: str, asked: Asked) -> Iterator[Mpris]:
    bus = QDBusConnection.connectToBus(address, "test")
    made = Mpris(app.playback, app.library, app.ratings, app.paths.cache, asked.desk(), bus)
    assert made.open()
    yield made
    made.close()
    QDBusConnection.disconnectFromBus("test")


@pytest.fixture
def call(qtbot: QtBot, mpris: Mpris, address: str) -> Call:
    def send(method: str, *arguments: str) -> str:
        command = ["dbus-send", f"--bus={address}", "--print-reply", f"--dest={_NAME}"]
        command += ["/org/mpris/MediaPlayer2", method, *arguments]
        client = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        qtbot.waitUntil(lambda: client.poll() is not None, timeout=10_000)
        return client.communicate()[0]

    return send


def get(call: Call, name: str) -> str:
    return call("org.freedesktop.DBus.Properties.Get", f"string:{_PLAYER}", f"string:{name}")


def test_media_keys_steer_the_player(qtbot: QtBot, app: Application, call: Call) -> None:
    ids = [track.id for track in app.library.catalog().tracks]
    app.playback.play_tracks(ids)
    call(f"{_PLAYER}.PlayPause")
    assert app.playback.status().state is PlayerState.PAUSED
    call(f"{_PLAYER}.Next")
    assert app.playback.status().track_id == ids[1]
    call(f"{_PLAYER}.Stop")
    assert app.playback.status().state is PlayerState.STOPPED


def test_desktop_sees_the_song(qtbot: QtBot, app: Application, call: Call) -> None:
    track = app.library.catalog().tracks[0]
    app.playback.play_tracks([track.id])
    metadata = get(call, "Metadata")
    assert f'string "{track.title}"' in metadata
    assert track.path.as_uri() in metadata
    assert "mpris:length" in metadata
    assert '"Playing"' in get(call, "PlaybackStatus")


def test_desktop_sees_the_rating_and_its_change(qtbot: QtBot, app: Application, call: Call) -> None:
    track = app.library.catalog().tracks[0]
    app.playback.play_tracks([track.id])
    app.playback.pause()
    assert "xesam:userRating" not in get(call, "Metadata")
    app.ratings.rate([Subject.song(track)], 7)
    metadata = get(call, "Metadata")
    assert "double 0.7" in metadata[metadata.index("xesam:userRating") :]


def test_position_is_a_whole_number_of_microseconds(
    qtbot: QtBot, app: Application, call: Call
) -> None:
    app.playback.play_tracks([app.library.catalog().tracks[0].id])
    app.playback.pause()
    app.playback.seek(1.0)
    qtbot.waitUntil(lambda: "int64 1000000" in get(call, "Position"), timeout=10_000)


def test_position_of_another_song_is_ignored(app: Application, call: Call) -> None:
    app.playback.play_tracks([app.library.catalog().tracks[0].id])
    app.playback.pause()
    call(f"{_PLAYER}.SetPosition", "objpath:/some/other/song", "int64:1500000")
    assert app.playback.status().position_s < 1.0


def test_modes_can_be_set(app: Application, call: Call) -> None:
    def put(name: str, value: str) -> None:
        arguments = (f"string:{_PLAYER}", f"string:{name}", f"variant:{value}")
        call("org.freedesktop.DBus.Properties.Set", *arguments)

    put("LoopStatus", "string:Playlist")
    put("Shuffle", "boolean:true")
    put("Volume", "double:0.25")
    assert app.playback.queue_snapshot().repeat is Repeat.ALL
    assert app.playback.queue_snapshot().shuffle
    assert app.playback.status().volume == pytest.approx(0.25)


def test_changes_are_emitted(qtbot: QtBot, app: Application, mpris: Mpris, address: str) -> None:
    rule = "type='signal',interface='org.freedesktop.DBus.Properties'"
    monitor = subprocess.Popen(
        ["dbus-monitor", "--address", address, rule], stdout=subprocess.PIPE, text=True
    )
    assert monitor.stdout is not None
    # The monitor's first line says that it listens.
    assert monitor.stdout.readline()
    app.playback.play_tracks([app.library.catalog().tracks[0].id])
    mpris.refresh()
    seen = ""
    while "PlaybackStatus" not in seen:
        line = monitor.stdout.readline()
        assert line, seen
        seen += line
    monitor.terminate()
    monitor.communicate()
    assert "member=PropertiesChanged" in seen


def test_window_is_raised_ended_and_given_files(call: Call, asked: Asked) -> None:
    call("org.mpris.MediaPlayer2.Raise")
    call(f"{_PLAYER}.OpenUri", "string:file:///music/a%20b.flac")
    call("org.mpris.MediaPlayer2.Quit")
    assert asked.actions == ["forward", [Path("/music/a b.flac")], "end"]


def test_without_a_bus_nothing_happens(app: Application, asked: Asked) -> None:
    bus = QDBusConnection("nowhere")
    alone = Mpris(app.playback, app.library, app.ratings, app.paths.cache, asked.desk(), bus)
    assert not alone.open()
    alone.close()
