import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QPixmap
from pytestqt.qtbot import QtBot

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.errors import UserError
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.cover_tiles import tile
from mecomp_desktop.ui.library.covers import Covers, scaled

SIDE = 32


def picture(width: int, height: int, colour: str = "#336699") -> bytes:
    """A PNG file of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know no devices here
    return bytes(data.data())


@pytest.fixture
def fetch(qtbot: QtBot) -> Callable[[Covers, str], QPixmap]:
    """Asks for a cover and waits until it is there."""

    def fetched(covers: Covers, key: str) -> QPixmap:
        found = covers.cover(key, key, TrackId(1), SIDE)
        if found is None:
            with qtbot.waitSignal(covers.ready, check_params_cb=lambda came: came == key):
                pass
            found = covers.cover(key, key, TrackId(1), SIDE)
        assert found is not None
        return found

    return fetched


def test_picture_is_cut_square_from_its_middle() -> None:
    image = QImage(90, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    for x in range(30, 60):
        for y in range(30):
            image.setPixelColor(x, y, QColor("#ffffff"))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know no devices here
    square = scaled(bytes(data.data()), SIDE)
    assert square is not None
    assert (square.width(), square.height()) == (SIDE, SIDE)
    assert square.pixelColor(1, 1).name() == "#ffffff"
    assert square.pixelColor(SIDE - 2, SIDE - 2).name() == "#ffffff"


@pytest.mark.parametrize("data", [None, b"", b"no picture", picture(8, 8)[:40]])
def test_no_picture_is_no_picture(data: bytes | None) -> None:
    assert scaled(data, SIDE) is None


def test_reads_off_the_gui_thread_and_once(
    bridge: Bridge, fetch: Callable[[Covers, str], QPixmap]
) -> None:
    threads: list[int] = []

    def read(_track_id: TrackId, _size_px: int) -> bytes:
        threads.append(threading.get_ident())
        return picture(64, 64)

    covers = Covers(read, bridge)
    first = fetch(covers, "album")
    assert first.toImage().pixelColor(5, 5).name() == "#336699"
    assert fetch(covers, "album").cacheKey() == first.cacheKey()
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


def test_without_a_cover_there_is_a_tile_in_the_theme(
    bridge: Bridge, fetch: Callable[[Covers, str], QPixmap]
) -> None:
    covers = Covers(lambda _track_id, _size_px: None, bridge)
    assert fetch(covers, "album").toImage() == tile("album", SIDE, dark=False).toImage()
    bridge.theme.choose("dark")
    assert fetch(covers, "album").toImage() == tile("album", SIDE, dark=True).toImage()


def test_file_that_cannot_be_read_has_a_tile(
    bridge: Bridge, fetch: Callable[[Covers, str], QPixmap]
) -> None:
    def fails(_track_id: TrackId, _size_px: int) -> bytes:
        raise UserError("gone")

    covers = Covers(fails, bridge)
    assert fetch(covers, "album").toImage() == tile("album", SIDE, dark=False).toImage()


def test_memory_stays_bounded(bridge: Bridge, fetch: Callable[[Covers, str], QPixmap]) -> None:
    cover_bytes = SIDE * SIDE * 4
    covers = Covers(lambda _track_id, _size_px: picture(64, 64), bridge, max_bytes=5 * cover_bytes)
    for number in range(20):
        fetch(covers, f"album {number}")
    assert covers.bytes_kept == 5 * cover_bytes
    assert covers.cover("album 19", "", TrackId(1), SIDE) is not None


def test_what_was_shown_last_is_kept(
    bridge: Bridge, fetch: Callable[[Covers, str], QPixmap]
) -> None:
    covers = Covers(
        lambda _track_id, _size_px: picture(64, 64), bridge, max_bytes=2 * SIDE * SIDE * 4
    )
    fetch(covers, "first")
    fetch(covers, "second")
    fetch(covers, "first")
    fetch(covers, "third")
    assert covers.cover("first", "", TrackId(1), SIDE) is not None
    assert covers.cover("second", "", TrackId(1), SIDE) is None


def test_picture_larger_than_the_whole_cache_is_shown(
    bridge: Bridge, fetch: Callable[[Covers, str], QPixmap]
) -> None:
    reads: list[TrackId] = []

    def read(track_id: TrackId, _size_px: int) -> bytes:
        reads.append(track_id)
        return picture(64, 64)

    covers = Covers(read, bridge, max_bytes=SIDE)
    first = fetch(covers, "album")
    assert fetch(covers, "album").cacheKey() == first.cacheKey()
    assert len(reads) == 1


def test_changed_file_shows_its_new_cover_without_a_blank(
    bridge: Bridge, fetch: Callable[[Covers, str], QPixmap], qtbot: QtBot
) -> None:
    colour = ["#336699"]
    covers = Covers(lambda _track_id, _size_px: picture(64, 64, colour[0]), bridge)
    fetch(covers, "album")
    before = covers.bytes_kept
    colour[0] = "#aa2211"
    covers.renew()
    with qtbot.waitSignal(covers.ready):
        old = covers.cover("album", "", TrackId(1), SIDE)
    assert old is not None
    assert old.toImage().pixelColor(5, 5).name() == "#336699"
    assert fetch(covers, "album").toImage().pixelColor(5, 5).name() == "#aa2211"
    assert covers.bytes_kept == before


def test_what_was_asked_for_last_is_read_first(bridge: Bridge, qtbot: QtBot) -> None:
    order: list[TrackId] = []
    hold = threading.Event()

    def read(track_id: TrackId, _size_px: int) -> bytes:
        order.append(track_id)
        hold.wait(5)
        return picture(8, 8)

    covers = Covers(read, bridge)
    for number in range(1, 7):
        covers.cover(number, "", TrackId(number), SIDE)
    hold.set()
    qtbot.waitUntil(lambda: len(order) == 6)
    assert set(order[:2]) == {1, 2}
    assert order.index(TrackId(6)) < order.index(TrackId(3))


def test_tile_depends_on_the_name_alone(bridge: Bridge) -> None:
    def drawn(name: str) -> QImage:
        return tile(name, 64, dark=False).toImage()

    assert drawn("Kind of Blue") == drawn("Kind of Blue")
    assert len({bytes(drawn(f"album {number}").constBits()) for number in range(12)}) >= 10


def test_tile_has_few_tones(bridge: Bridge) -> None:
    image = tile("album", 64, dark=True).toImage()
    tones = [image.pixelColor(x, y).name() for x in range(64) for y in range(64)]
    common = sorted(set(tones), key=tones.count, reverse=True)[:2]
    assert sum(tones.count(tone) for tone in common) > 0.85 * len(tones)
