"""One row of the builder: a field, a comparison, a value."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from mecomp_desktop.query.fields import FieldKind
from mecomp_desktop.query.rows import (
    AGE_EXAMPLE,
    ANYWHERE,
    COMPARISONS,
    EXAMPLES,
    Row,
    fields_offered,
)
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.widgets.basics import icon_button
from mecomp_desktop.ui.widgets.controls import Choice

_FIELDS = (None, *fields_offered())
_FIELD_PX = 160
_COMPARISON_PX = 176
_VALUE_PX = 64
_MIN_CHOICE_PX = 88


class RowEditor(QWidget):
    """Lets the listener choose and type; what does not belong to a field is not offered.

    Signals:
        changed: It says something else.
        removed: The listener wants it gone.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, bridge: Bridge, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _choice("Field", _FIELD_PX)
        for field in _FIELDS:
            self.field.addItem((ANYWHERE if field is None else field.name).capitalize())
        self.comparison = _choice("Comparison", _COMPARISON_PX)
        self.value = QLineEdit()
        self.value.setAccessibleName("Value")
        self.value.setMinimumWidth(_VALUE_PX)
        self.remove = icon_button(bridge, "x", "Remove this row", self.removed.emit, size_px=16)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(self.comparison, 1)
        line.addWidget(self.value, 1)
        line.addWidget(self.remove)
        self._show(row)
        self.field.currentIndexChanged.connect(self._field_changed)
        self.comparison.currentIndexChanged.connect(self._comparison_changed)
        self.value.textChanged.connect(lambda _text: self.changed.emit())

    def row(self) -> Row:
        """Return what it says."""
        field = _FIELDS[max(self.field.currentIndex(), 0)]
        comparisons = COMPARISONS[self._kind()]
        chosen = comparisons[max(self.comparison.currentIndex(), 0)]
        return Row(field, chosen, self.value.text())

    def _kind(self) -> FieldKind | None:
        field = _FIELDS[max(self.field.currentIndex(), 0)]
        return None if field is None else field.kind

    def _show(self, row: Row) -> None:
        self.field.setCurrentIndex(_FIELDS.index(row.field) if row.field in _FIELDS else 0)
        self._offer_comparisons()
        comparisons = COMPARISONS[self._kind()]
        if row.comparison in comparisons:
            self.comparison.setCurrentIndex(comparisons.index(row.comparison))
        self.value.setText(row.value)
        self._show_example()

    def _offer_comparisons(self) -> None:
        self.comparison.blockSignals(True)
        self.comparison.clear()
        for comparison in COMPARISONS[self._kind()]:
            self.comparison.addItem(comparison.words)
        self.comparison.blockSignals(False)

    def _field_changed(self, _index: int) -> None:
        self._offer_comparisons()
        if self._kind() is FieldKind.FLAG and not self.value.text():
            self.value.setText("yes")
        self._comparison_changed(0)

    def _comparison_changed(self, _index: int) -> None:
        self._show_example()
        self.changed.emit()

    def _show_example(self) -> None:
        comparison = self.row().comparison
        self.value.setEnabled(comparison.takes_value)
        self.value.setPlaceholderText(AGE_EXAMPLE if comparison.is_age else EXAMPLES[self._kind()])


def _choice(name: str, width_px: int) -> QComboBox:
    made = Choice()
    made.setAccessibleName(name)
    made.setMinimumWidth(_MIN_CHOICE_PX)
    made.setMaximumWidth(width_px)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made
