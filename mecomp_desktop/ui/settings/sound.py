"""Which device plays the music, and how songs are brought to the same loudness."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import OutputDevice
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.settings.form import Row, Section
from mecomp_desktop.ui.widgets.basics import icon_button
from mecomp_desktop.ui.widgets.controls import Choice, Number, Switch

_SYSTEM = "Same as the system"
_MODES = {
    "off": "Off",
    "track": "Each song",
    "album": "Each album",
    "auto": "Automatic",
}
_MAX_DB = 15


class LoudnessForm:
    """The controls for the loudness of songs.

    Attributes:
        rows: The rows of the form.
    """

    def __init__(self, app: Application, bridge: Bridge) -> None:
        self._settings = app.settings
        current = app.settings.current.loudness
        self.mode = Choice()
        for name, words in _MODES.items():
            self.mode.addItem(words, name)
        self.mode.setCurrentIndex(self.mode.findData(current.mode))
        self.preamp = Number(bridge, -_MAX_DB, _MAX_DB, "dB")
        self.preamp.setValue(round(current.preamp_db))
        self.untagged = Number(bridge, -_MAX_DB, _MAX_DB, "dB")
        self.untagged.setValue(round(current.untagged_db))
        self.clipping = Switch(bridge)
        self.clipping.setChecked(current.prevent_clipping)
        self.rows = (
            Row(
                "Same loudness",
                "By the ReplayGain or R128 numbers in your files. Automatic keeps the quiet songs "
                "of an album quiet while it plays in order.",
                self.mode,
            ),
            Row("Louder or quieter", "Added to every such number.", self.preamp),
            Row("Songs without a number", "How much louder or quieter they play.", self.untagged),
            Row(
                "Prevent clipping",
                "A song is not made louder than its highest peak allows.",
                self.clipping,
            ),
        )
        self.mode.activated.connect(lambda row: self._set(mode=str(self.mode.itemData(row))))
        self.preamp.valueChanged.connect(lambda db: self._set(preamp_db=float(db)))
        self.untagged.valueChanged.connect(lambda db: self._set(untagged_db=float(db)))
        self.clipping.toggled.connect(lambda on: self._set(prevent_clipping=on))

    def _set(self, **changes: Any) -> None:  # noqa: ANN401 (fields of the settings)
        loudness = replace(self._settings.current.loudness, **changes)
        self._settings.update(loudness=loudness)


class SoundSettings(QWidget):
    """A list of the devices that are there now; a choice takes effect at once."""

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self.devices = Choice()
        self._again = icon_button(bridge, "arrow-clockwise", "Look for devices", self.refresh)
        self._row = Row("Output device", "", self.devices)
        layout = self._row.layout()
        assert layout is not None
        layout.addWidget(self._again)
        section = Section("Sound")
        section.add(self._row)
        self.loudness = LoudnessForm(app, bridge)
        for row in self.loudness.rows:
            section.add(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)
        self.devices.activated.connect(self._chosen)
        self._fill([])

    @guarded()
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look which devices are there."""
        super().showEvent(event)
        self._show_error()
        self.refresh()

    def refresh(self) -> None:
        """Ask for the devices, on another thread: sound systems take their time."""
        self._bridge.run(self._app.playback.devices, self._fill, self)

    def _fill(self, devices: Sequence[OutputDevice]) -> None:
        chosen = self._app.settings.current.output_device
        default = next((device.name for device in devices if device.is_default), "")
        self.devices.clear()
        self.devices.addItem(f"{_SYSTEM} ({default})" if default else _SYSTEM, "")
        for device in devices:
            self.devices.addItem(device.name, device.id)
        at = self.devices.findData(chosen)
        if at < 0:
            self.devices.addItem(f"{chosen} (not connected)", chosen)
            at = self.devices.count() - 1
        self.devices.setCurrentIndex(at)
        self.devices.setToolTip(self.devices.currentText())
        self._show_error()

    def _chosen(self, row: int) -> None:
        device = str(self.devices.itemData(row))
        self._app.settings.update(output_device=device)
        self.devices.setToolTip(self.devices.itemText(row))
        self._show_error()

    def _show_error(self) -> None:
        error = self._app.playback.status().device_error
        self._row.show_caption(error or "", alarming=bool(error))
