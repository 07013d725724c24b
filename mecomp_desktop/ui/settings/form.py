"""What the settings page is made of: sections, and rows of words and a control."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mecomp_desktop.ui.widgets.basics import label, line, surface


class Section(QWidget):
    """A heading and a raised block of rows, hairlines between them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._block = QWidget()
        surface(self._block, "raised")
        self._rows = QVBoxLayout(self._block)
        self._rows.setContentsMargins(1, 1, 1, 1)
        self._rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(name, "heading"))
        column.addWidget(self._block)

    def add(self, row: QWidget) -> None:
        """Add a row below the others."""
        if self._rows.count():
            self._rows.addWidget(line())
        self._rows.addWidget(row)

    def clear(self) -> None:
        """Take all rows out."""
        while (item := self._rows.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()


class Row(QWidget):
    """Words at the left with a caption below them, a control at the right."""

    def __init__(self, words: str, caption: str, control: QWidget | None = None) -> None:
        super().__init__()
        self.words = label(words)
        self.words.setWordWrap(True)
        self.caption = label(caption, "caption")
        self.caption.setWordWrap(True)
        # Only ever hidden here: what is shown before it has a parent is a window of its own.
        if not caption:
            self.caption.hide()
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch()
        column.addWidget(self.words)
        column.addWidget(self.caption)
        column.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(16)
        row.addLayout(column, 1)
        if control is not None:
            control.setAccessibleName(words)
            control.setAccessibleDescription(caption)
            self.words.setBuddy(control)
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_caption(self, text: str, *, alarming: bool = False) -> None:
        """Show another caption; none where it is empty."""
        self.caption.setText(text)
        self.caption.setVisible(bool(text))
        self.caption.setProperty("role", "danger" if alarming else "caption")
        self.caption.style().polish(self.caption)
