import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from mecomp_desktop.desktop.single_instance import SingleInstance

_SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from mecomp_desktop.desktop.single_instance import SingleInstance
app = QCoreApplication([])
first = SingleInstance(Path(sys.argv[1])).claim([Path(name) for name in sys.argv[2:]])
print("first" if first else "second")
"""


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path) -> Iterator[SingleInstance]:
    instance = SingleInstance(tmp_path)
    assert instance.claim()
    yield instance
    instance.close()


def start(data: Path, *files: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _SECOND, str(data), *files], stdout=subprocess.PIPE, text=True
    )


def test_second_start_hands_its_files_over(
    qtbot: QtBot, first: SingleInstance, tmp_path: Path
) -> None:
    odd = os.fsdecode(b"/music/caf\xe9.mp3")
    with qtbot.waitSignal(first.handed_over, timeout=20_000) as handed:
        second = start(tmp_path, "/music/one.flac", odd)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert handed.args == [[Path("/music/one.flac"), Path(odd)]]
    assert second.communicate()[0] == "second\n"


def test_second_start_without_files_only_asks_to_come_forward(
    qtbot: QtBot, first: SingleInstance, tmp_path: Path
) -> None:
    with qtbot.waitSignal(first.handed_over, timeout=20_000) as handed:
        second = start(tmp_path)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    second.communicate()
    assert handed.args == [[]]


def test_other_data_is_another_instance(first: SingleInstance, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere_instance = SingleInstance(elsewhere)
    assert elsewhere_instance.claim()
    elsewhere_instance.close()


def test_crash_leaves_nothing_in_the_way(qtbot: QtBot, tmp_path: Path) -> None:
    crash = _SECOND + "\nsys.stdout.flush()\nimport os\nos.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", crash, str(tmp_path)], check=False)
    after = SingleInstance(tmp_path)
    assert after.claim()
    after.close()


def test_nonsense_on_the_socket_only_brings_the_window_forward(
    qtbot: QtBot, first: SingleInstance
) -> None:
    socket = QLocalSocket()
    socket.connectToServer(first._name)
    with qtbot.waitSignal(first.handed_over, timeout=5_000) as handed:
        socket.write(b"[1, 2\n")
    assert handed.args == [[]]
    socket.abort()
