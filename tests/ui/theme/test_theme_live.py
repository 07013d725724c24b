"""The theme as the desktop switches it: Qt's own way from D-Bus to a program of its own."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QProcess, QProcessEnvironment
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant
from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None,
    reason="needs a D-Bus daemon, through which desktops on Linux tell their colours",
)
_PATIENCE_MS = 60_000
_SAFELY_LATER_MS = 1_000
# Says which theme it wears: at first, and whenever that changes.
_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from mecomp_desktop.ui.theme.theme import Theme
application = QApplication([])
theme = Theme(application, sys.argv[1])
def say():
    print("dark" if theme.is_dark else "light", flush=True)
theme.changed.connect(say)
QTimer.singleShot(0, say)
application.exec()
"""


@dataclass
class Desktop:
    """A session bus on which this process is the desktop's portal; and a program on it."""

    bus: QDBusConnection
    window: QProcess
    qtbot: QtBot
    message: str = ""

    def start(self, choice: str) -> None:
        self.window.start(sys.executable, ["-c", _WINDOW, choice])
        self.expect(["light"])

    def expect(self, worn: list[str]) -> None:
        """Wait until the program has said that it wears these, one after the other."""

        def is_painted() -> bool:
            self.message += bytes(self.window.readAllStandardOutput().data()).decode()
            return self.message.split() == worn

        self.qtbot.waitUntil(is_painted, timeout=_PATIENCE_MS)

    def switch(self, scheme: int) -> None:
        """Tell everyone: 1 is dark, 2 is light."""
        message = QDBusMessage.createSignal(
            "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings", "SettingChanged"
        )
        message.setArguments(["org.freedesktop.appearance", "color-scheme", QDBusVariant(scheme)])
        assert self.bus.send(message)


@pytest.fixture
def desktop(qtbot: QtBot) -> Iterator[Desktop]:
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    bus = QDBusConnection.connectToBus(address, "portal")
    assert bus.registerService("org.freedesktop.portal.Desktop")
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("DBUS_SESSION_BUS_ADDRESS", address)
    environment.insert("QT_QPA_PLATFORMTHEME", "xdgdesktopportal")
    window = QProcess()
    window.setProcessEnvironment(environment)
    yield Desktop(bus, window, qtbot)
    window.kill()
    window.waitForFinished()
    QDBusConnection.disconnectFromBus("portal")
    daemon.terminate()
    daemon.communicate()


def test_follows_the_desktop_while_it_runs(desktop: Desktop) -> None:
    desktop.start("system")
    desktop.switch(1)
    desktop.expect(["light", "dark"])
    desktop.switch(2)
    desktop.expect(["light", "dark", "light"])


def test_what_was_chosen_stays(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.start("light")
    desktop.switch(1)
    qtbot.wait(_SAFELY_LATER_MS)
    desktop.expect(["light"])
