import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player.waveform import Waveform

PEAKS = bytes(range(200)) + bytes(range(200, 0, -1))


@pytest.fixture
def waveform(qtbot: QtBot, bridge: Bridge) -> Waveform:
    made = Waveform(bridge)
    qtbot.addWidget(made)
    made.resize(408, 40)
    made.show_song(100.0)
    made.show()
    return made


def test_click_seeks(waveform: Waveform, qtbot: QtBot) -> None:
    with qtbot.waitSignal(waveform.sought) as sought:
        qtbot.mouseClick(waveform, Qt.MouseButton.LeftButton, pos=QPoint(204, 20))
    assert sought.args[0] == pytest.approx(50.0, abs=0.5)


def test_drag_seeks_once_where_it_ends(waveform: Waveform, qtbot: QtBot) -> None:
    sought: list[float] = []
    waveform.sought.connect(sought.append)
    qtbot.mousePress(waveform, Qt.MouseButton.LeftButton, pos=QPoint(104, 20))
    qtbot.mouseMove(waveform, QPoint(204, 20))
    waveform.show_position(3.0)
    assert waveform.value() != 3_000, "the music does not pull the handle away"
    qtbot.mouseRelease(waveform, Qt.MouseButton.LeftButton, pos=QPoint(304, 20))
    assert sought == [pytest.approx(75.0, abs=0.5)]


@pytest.mark.parametrize(
    ("key", "expected"), [(Qt.Key.Key_Right, 55.0), (Qt.Key.Key_Left, 45.0), (Qt.Key.Key_Home, 0)]
)
def test_keys_seek(waveform: Waveform, qtbot: QtBot, key: Qt.Key, expected: float) -> None:
    waveform.show_position(50.0)
    with qtbot.waitSignal(waveform.sought) as sought:
        qtbot.keyClick(waveform, key)
    assert sought.args == [expected]


def test_following_the_music_seeks_nothing(waveform: Waveform, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(waveform.sought):
        waveform.show_position(10.0)
        waveform.show_song(50.0)


def test_is_a_slider_to_a_screen_reader(waveform: Waveform) -> None:
    interface = QAccessible.queryAccessibleInterface(waveform)
    assert interface.role() == QAccessible.Role.Slider
    assert interface.valueInterface().maximumValue() == 100_000


def test_no_song_cannot_be_sought(waveform: Waveform) -> None:
    waveform.show_song(0.0)
    assert not waveform.isEnabled()


def test_draws_the_shape_once_it_is_there(waveform: Waveform, bridge: Bridge) -> None:
    def accents() -> int:
        picture = waveform.grab().toImage()
        colour = bridge.theme.colours.of("accent").rgb()
        return sum(picture.pixel(x, 10) == colour for x in range(6, picture.width() - 6))

    waveform.show_position(60.0)
    assert accents() == 0, "the plain bar is thin"
    waveform.show_peaks(PEAKS)
    assert accents() > 20
    waveform.show_position(0.0)
    assert accents() == 0
