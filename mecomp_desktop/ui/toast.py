"""One short sentence that appears above the page for a moment."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mecomp_desktop.ui.widgets import label, surface

_SHOWN_MS = 5000
_MARGIN_PX = 24
_MOST_WIDE_PX = 560


class Toast(QWidget):
    """Shows notices one at a time at the bottom of its parent; a click sends it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        surface(self, "raised")
        self._label: QLabel = label()
        self._label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.addWidget(self._label)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.setAttribute(Qt.WidgetAttribute.WA_AlwaysShowToolTips)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown, or was shown last."""
        return self._label.text()

    def say(self, sentence: str) -> None:
        """Show a sentence for a few seconds."""
        self._label.setText(sentence)
        self.setAccessibleName(sentence)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(_SHOWN_MS)

    def mousePressEvent(self, event: object) -> None:  # noqa: N802, Qt's name
        """Send the notice away."""
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802, Qt's name
        """Stay at the bottom of the parent when its size changes."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        room = self.parentWidget().size()
        text = self._label.fontMetrics().horizontalAdvance(self._label.text())
        width = min(text + 40, _MOST_WIDE_PX, room.width() - 2 * _MARGIN_PX)
        height = self.layout().heightForWidth(width)
        left = (room.width() - width) // 2
        self.setGeometry(left, room.height() - height - _MARGIN_PX, width, height)
