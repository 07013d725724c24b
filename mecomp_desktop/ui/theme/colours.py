"""Colours by role, in two tables."""

from dataclasses import dataclass

from PySide6.QtGui import QColor


def mix(under: str, over: str, share: float) -> str:
    """Return the colour of ``over`` laid on ``under`` with this opacity, both ``#rrggbb``."""
    pairs = zip(_channels(under), _channels(over), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast ratio of two ``#rrggbb`` colours, 1 to 21."""
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme: a ``#rrggbb`` colour for every role.

    Attributes:
        base: Behind lists and pages.
        surface: Behind the side panels and bars.
        raised: Fields, buttons, menus.
        text: What is read.
        muted: What is read second.
        line: Hairlines between areas.
        accent: The one colour: what plays, what is on, the main button.
        on_accent: Text on the accent.
        danger: What went wrong.
    """

    base: str
    surface: str
    raised: str
    text: str
    muted: str
    line: str
    accent: str
    on_accent: str
    danger: str

    @property
    def hover(self) -> str:
        """Behind a row under the pointer."""
        return mix(self.base, self.text, 0.05)

    @property
    def selected(self) -> str:
        """Behind a selected row."""
        return mix(self.base, self.accent, 0.14)

    @property
    def pressed(self) -> str:
        """Behind a button while it is held."""
        return mix(self.raised, self.text, 0.12)

    @property
    def accent_hover(self) -> str:
        """The accent under the pointer."""
        return mix(self.accent, self.on_accent, 0.10)

    def of(self, role: str) -> QColor:
        """Return the colour of a role (``"text"``, ``"accent"`` …) for painting."""
        return QColor(getattr(self, role))


LIGHT = Colours(
    base="#fbfaf8",
    surface="#f3f1ed",
    raised="#ffffff",
    text="#211e1a",
    muted="#67615a",
    line="#e2ded7",
    accent="#a93f0d",
    on_accent="#ffffff",
    danger="#ad1240",
)
DARK = Colours(
    base="#181614",
    surface="#201e1b",
    raised="#2c2926",
    text="#f1eee9",
    muted="#aaa39a",
    line="#37332f",
    accent="#f6a06b",
    on_accent="#2b1204",
    danger="#ff8098",
)
