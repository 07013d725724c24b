"""Where a context menu of a list opens, and what it is about: by mouse and by keyboard alike."""

from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView


def menu_index(view: QAbstractItemView, event: QContextMenuEvent) -> QModelIndex:
    """Return the item that the menu is about: under the pointer, or the current one by key."""
    if event.reason() == QContextMenuEvent.Reason.Keyboard:
        return view.currentIndex()
    return view.indexAt(view.viewport().mapFromGlobal(event.globalPos()))


def menu_place(view: QAbstractItemView, event: QContextMenuEvent) -> QPoint:
    """Return where the menu opens, on the screen."""
    if event.reason() == QContextMenuEvent.Reason.Keyboard:
        return view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).center())
    return event.globalPos()
