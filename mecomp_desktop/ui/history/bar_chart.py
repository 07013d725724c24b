"""Bars drawn by pyqtgraph, in the theme's colours."""

from collections.abc import Sequence

import pyqtgraph
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFrame

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded

_HEIGHT_PX = 168
_BAR_WIDTH = 0.72
_EDGE = 0.6


class BarChart(pyqtgraph.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """One bar a value, with names below some of them; only to look at."""

    def __init__(self, bridge: Bridge, name: str, unit: str) -> None:
        """Start empty.

        Args:
            bridge: For the theme.
            name: What it shows, for screen readers.
            unit: What a value counts, for screen readers.
        """
        super().__init__()
        self._bridge = bridge
        self._name, self._unit = name, unit
        self._values: tuple[float, ...] = ()
        self._bars = pyqtgraph.BarGraphItem(x=[0], height=[0], width=_BAR_WIDTH)
        self.addItem(self._bars)
        self.setFixedHeight(_HEIGHT_PX)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        # Nothing in it takes the keyboard: it is a picture with a description.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.showGrid(y=True, alpha=0.15)
        self._tint()
        bridge.theme.changed.connect(self._tint)

    @property
    def values(self) -> tuple[float, ...]:
        """What is drawn."""
        return self._values

    def show_values(self, values: Sequence[float], names: Sequence[tuple[int, str]]) -> None:
        """Draw these values.

        Args:
            values: One a bar, from left to right.
            names: Bars that are named, by their place.
        """
        self._values = tuple(values)
        self._bars.setOpts(x=list(range(len(values))), height=list(values), width=_BAR_WIDTH)
        self.getAxis("bottom").setTicks([list(names)])
        self.setXRange(-_EDGE, max(1, len(values)) - 1 + _EDGE, padding=0)
        self.setYRange(0, max([*values, 1e-9]) * 1.08, padding=0)
        greatest = max(range(len(values)), key=values.__getitem__, default=0)
        total = sum(values)
        summary = (
            f"{self._name}: {total:,.1f} {self._unit} in all" if total else f"{self._name}: none"
        )
        near = [words for place, words in names if place <= greatest]
        self.setAccessibleName(summary + (f", most at {near[-1]}" if total and near else ""))

    @guarded()
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802, Qt's name
        """Leave the wheel to the page."""
        event.ignore()

    @guarded(False)
    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802, Qt's name
        """Show no cross, no menu: the mouse does nothing here."""
        if event.type() in _MOUSE:
            return True
        return bool(super().viewportEvent(event))

    def _tint(self) -> None:
        colours = self._bridge.theme.colours
        self.setBackground(colours.base)
        self._bars.setOpts(brush=colours.accent, pen=pyqtgraph.mkPen(None))
        for side in ("bottom", "left"):
            axis = self.getAxis(side)
            axis.setPen(pyqtgraph.mkPen(colours.line))
            axis.setTextPen(pyqtgraph.mkPen(colours.muted))
            axis.setStyle(tickLength=0)


_MOUSE = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
    }
)
