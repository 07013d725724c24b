"""Small building blocks that every page is made of."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded

ENTER_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class PushButton(QPushButton):
    """A button that Enter presses, as Space does; outside dialogs Qt leaves Enter unanswered."""

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, Qt's name
        """Click on Enter."""
        if event.key() in ENTER_KEYS:
            self.click()
        else:
            super().keyPressEvent(event)


class ToolButton(QToolButton):
    """A button with an icon that Enter presses, as Space does."""

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, Qt's name
        """Click on Enter."""
        if event.key() in ENTER_KEYS:
            self.click()
        else:
            super().keyPressEvent(event)


def label(text: str = "", role: str = "") -> QLabel:
    """Return plain text in a role of the style sheet: ``title``, ``muted``, and so on."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    return made


def button(
    text: str, clicked: Callable[[], object], kind: str = "", parent: QWidget | None = None
) -> QPushButton:
    """Return a button with words; ``kind`` is empty, ``primary``, ``quiet`` or ``link``."""
    made = PushButton(text, parent)
    if kind:
        made.setProperty("kind", kind)
    made.clicked.connect(lambda _checked=False: clicked())
    return made


def icon_button(
    bridge: Bridge,
    icon: str,
    name: str,
    clicked: Callable[[], object],
    keys: str = "",
    size_px: int = 20,
) -> ToolButton:
    """Return a button with only an icon.

    Args:
        bridge: For the icon and its colour.
        icon: The icon's name.
        name: What it does: the tooltip and the accessible name.
        clicked: Called on a click.
        keys: The shortcut to show in the tooltip.
        size_px: The icon's size.
    """
    made = ToolButton()
    made.setIconSize(QSize(size_px, size_px))
    made.setAccessibleName(name)
    made.setToolTip(f"{name}  ({keys})" if keys else name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    bridge.icons.bind(made, icon)
    made.clicked.connect(lambda _checked=False: clicked())
    return made


def line(*, vertical: bool = False) -> QFrame:
    """Return a hairline between two areas."""
    made = QFrame()
    made.setProperty("line", True)
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def surface(widget: QWidget, role: str = "surface") -> None:
    """Let a plain widget paint the background of a role: base, surface or raised."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setProperty("surface", role)


def show_page(stack: QStackedWidget, page: QWidget, focus: QWidget | None = None) -> None:
    """Show one page of a stack; the keyboard goes along if it was on the page before.

    The page is no focus proxy of its owner: a proxy takes everything between the two out of the
    order in which Tab goes, a search field above a list for one.

    Args:
        stack: Holds the pages.
        page: The page to show.
        focus: What gets the keyboard in it; the page itself by default.
    """
    before, focused = stack.currentWidget(), QApplication.focusWidget()
    had_keyboard = (
        before is not None
        and focused is not None
        and (before is focused or before.isAncestorOf(focused) or before.focusProxy() is focused)
    )
    stack.setCurrentWidget(page)
    if had_keyboard and before is not page:
        (focus or page).setFocus(Qt.FocusReason.OtherFocusReason)
