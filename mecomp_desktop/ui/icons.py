"""Icons from one set (Phosphor, through QtAwesome), tinted by role and again with the theme."""

import logging
from pathlib import Path
from typing import Protocol

import qtawesome
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QAbstractButton
from qtawesome.iconic_font import IconicFont

from mecomp_desktop.ui.colours import mix
from mecomp_desktop.ui.theme import Theme

_log = logging.getLogger(__name__)
_SET = "ph"


class _Font(Protocol):
    def icon(self, *names: str, **options: object) -> QIcon: ...


class Icons(QObject):
    """Makes icons by name (see phosphoricons.com, for example ``"play-fill"``).

    Only the one font is loaded: QtAwesome's own entry point would load eleven, at the cost of
    a tenth of a second at every start. Whatever goes wrong with it is logged once, and the
    widgets go on with their text and tooltips.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self._font = _load_font()
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
        if self._font is None:
            return QIcon()
        colours = self._theme.colours
        try:
            return self._font.icon(
                f"{_SET}.{name}",
                color=colours.of(role),
                color_on=colours.of(on_role),
                color_disabled=mix(colours.surface, colours.text, 0.3),
            )
        except Exception:
            # QtAwesome raises bare exceptions; an unknown name must not cost the window.
            _log.warning("no icon named %r", name)
            return QIcon()


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


def _load_font() -> _Font | None:
    directory = Path(qtawesome.__file__).parent / "fonts"
    try:
        letters = next(directory.glob("phosphor-[0-9]*.ttf"))
        names = next(directory.glob("phosphor-charmap-*.json"))
        font: _Font = IconicFont((_SET, letters.name, names.name, str(directory)))
    except Exception:
        _log.exception("the icons could not be loaded")
        return None
    return font
