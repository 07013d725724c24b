"""A page that is made when it is looked at for the first time, so that the start is quick."""

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mecomp_desktop.ui.qt_guard import guarded


class LazyPage(QWidget):
    """Stands where the page will be.

    Args:
        make: Makes the page; called once, when the place is shown.
    """

    def __init__(self, make: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._page: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def page(self) -> QWidget | None:
        """The page, once it has been made."""
        return self._page

    @guarded()
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Make the page if it is not there yet."""
        if self._page is None:
            self._page = self._make()
            self._column.addWidget(self._page)
            self.setFocusProxy(self._page)
        super().showEvent(event)
