"""Controls of the settings page, in the window's own look."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.colours import mix
from mecomp_desktop.ui.widgets.basics import icon_button

WIDTH_PX = 280
MIN_WIDTH_PX = 120
_NUMBER_PX = 112
# The field inside is a text field, too, and would draw a frame within the frame; the arrows
# give way to the minus and the plus beside it.
_BARE = """
QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; }
"""
_SWITCH = QSize(40, 24)
_BESIDE_TEXT_PX = 64
# " s" are seconds: no plural.
_SHORT_UNIT = 2


class Choice(QComboBox):
    """A list to choose from; the wheel scrolls the page, not the choice."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(MIN_WIDTH_PX)
        self.setMaximumWidth(WIDTH_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @guarded(QSize)
    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As wide as the other choices, whatever the words are."""
        return QSize(WIDTH_PX, super().sizeHint().height())

    @guarded(QSize)
    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Long words are cut; they do not widen the page."""
        return QSize(MIN_WIDTH_PX, super().minimumSizeHint().height())

    @guarded()
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the wheel to the page."""
        event.ignore()

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the choice, cut where it does not fit."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.width() - _BESIDE_TEXT_PX
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class _Spin(QSpinBox):
    @guarded()
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        event.ignore()


class Number(QWidget):
    """A number with its unit between a minus and a plus; arrow keys work, too.

    Args:
        bridge: For the icons.
        low: The least.
        high: The most.
        unit: Follows the number, such as ``"songs"``; its last s is dropped after a 1.
        zero: What is shown instead of the least number; the number itself where empty.

    Signals:
        valueChanged: The new number, once it is typed whole.
    """

    valueChanged = Signal(int)  # noqa: N815 (as on Qt's own number field)

    def __init__(self, bridge: Bridge, low: int, high: int, unit: str = "", zero: str = "") -> None:
        super().__init__()
        self.spin = _Spin()
        self.spin.setRange(low, high)
        self._unit = f" {unit}" if unit else ""
        self._show_unit(low)
        self.spin.setSpecialValueText(zero)
        self.spin.setFixedWidth(_NUMBER_PX)
        self.spin.setStyleSheet(_BARE)
        self.spin.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Half-typed numbers are not applied.
        self.spin.setKeyboardTracking(False)
        self.spin.valueChanged.connect(self._show_unit)
        self.spin.valueChanged.connect(self.valueChanged)
        less = icon_button(bridge, "minus", "Less", self.spin.stepDown, size_px=16)
        more = icon_button(bridge, "plus", "More", self.spin.stepUp, size_px=16)
        for stepper in (less, more):
            # The arrow keys in the field do the same.
            stepper.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            stepper.setAutoRepeat(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for part in (less, self.spin, more):
            row.addWidget(part)
        self.setFocusProxy(self.spin)

    def _show_unit(self, number: int) -> None:
        plural = number != 1 or len(self._unit) <= _SHORT_UNIT
        self.spin.setSuffix(self._unit if plural else self._unit.removesuffix("s"))

    def setAccessibleName(self, name: str) -> None:  # noqa: N802 (Qt's name)
        """Name the field itself, for that is what has the keyboard."""
        super().setAccessibleName(name)
        self.spin.setAccessibleName(name)

    def setValue(self, value: int) -> None:  # noqa: N802 (Qt's name)
        """Show a number."""
        self.spin.setValue(value)

    def value(self) -> int:
        """Return the number."""
        return self.spin.value()


class Switch(QCheckBox):
    """Something that is on or off, drawn as a switch."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.setFixedSize(_SWITCH)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @guarded(QSize)
    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return its one size."""
        return _SWITCH

    @guarded(False)
    def hitButton(self, pos: object) -> bool:  # noqa: N802 (Qt's name)
        """All of it can be clicked."""
        return True

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the track and, left or right, the knob."""
        colours = self._bridge.theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        off_colour = QColor(mix(colours.raised, colours.text, 0.35))
        track = QRectF(2, 2, self.width() - 4, self.height() - 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.of("accent") if on else off_colour)
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        radius = track.height() / 2 - 3
        x = track.right() - radius - 3 if on else track.left() + radius + 3
        painter.setBrush(colours.of("on_accent" if on else "raised"))
        painter.drawEllipse(QPointF(x, track.center().y()), radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.of("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
