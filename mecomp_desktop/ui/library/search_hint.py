"""The line under a search field: what a query lacks yet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mecomp_desktop.ui.library.heading import SIDE_PX
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel


class SearchHint(QWidget):
    """One muted line at the right, under the search field; not there while nothing is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel("muted")
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE_PX, 0, SIDE_PX, 8)
        row.addWidget(self._label, 1)
        self.hide()

    @property
    def text(self) -> str:
        """The line; empty while nothing is wrong."""
        return self._label.whole

    def show_hint(self, text: str) -> None:
        """Show a line, or none."""
        self._label.show_text(text)
        self.setVisible(bool(text))
