"""The list of pages at the left edge of the window; only their icons where it is narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.page import PageSpec
from mecomp_desktop.ui.pages import PAGES
from mecomp_desktop.ui.widgets.basics import PushButton, label, surface

WIDTH_PX = 200
FOLDED_WIDTH_PX = 64
_ICON_PX = 18
_BADGE_HEIGHT_PX = 18


class _Button(PushButton):
    """One entry, with an optional number at its right edge."""

    def __init__(self, bridge: Bridge, title: str, icon: str, keys: str = "") -> None:
        super().__init__(title)
        self._title = title
        self.setProperty("kind", "nav")
        self.setIconSize(QSize(_ICON_PX, _ICON_PX))
        bridge.icons.bind(self, icon, "muted", "accent")
        self.setToolTip(f"{title}  ({keys})" if keys else title)
        self.setAccessibleName(title)
        self._badge: QLabel = label("", "badge")
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.setFixedHeight(_BADGE_HEIGHT_PX)
        self._badge.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 10, 0)
        self._row.addStretch()
        self._row.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_badge(self, number: int) -> None:
        """Show a number; none for 0."""
        self._badge.setVisible(number > 0)
        self._badge.setText(f"{number:,}")
        self.setAccessibleName(f"{self._title}, {number:,} to look at" if number else self._title)

    def set_folded(self, folded: bool) -> None:
        """Show the icon alone, or with the title."""
        self.setText("" if folded else self._title)
        self.setProperty("folded", folded)
        self.style().polish(self)
        corner = Qt.AlignmentFlag.AlignTop if folded else Qt.AlignmentFlag.AlignVCenter
        self._row.setContentsMargins(0, 0, 0 if folded else 10, 0)
        self._row.setAlignment(self._badge, corner)


class Navigation(QWidget):
    """The pages, the one that is shown marked, and the menu.

    Signals:
        chosen: The name of a page, when the listener picks it.
        menu_wanted: The listener wants the menu.
    """

    chosen = Signal(str)
    menu_wanted = Signal()

    def __init__(
        self, bridge: Bridge, pages: Sequence[PageSpec] = PAGES, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        surface(self)
        self.setFixedWidth(WIDTH_PX)
        self._is_folded = False
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _Button] = {}
        self.menu_button = _Button(bridge, "Menu", "list")
        self.menu_button.clicked.connect(lambda _checked=False: self.menu_wanted.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 8, 8)
        column.setSpacing(2)
        for page in (page for page in pages if not page.at_bottom):
            column.addWidget(self._page_button(bridge, page))
        column.addStretch()
        for page in (page for page in pages if page.at_bottom):
            column.addWidget(self._page_button(bridge, page))
        column.addWidget(self.menu_button)

    @property
    def is_folded(self) -> bool:
        """Whether only the icons are shown."""
        return self._is_folded

    def set_folded(self, folded: bool) -> None:
        """Show only the icons, or the titles as well."""
        if folded == self._is_folded:
            return
        self._is_folded = folded
        self.setFixedWidth(FOLDED_WIDTH_PX if folded else WIDTH_PX)
        for made in (*self._buttons.values(), self.menu_button):
            made.set_folded(folded)

    def button(self, name: str) -> PushButton:
        """Return the button of a page."""
        return self._buttons[name]

    def set_current(self, name: str) -> None:
        """Mark the page that is shown."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    def set_badge(self, name: str, number: int) -> None:
        """Show how many things wait on a page; none for 0."""
        self._buttons[name].set_badge(number)

    def _page_button(self, bridge: Bridge, page: PageSpec) -> _Button:
        made = _Button(bridge, page.title, page.icon, page.keys)
        made.setCheckable(True)
        made.clicked.connect(lambda _checked=False, name=page.name: self.chosen.emit(name))
        self._buttons[page.name] = made
        self._group.addButton(made)
        return made
