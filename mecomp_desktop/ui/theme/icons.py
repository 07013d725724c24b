"""Icons from one set (Phosphor), tinted by role and again with the theme.

They are letters of two bundled fonts, regular and filled: sharp at every size and scale, and in
any colour, without a file for each.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QIconEngine,
    QPainter,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton

from mecomp_desktop.paths import resource
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.colours import mix
from mecomp_desktop.ui.theme.theme import Theme

_log = logging.getLogger(__name__)
_FOLDER = "icons/phosphor"
_REGULAR_FONT, _FILL_FONT = "Phosphor.ttf", "Phosphor-Fill.ttf"
_FILL_SUFFIX = "-fill"
# The share of an icon's height that the letter takes; the rest is the letter's own bearing.
_LETTER_SHARE = 0.875


@dataclass(frozen=True, slots=True)
class _Fonts:
    """The icons as letters of two fonts."""

    regular: str
    filled: str
    letters: Mapping[str, str]

    def family_of(self, name: str) -> str:
        """Return the font that holds an icon: the filled ones' names say so."""
        return self.filled if name.endswith(_FILL_SUFFIX) else self.regular


class Icons(QObject):
    """Makes icons by name (see phosphoricons.com, for example ``"play-fill"``).

    If the fonts cannot be loaded that is logged, and the widgets go on with their text and
    tooltips.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self._fonts = _load_fonts()
        self._made: dict[tuple[str, str, str, bool], QIcon] = {}
        theme.changed.connect(self._made.clear)

    def icon(self, name: str, role: str = "text", on_role: str = "") -> QIcon:
        """Return an icon in the colours of now.

        Args:
            name: Its name in the set.
            role: The colour's role.
            on_role: The role while the button is checked; the same where empty.
        """
        key = (name, role, on_role, self._theme.is_dark)
        if key not in self._made:
            self._made[key] = self._make(name, role, on_role or role)
        return self._made[key]

    def pixmap(self, name: str, size_px: int, role: str = "text") -> QPixmap:
        """Return an icon as a square picture."""
        return self.icon(name, role).pixmap(QSize(size_px, size_px))

    def bind(
        self, button: QAbstractButton | QAction, name: str, role: str = "text", on_role: str = ""
    ) -> None:
        """Give a button or an action an icon that follows the theme; may be called again."""
        button.setProperty("icon_name", (name, role, on_role))
        button.setIcon(self.icon(name, role, on_role))
        if not button.property("icon_follows"):
            button.setProperty("icon_follows", True)
            # The button owns the connection: it ends with the button.
            _Follower(self, self._theme, button)

    def _make(self, name: str, role: str, on_role: str) -> QIcon:
        fonts = self._fonts
        letter = fonts.letters.get(name) if fonts else None
        if fonts is None or letter is None:
            _log.warning("no icon named %r", name)
            return QIcon()
        colours = self._theme.colours
        off = QColor(mix(colours.surface, colours.text, 0.3))
        family = fonts.family_of(name)
        return QIcon(_Letter(family, letter, colours.of(role), colours.of(on_role), off))


class _Letter(QIconEngine):
    """Draws one letter of an icon font, at any size."""

    def __init__(self, family: str, letter: str, colour: QColor, on: QColor, off: QColor) -> None:
        super().__init__()
        self._family, self._letter = family, letter
        self._colour, self._on, self._off = colour, on, off

    @guarded()
    def clone(self) -> QIconEngine:
        """Return a copy, as Qt wants one when an icon is changed."""
        return _Letter(self._family, self._letter, self._colour, self._on, self._off)

    @guarded()
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the letter into a square."""
        font = QFont(self._family)
        font.setPixelSize(max(1, round(rect.height() * _LETTER_SHARE)))
        colour = self._on if state == QIcon.State.On else self._colour
        painter.save()
        painter.setFont(font)
        painter.setPen(self._off if mode == QIcon.Mode.Disabled else colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.restore()

    @guarded(QPixmap)
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the letter as a picture."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture


class _Follower(QObject):
    """Keeps one button's icon in the theme's colours; a child of the button."""

    def __init__(self, icons: Icons, theme: Theme, button: QAbstractButton | QAction) -> None:
        super().__init__(button)
        self._icons = icons
        self._button = button
        theme.changed.connect(self._renew)

    def _renew(self) -> None:
        name, role, on_role = self._button.property("icon_name")
        self._button.setIcon(self._icons.icon(name, role, on_role))


def _load_fonts() -> _Fonts | None:
    folder = resource(_FOLDER)
    try:
        names = json.loads((folder / "codepoints.json").read_text(encoding="utf-8"))
        letters = {name: chr(int(code, 16)) for name, code in names.items()}
        return _Fonts(_load(folder / _REGULAR_FONT), _load(folder / _FILL_FONT), letters)
    except (OSError, ValueError):
        _log.exception("the icons could not be loaded")
        return None


def _load(file: Path) -> str:
    """Give Qt a font; return the family that it is known by."""
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))
    if not families:
        raise ValueError(f"{file} is no font that Qt can read")
    return families[0]
