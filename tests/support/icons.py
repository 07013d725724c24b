"""The program's icon in the sizes that icon themes want, drawn from its SVG.

``python -m tests.support.icons`` draws them anew after the SVG has changed.
"""

import os
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

RESOURCES = Path(__file__).parent.parent.parent / "resources"
SOURCE = RESOURCES / "icons" / "mecomp-desktop.svg"
THEME = RESOURCES / "desktop" / "icons" / "hicolor"
SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def file_of(size_px: int) -> Path:
    """Where the icon of a size lies."""
    return THEME / f"{size_px}x{size_px}" / "apps" / "mecomp-desktop.png"


def draw(size_px: int) -> QImage:
    """The icon, drawn in a size."""
    image = QImage(QSize(size_px, size_px), QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    return image


def main() -> None:
    """Draw all of them into the resources."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    for size_px in SIZES_PX:
        file_of(size_px).parent.mkdir(parents=True, exist_ok=True)
        draw(size_px).save(str(file_of(size_px)))
    application.quit()


if __name__ == "__main__":
    main()
