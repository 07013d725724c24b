"""Applies a table of colours to the whole application, follows the system, and sizes the text."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from mecomp_desktop.ui.theme.colours import DARK, LIGHT, Colours, mix
from mecomp_desktop.ui.theme.style import style_sheet

Choice = Literal["system", "light", "dark"]

TEXT_PX = 13
TITLE_PX = 20
CAPTION_PX = 11
ROW_PX = 36
UNIT_PX = 8

# Names that stand for "whatever there is"; behind them hides an arbitrary font.
_NO_CHOICE = {"sans serif", "sans", "sans-serif", "ms shell dlg 2"}
_PREFERRED = ("Inter", "Adwaita Sans", "Cantarell", "Noto Sans", "Roboto", "Ubuntu", "DejaVu Sans")


def tabular(font: QFont) -> QFont:
    """Return the font with figures of one width, so that numbers stand in columns."""
    figures = QFont(font)
    figures.setFeature(QFont.Tag("tnum"), 1)
    return figures


def sized(font: QFont, pixels: int, *, semibold: bool = False) -> QFont:
    """Return the font in another size, in pixels."""
    made = QFont(font)
    made.setPixelSize(pixels)
    if semibold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


class Theme(QObject):
    """Applies a table of colours to the whole application, live.

    Widgets that paint themselves read ``colours`` when they paint; ``changed`` tells those that
    keep something drawn (icons, pixmaps) to draw it anew.
    """

    changed = Signal()

    def __init__(self, application: QApplication, choice: str = "system") -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._colours = LIGHT
        application.setStyle("Fusion")
        application.setFont(_text_font(application.font()))
        application.styleHints().colorSchemeChanged.connect(self._apply)
        self.choose(choice)

    @property
    def colours(self) -> Colours:
        """The colours now in use."""
        return self._colours

    @property
    def is_dark(self) -> bool:
        """Whether the dark table is in use."""
        return self._colours is DARK

    @property
    def choice(self) -> str:
        """What was chosen; ``"system"`` follows the desktop."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Use the light table, the dark one, or whichever the desktop uses."""
        self._choice = choice
        hints = self._application.styleHints()
        # From Qt 6.8 on; it tells the window frame, too.
        if hasattr(hints, "setColorScheme"):
            schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
            hints.setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
        self._apply()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Build many widgets in here: they are dressed once, at the end.

        Else Qt goes through a part of the window each time that part is put into a larger one,
        which takes most of the time of a start.
        """
        self._application.setStyleSheet("")
        try:
            yield
        finally:
            self._application.setStyleSheet(style_sheet(self._colours))

    def _system_is_dark(self) -> bool:
        return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _apply(self) -> None:
        dark = self._choice == "dark" or (self._choice == "system" and self._system_is_dark())
        colours = DARK if dark else LIGHT
        if colours is self._colours and self._application.styleSheet():
            return
        self._colours = colours
        self._application.setPalette(palette(colours))
        self._application.setStyleSheet(style_sheet(colours))
        self.changed.emit()


def palette(colours: Colours) -> QPalette:
    """Return the palette for what the style sheet does not reach (and for painting by role)."""
    roles = {
        QPalette.ColorRole.Window: colours.base,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.base,
        QPalette.ColorRole.AlternateBase: colours.surface,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Button: colours.raised,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Highlight: colours.selected,
        QPalette.ColorRole.HighlightedText: colours.text,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Accent: colours.accent,
    }
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    off = QColor(mix(colours.base, colours.text, 0.4))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.WindowText,
    ):
        result.setColor(QPalette.ColorGroup.Disabled, role, off)
    return result


def _text_font(system: QFont) -> QFont:
    """Return the system's own font in our size, or a good one where the system names none."""
    font = QFont(system)
    if font.family().lower() in _NO_CHOICE:
        installed = set(QFontDatabase.families())
        font.setFamily(next((name for name in _PREFERRED if name in installed), font.family()))
    font.setPixelSize(TEXT_PX)
    return font
