"""Action type: what a row of the table of actions says, and menus and keys made from rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from mecomp_desktop.ui.theme.icons import Icons

T = TypeVar("T")


def _always(_target: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Action(Generic[T]):
    """One thing that can be done.

    Attributes:
        action_id: The name that the code knows it by.
        words: What it does, as the list of shortcuts says it.
        group: The heading that it is listed under, in the list and in the menu.
        run: Does it; called with the window's commands or with what is selected.
        keys: Key sequences in Qt's portable text; the first is shown in tooltips and menus.
        menu_words: What the menu says; the same as ``words`` where empty.
        icon: The icon's name; empty for none.
        enabled: Whether it can be done now.
        in_menu: Whether menus offer it.
        line_above: Whether a line sets it apart from what stands above it in a menu.
        submenu: The menu within the menu that it is in, with its neighbours of the same; empty
            for none.
        checked: Whether a menu shows it as being so; ``None`` where that is no question.
    """

    action_id: str
    words: str
    group: str
    run: Callable[[T], object]
    keys: tuple[str, ...] = ()
    menu_words: str = ""
    icon: str = ""
    enabled: Callable[[T], bool] = _always
    in_menu: bool = True
    line_above: bool = False
    submenu: str = ""
    checked: Callable[[T], bool] | None = None

    @property
    def first_keys(self) -> str:
        """The first key sequence, as the desktop writes it; empty where there is none."""
        if not self.keys:
            return ""
        return QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def groups(actions: Iterable[Action[Any]]) -> tuple[str, ...]:
    """Return the headings, in the order in which they are listed."""
    return tuple(dict.fromkeys(entry.group for entry in actions))


def action_of_key(actions: Sequence[Action[T]], event: QKeyEvent) -> Action[T] | None:
    """Return the action that a key event asks for; ``None`` where it asks for none."""
    # The Enter key of the number block carries a modifier that no key sequence names.
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeySequence(event.key() | modifiers.value)
    return next(
        (entry for entry in actions if any(QKeySequence(keys) == pressed for keys in entry.keys)),
        None,
    )


def menu_of(actions: Sequence[Action[T]], target: T, icons: Icons, parent: QWidget) -> QMenu:
    """Return a context menu of these actions; it deletes itself once it is closed."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    fill_menu(menu, actions, target, icons)
    return menu


def fill_menu(menu: QMenu, actions: Sequence[Action[T]], target: T, icons: Icons) -> None:
    """Add these actions to a menu, each enabled as it is now."""
    for entry in actions:
        if not entry.in_menu:
            continue
        if entry.line_above:
            menu.addSeparator()
        keys = f"\t{entry.first_keys}" if entry.keys else ""
        made = _menu_for(menu, entry.submenu).addAction((entry.menu_words or entry.words) + keys)
        if entry.checked is not None:
            made.setCheckable(True)
            made.setChecked(entry.checked(target))
        made.setEnabled(entry.enabled(target))
        if entry.icon:
            icons.bind(made, entry.icon, "muted")
        made.triggered.connect(lambda _checked=False, entry=entry: entry.run(target))


def _menu_for(menu: QMenu, title: str) -> QMenu:
    """Return the submenu of this title that the menu ends with, made if need be; or the menu."""
    if not title:
        return menu
    entries = menu.actions()
    last = entries[-1].menu() if entries else None
    if isinstance(last, QMenu) and last.title() == title:
        return last
    return menu.addMenu(title)
