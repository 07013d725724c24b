"""The window: places at the left, a page, the queue at the right, the player below."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mecomp_desktop.ui.library.dragging import folders_in
from mecomp_desktop.ui.navigation import Navigation
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import line
from mecomp_desktop.ui.window_state import Value

_FIRST_SIZE = (1280, 800)
_LEAST_SIZE = (760, 480)
_QUEUE_PX = 320


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window is put together from.

    Attributes:
        navigation: The places.
        pages: A page for each place, by name.
        queue: The panel at the right.
        player: The bar below.
        status: The strip at the bottom.
    """

    navigation: Navigation
    pages: Mapping[str, QWidget]
    queue: QWidget
    player: QWidget
    status: QWidget


class MainWindow(QMainWindow):
    """Lays the parts out, shows one page at a time, and remembers sizes.

    Attributes:
        closing: Emitted when the listener closes the window.
        folders_dropped: The folders that were dropped on it.
        dropping: Whether folders are held above it.
    """

    closing = Signal()
    folders_dropped = Signal(list)
    dropping = Signal(bool)

    def __init__(self, parts: Parts, title: str) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.resize(*_FIRST_SIZE)
        self.setMinimumSize(*_LEAST_SIZE)
        self.setAcceptDrops(True)
        self._parts = parts
        self._pages = QStackedWidget()
        for page in parts.pages.values():
            self._pages.addWidget(page)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self._pages)
        self._splitter.addWidget(parts.queue)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setCollapsible(0, False)
        self._splitter.setSizes([_FIRST_SIZE[0], _QUEUE_PX])
        self.setCentralWidget(self._lay_out())
        parts.navigation.chosen.connect(self.go)
        self.go(next(iter(parts.pages)))

    @property
    def place(self) -> str:
        """The name of the page that is shown."""
        shown = self._pages.currentWidget()
        return next(name for name, page in self._parts.pages.items() if page is shown)

    @property
    def page(self) -> QWidget:
        """The page that is shown."""
        return self._parts.pages[self.place]

    def go(self, name: str) -> None:
        """Show a page."""
        self._pages.setCurrentWidget(self._parts.pages[name])
        self._parts.navigation.set_current(name)

    def visit(self, name: str) -> None:
        """Show a page and bring the keyboard to what matters on it."""
        self.go(name)
        self.page.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not _takes_keys(self.focusWidget()):
            first = _first_control(self.page)
            if first is not None:
                first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def state(self) -> dict[str, Value]:
        """Return what to remember, as JSON values."""
        return {
            "geometry": _text(self.saveGeometry()),
            "splitter": _text(self._splitter.saveState()),
            "place": self.place,
        }

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up a remembered state; whatever is missing or wrong stays as it is."""
        geometry, splitter, place = (state.get(key) for key in ("geometry", "splitter", "place"))
        if isinstance(geometry, str):
            self.restoreGeometry(_data(geometry))
        if isinstance(splitter, str):
            self._splitter.restoreState(_data(splitter))
            self._splitter.setHandleWidth(1)
        if isinstance(place, str) and place in self._parts.pages:
            self.go(place)

    @guarded()
    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802, Qt's name
        """Tell that the listener closes the window."""
        self.closing.emit()
        event.accept()

    @guarded()
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802, Qt's name
        """Welcome folders."""
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
        self.folders_dropped.emit(folders_in(event.mimeData()))

    def _lay_out(self) -> QWidget:
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._parts.navigation)
        upper.addWidget(line(vertical=True))
        upper.addWidget(self._splitter, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(line())
        column.addWidget(self._parts.player)
        column.addWidget(self._parts.status)
        return whole


def _takes_keys(widget: QWidget | None) -> bool:
    # A plain page can be given the keyboard by a program, but nothing shows it or answers.
    return widget is not None and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _first_control(page: QWidget) -> QWidget | None:
    """Return what Tab would reach first on a page that names nothing itself."""
    one = page.nextInFocusChain()
    while one is not None and one is not page:
        if _takes_keys(one) and one.isEnabled() and one.isVisible() and page.isAncestorOf(one):
            return one
        one = one.nextInFocusChain()
    return None


def _text(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")


def _data(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))
