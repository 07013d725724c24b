"""The field that searches as one types."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded

# As soon as the keys that wait have been taken in: letters typed at once cause one search.
_PAUSE_MS = 0
_WIDTH_PX = 280


class SearchField(QLineEdit):
    """Tells the words as they are typed; Escape clears it and gives the keyboard back.

    Attributes:
        searched: The words; empty when the search is over.
        left: Escape in an empty field, or Down or Return: the keyboard should go to the list.
    """

    searched = Signal(str)
    left = Signal()

    def __init__(self, bridge: Bridge, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(f"Search {what}")
        self.setAccessibleName(f"Search {what}")
        self.setToolTip(f"Search {what}  (Ctrl+F)")
        self.setProperty("search", True)
        self.setFixedWidth(_WIDTH_PX)
        glass = QAction("Search", self)
        bridge.icons.bind(glass, "magnifying-glass", "muted")
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction("Clear", self)
        bridge.icons.bind(self._clear, "x", "muted")
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text()))
        self.textChanged.connect(self._changed)

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, Qt's name
        """Escape clears or leaves; Down and Return go to the results."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._timer.start()
