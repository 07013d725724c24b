"""The list of places at the left edge of the window."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.shortcuts import shortcut
from mecomp_desktop.ui.widgets.basics import label, surface

WIDTH_PX = 200


@dataclass(frozen=True, slots=True)
class Place:
    """One place the window can show.

    Attributes:
        name: The name that the code knows it by; ``go.<name>`` is its shortcut.
        words: What the listener reads.
        icon: The icon's name.
        last: Stands at the bottom, apart from the music.
    """

    name: str
    words: str
    icon: str
    last: bool = False


PLACES = (
    Place("songs", "Songs", "music-note"),
    Place("albums", "Albums", "disc"),
    Place("artists", "Artists", "microphone"),
    Place("quiz", "Quiz", "headphones"),
    Place("activity", "Activity", "activity", last=True),
    Place("settings", "Settings", "gear-six", last=True),
)


class _Button(QPushButton):
    """One place, with an optional number at its right edge."""

    def __init__(self, bridge: Bridge, place: Place) -> None:
        super().__init__(place.words)
        self.place = place
        self.setProperty("kind", "nav")
        self.setCheckable(True)
        self.setIconSize(QSize(18, 18))
        bridge.icons.bind(self, place.icon, "muted", "accent")
        keys = shortcut(f"go.{place.name}").keys[0]
        self.setToolTip(f"{place.words}  ({keys})")
        self.setAccessibleName(place.words)
        self._badge: QLabel = label("", "badge")
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.setFixedHeight(18)
        self._badge.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 10, 0)
        row.addStretch()
        row.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_badge(self, number: int) -> None:
        """Show a number; none for 0."""
        self._badge.setVisible(number > 0)
        self._badge.setText(f"{number:,}")
        words = f"{self.place.words}, {number:,} to look at" if number else self.place.words
        self.setAccessibleName(words)


class Navigation(QWidget):
    """The places; one of them is where the listener is.

    Attributes:
        chosen: The name of a place, when the listener picks it.
    """

    chosen = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        surface(self)
        self.setFixedWidth(WIDTH_PX)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _Button] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 8, 8)
        column.setSpacing(2)
        for place in PLACES:
            if place.last and not any(other.place.last for other in self._buttons.values()):
                column.addStretch()
            made = _Button(bridge, place)
            made.clicked.connect(lambda _checked=False, name=place.name: self.chosen.emit(name))
            self._buttons[place.name] = made
            self._group.addButton(made)
            column.addWidget(made)

    def set_current(self, name: str) -> None:
        """Mark the place that is shown; a page without a button marks none."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    def set_badge(self, name: str, number: int) -> None:
        """Show how many things wait at a place; none for 0."""
        self._buttons[name].set_badge(number)
