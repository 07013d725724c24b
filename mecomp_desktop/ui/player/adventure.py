"""How far a radio wanders from what it started with."""

import dataclasses

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import label

_STEPS = 20
_PAGE = 4
_WORDS = "How far the radio wanders; its songs that are still to come are chosen anew"


class _Slider(QSlider):
    @guarded()
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        # The wheel scrolls the page below.
        event.ignore()


class Adventure(QWidget):
    """A slider from close to far: the setting itself, wherever it is shown."""

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_PAGE)
        # Told once the handle is let go: every step in between would be written to disk.
        self.slider.setTracking(False)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setAccessibleName("How adventurous, close to far")
        self.setToolTip(_WORDS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label("close", "caption"))
        row.addWidget(self.slider, 1)
        row.addWidget(label("far", "caption"))
        self.setFocusProxy(self.slider)
        self._show()
        self.slider.valueChanged.connect(self._chosen)
        bridge.on(app.settings.changed, lambda _settings: self._show(), self)

    def _show(self) -> None:
        step = round(self._app.settings.current.radio.adventure * _STEPS)
        if step != self.slider.value() and not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(step)
            self.slider.blockSignals(False)

    def _chosen(self, step: int) -> None:
        radio = dataclasses.replace(self._app.settings.current.radio, adventure=step / _STEPS)
        self._app.settings.update(radio=radio)
        self._app.radio.choose_again()
