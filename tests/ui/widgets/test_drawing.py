from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from mecomp_desktop.ui.widgets.drawing import draw_band, draw_text

ROOM = QRect(10, 10, 80, 20)
GROUND, FILL, LINE = "#ffffff", "#336699", "#cc0000"


@pytest.fixture
def image(qapp: QApplication) -> QImage:
    made = QImage(100, 40, QImage.Format.Format_RGB32)
    made.fill(QColor(GROUND))
    return made


@pytest.fixture
def painter(image: QImage) -> Iterator[QPainter]:
    made = QPainter(image)
    yield made
    made.end()


def colour(image: QImage, x: int, y: int) -> str:
    return image.pixelColor(x, y).name()


def drawn_columns(image: QImage) -> list[int]:
    rows = range(image.height())
    return [x for x in range(image.width()) if any(colour(image, x, y) != GROUND for y in rows)]


def test_a_band_is_filled_and_its_corners_are_round(image: QImage, painter: QPainter) -> None:
    draw_band(painter, QRectF(ROOM), fill=FILL)
    assert colour(image, 50, 20) == FILL
    assert colour(image, 10, 10) == colour(image, 89, 29) == colour(image, 5, 20) == GROUND


def test_an_outline_leaves_the_inside_alone(image: QImage, painter: QPainter) -> None:
    draw_band(painter, QRectF(ROOM), outline=LINE)
    assert colour(image, 50, 10) == colour(image, 50, 29) == LINE
    assert colour(image, 50, 20) == GROUND


def test_without_colours_nothing_is_drawn(image: QImage, painter: QPainter) -> None:
    draw_band(painter, QRectF(ROOM))
    assert drawn_columns(image) == []


def test_a_long_text_stays_in_its_room(image: QImage, painter: QPainter) -> None:
    draw_text(painter, ROOM, "A name that goes on and on", painter.font(), FILL)
    columns = drawn_columns(image)
    assert min(columns) >= ROOM.left()
    assert max(columns) <= ROOM.right()


def test_a_short_text_stands_at_its_side(image: QImage, painter: QPainter) -> None:
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    draw_text(painter, ROOM, "1", painter.font(), FILL, right)
    assert min(drawn_columns(image)) > ROOM.center().x()
