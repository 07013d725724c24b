"""Where the queue stands: beside the page, or in a drawer above it where the window is narrow."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import line
from mecomp_desktop.ui.window_state import Value

_WIDTH_PX = 320
_MIN_WIDTH_PX = 240
_MAX_WIDTH_PX = 640
_MIN_PAGE_PX = 480


class QueueDrawer(QWidget):
    """Holds the page and the queue.

    Wide, the two share a splitter. Narrow, the queue is a drawer: hidden until it is asked for,
    and then above the right part of the page, whose own width does not change.

    Signals:
        shown_changed: Whether the queue can be seen.
    """

    shown_changed = Signal(bool)

    def __init__(self, pages: QWidget, queue: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._is_narrow = False
        self._is_docked = True
        self._is_open = False
        self._width_px = _WIDTH_PX
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(pages)
        self._splitter.addWidget(queue)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.splitterMoved.connect(self._moved)
        # The drawer's left edge; beside the page the splitter's handle is that line.
        self._edge = line(vertical=True)
        self._edge.setParent(self)
        self._edge.hide()
        queue.setMinimumWidth(_MIN_WIDTH_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)

    @property
    def is_narrow(self) -> bool:
        """Whether the queue is a drawer."""
        return self._is_narrow

    @property
    def is_queue_shown(self) -> bool:
        """Whether the queue is to be seen."""
        return self._is_open if self._is_narrow else self._is_docked

    def set_narrow(self, narrow: bool) -> None:
        """Take the queue out of the row, or put it back."""
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        self._is_open = False
        if narrow:
            self._queue.setParent(self)
            self._queue.hide()
        else:
            self._splitter.addWidget(self._queue)
        self._show()

    def show_queue(self, shown: bool) -> None:
        """Show or hide the queue; wide and narrow are remembered apart."""
        if self._is_narrow:
            self._is_open = shown
        else:
            self._is_docked = shown
        self._show()

    def toggle(self) -> None:
        """Show the queue if it is hidden, hide it if it is shown."""
        self.show_queue(not self.is_queue_shown)

    def state(self) -> dict[str, Value]:
        """Return what to remember, as JSON values."""
        return {"width_px": self._width_px, "shown": self._is_docked}

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up a remembered state; whatever does not fit is left out."""
        width, shown = state.get("width_px"), state.get("shown")
        if isinstance(width, int) and _MIN_WIDTH_PX <= width <= _MAX_WIDTH_PX:
            self._width_px = width
        if isinstance(shown, bool):
            self._is_docked = shown
        self._show()

    @guarded()
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, Qt's name
        """Keep the drawer at the right edge, and the docked queue as wide as it was made."""
        super().resizeEvent(event)
        self._place()

    def _show(self) -> None:
        self._queue.setVisible(self.is_queue_shown)
        self._edge.setVisible(self._is_narrow and self._is_open)
        self._place()
        self.shown_changed.emit(self.is_queue_shown)

    def _place(self) -> None:
        if self._is_narrow:
            width = min(_WIDTH_PX, self.width())
            self._queue.setGeometry(self.width() - width, 0, width, self.height())
            self._queue.raise_()
            self._edge.setGeometry(self.width() - width - 1, 0, 1, self.height())
            self._edge.raise_()
        elif self._is_docked:
            # Never so wide that the page beside it would be cut off.
            width = max(_MIN_WIDTH_PX, min(self._width_px, self.width() - _MIN_PAGE_PX))
            self._splitter.setSizes([self.width() - width, width])

    def _moved(self, _position: int, _index: int) -> None:
        self._width_px = self._splitter.sizes()[1]
