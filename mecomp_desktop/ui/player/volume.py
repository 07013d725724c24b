"""How loud it is: a button that switches the sound off and on, and a slider."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.ui import player_commands
from mecomp_desktop.ui.actions import keys_of
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.widgets.basics import icon_button

_PERCENT = 100
_STEP = 5
_WIDTH_PX = 96


class Volume(QWidget):
    """Shows and changes the volume of the player."""

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playback = app.playback
        self._bridge = bridge
        self._shown: tuple[int, bool] | None = None
        self.mute = icon_button(bridge, "speaker-high", "Mute", self.toggle_mute)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _PERCENT)
        self.slider.setSingleStep(_STEP)
        self.slider.setPageStep(2 * _STEP)
        self.slider.setFixedWidth(_WIDTH_PX)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setAccessibleName("Volume")
        self.slider.valueChanged.connect(self._slid)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.mute)
        layout.addWidget(self.slider)

    def show_volume(self, volume: float, muted: bool) -> None:
        """Show how loud it is, unless the listener is holding the handle."""
        percent = round(volume * _PERCENT)
        if (percent, muted) == self._shown or self.slider.isSliderDown():
            return
        self._shown = (percent, muted)
        self.slider.blockSignals(True)
        self.slider.setValue(percent)
        self.slider.blockSignals(False)
        self._bridge.icons.bind(self.mute, self._icon(percent, muted))
        name = "Unmute" if muted else "Mute"
        self.mute.setAccessibleName(name)
        self.mute.setToolTip(f"{name}  ({keys_of('volume.mute')})")
        louder, quieter = keys_of("volume.up"), keys_of("volume.down")
        self.slider.setToolTip(f"Volume {percent} %  ({louder} and {quieter})")

    def toggle_mute(self) -> None:
        """Switch the sound off or on."""
        muted = player_commands.toggle_mute(self._playback)
        self.show_volume(self.slider.value() / _PERCENT, muted)

    def _slid(self, percent: int) -> None:
        self._set(percent)

    def _set(self, percent: int) -> None:
        percent = min(_PERCENT, max(0, percent))
        # Whoever turns the volume up wants to hear it.
        if self._playback.status().muted:
            self._playback.set_muted(False)
        self._playback.set_volume(percent / _PERCENT)
        if not self.slider.isSliderDown():
            self.show_volume(percent / _PERCENT, muted=False)

    @staticmethod
    def _icon(percent: int, muted: bool) -> str:
        if muted or percent == 0:
            return "speaker-x"
        return "speaker-low" if percent < _PERCENT // 2 else "speaker-high"
