"""The window: pages at the left, one of them shown, the queue at the right, the player below."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from mecomp_desktop.ui.library.dragging import folders_in, playlists_in
from mecomp_desktop.ui.navigation import Navigation
from mecomp_desktop.ui.page import Page, PageSpec
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.queue_drawer import QueueDrawer
from mecomp_desktop.ui.widgets.basics import line
from mecomp_desktop.ui.window_state import Value

_FIRST_SIZE_PX = (1280, 800)
MIN_SIZE_PX = (800, 560)
NARROW_PX = 1000
"""Below this width the sidebar shows only icons and the queue is a drawer."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window is put together from.

    Attributes:
        navigation: The buttons of the pages.
        pages: The table of pages.
        make_page: Makes a page of the table.
        queue: The panel at the right.
        player: The bar below.
        status: The strip at the bottom.
    """

    navigation: Navigation
    pages: Sequence[PageSpec]
    make_page: Callable[[PageSpec], Page]
    queue: QWidget
    player: QWidget
    status: QWidget


class MainWindow(QMainWindow):
    """Lays the parts out, shows one page at a time, and remembers sizes.

    Signals:
        closing: The listener closes the window.
        folders_dropped: The folders that were dropped on it (list of `Path`).
        playlists_dropped: The playlist files that were dropped on it (list of `Path`).
        dropping: Whether folders are held above it.
        page_made: The name of a page that was made just now.
    """

    closing = Signal()
    folders_dropped = Signal(list)
    playlists_dropped = Signal(list)
    dropping = Signal(bool)
    page_made = Signal(str)

    def __init__(self, parts: Parts, title: str) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.resize(*_FIRST_SIZE_PX)
        self.setMinimumSize(*MIN_SIZE_PX)
        self.setAcceptDrops(True)
        self._parts = parts
        self._specs = {spec.name: spec for spec in parts.pages}
        self._pages: dict[str, Page] = {}
        self._page_states: dict[str, Value] = {}
        self._stack = QStackedWidget()
        self.drawer = QueueDrawer(self._stack, parts.queue)
        self.setCentralWidget(self._lay_out())
        for spec in parts.pages:
            if not spec.is_lazy:
                self._make(spec)
        parts.navigation.chosen.connect(self.go)
        self._current = parts.pages[0].name
        self.go(self._current)

    @property
    def page_name(self) -> str:
        """The name of the page that is shown."""
        return self._current

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._pages[self._current]

    @property
    def pages(self) -> Mapping[str, Page]:
        """The pages that have been made, by name."""
        return self._pages

    def go(self, name: str) -> None:
        """Show a page."""
        if name not in self._pages:
            self._make(self._specs[name])
        self._current = name
        self._stack.setCurrentWidget(self._pages[name])
        self._parts.navigation.set_current(name)

    def visit(self, name: str) -> None:
        """Show a page and bring the keyboard to what the page names for it."""
        self.go(name)
        target = self.page.first_focus()
        # A control that is hidden or disabled would swallow the keyboard without showing it.
        if target is None or not (target.isVisible() and target.isEnabled()):
            target = self._parts.navigation.button(name)
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def state(self) -> dict[str, Value]:
        """Return what to remember, as JSON values."""
        return {
            "geometry": _text(self.saveGeometry()),
            "queue": self.drawer.state(),
            "place": self._current,
            # Pages that were not made this time keep what they remembered.
            "pages": self._page_states | {name: p.state() for name, p in self._pages.items()},
        }

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up a remembered state; whatever is missing or wrong stays as it is."""
        geometry, queue = state.get("geometry"), state.get("queue")
        place, pages = state.get("place"), state.get("pages")
        if isinstance(geometry, str):
            self.restoreGeometry(_data(geometry))
        if isinstance(queue, dict):
            self.drawer.restore(queue)
        if isinstance(pages, dict):
            self._page_states = pages
        for name in self._pages:
            self._restore_page(name)
        if isinstance(place, str) and place in self._specs:
            self.go(place)

    @guarded()
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, Qt's name
        """Fold the sidebar and the queue where there is little room."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        self._parts.navigation.set_folded(narrow)
        self.drawer.set_narrow(narrow)

    @guarded()
    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802, Qt's name
        """Tell that the listener closes the window."""
        self.closing.emit()
        event.accept()

    @guarded()
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802, Qt's name
        """Accept folders and playlist files."""
        if playlists_in(event.mimeData()):
            event.acceptProposedAction()
        if folders_in(event.mimeData()):
            event.acceptProposedAction()
            self.dropping.emit(True)

    @guarded()
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802, Qt's name
        """The folders went elsewhere."""
        self.dropping.emit(False)

    @guarded()
    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802, Qt's name
        """Take the folders."""
        self.dropping.emit(False)
        event.acceptProposedAction()
        if folders := folders_in(event.mimeData()):
            self.folders_dropped.emit(folders)
        if playlists := playlists_in(event.mimeData()):
            self.playlists_dropped.emit(playlists)

    def _make(self, spec: PageSpec) -> None:
        page = self._pages[spec.name] = self._parts.make_page(spec)
        self._stack.addWidget(page)
        self._restore_page(spec.name)
        self.page_made.emit(spec.name)

    def _restore_page(self, name: str) -> None:
        state = self._page_states.get(name)
        if isinstance(state, dict):
            self._pages[name].restore(state)

    def _lay_out(self) -> QWidget:
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._parts.navigation)
        upper.addWidget(line(vertical=True))
        upper.addWidget(self.drawer, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(line())
        column.addWidget(self._parts.player)
        column.addWidget(self._parts.status)
        return whole


def _text(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")


def _data(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))
