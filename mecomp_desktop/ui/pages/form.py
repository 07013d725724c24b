"""What the settings page is made of: sections, and rows of words and a control."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QSpinBox, QVBoxLayout, QWidget

from mecomp_desktop.ui.widgets import label, line, surface

CONTROL_PX = 240


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
        self.caption = label(caption, "caption")
        self.caption.setWordWrap(True)
        self.caption.setVisible(bool(caption))
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


class Choice(QComboBox):
    """A list to choose from; the wheel scrolls the page, not the choice."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(CONTROL_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the wheel to the page."""
        event.ignore()


class Number(QSpinBox):
    """A number with its unit; the wheel scrolls the page, not the number.

    Args:
        low: The least.
        high: The most.
        unit: Follows the number, such as ``" songs"``.
        zero: What is shown instead of the least number; the number itself where empty.
    """

    def __init__(self, low: int, high: int, unit: str = "", zero: str = "") -> None:
        super().__init__()
        self.setRange(low, high)
        self.setSuffix(unit)
        self.setSpecialValueText(zero)
        self.setFixedWidth(CONTROL_PX // 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Half-typed numbers are not applied.
        self.setKeyboardTracking(False)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the wheel to the page."""
        event.ignore()


class Scale(QWidget):
    """A slider between two words."""

    def __init__(self, least: str, most: str, steps: int) -> None:
        super().__init__()
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, steps)
        self.slider.setPageStep(max(1, steps // 5))
        self.setFixedWidth(CONTROL_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label(least, "caption"))
        row.addWidget(self.slider, 1)
        row.addWidget(label(most, "caption"))
        self.setFocusProxy(self.slider)


class _Slider(QSlider):
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        event.ignore()
