"""What a radio may play."""

import dataclasses

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player.adventure import Adventure
from mecomp_desktop.ui.settings.form import Row, Section
from mecomp_desktop.ui.widgets.controls import MIN_WIDTH_PX, WIDTH_PX, Number

_MINUTE_S = 60


class RadioSettingsForm(QWidget):
    """How far a radio wanders, and what it leaves out."""

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        radio = app.settings.current.radio
        self.adventure = Adventure(app, bridge)
        self.adventure.setMinimumWidth(MIN_WIDTH_PX)
        self.adventure.setMaximumWidth(WIDTH_PX)
        self.artist = Number(bridge, 0, 100, "songs", "No limit")
        self.album = Number(bridge, 0, 100, "songs", "No limit")
        self.recent = Number(bridge, 0, 10_000, "songs", "Off")
        self.shortest = Number(bridge, 0, 3_600, "s", "No limit")
        self.longest = Number(bridge, 1, 6_000, "min")
        for number, value in (
            (self.artist, radio.artist_window),
            (self.album, radio.album_window),
            (self.recent, radio.recent_plays),
            (self.shortest, round(radio.min_duration_s)),
            (self.longest, round(radio.max_duration_s / _MINUTE_S)),
        ):
            number.setValue(value)
        self._lay_out()
        self._connect()

    def _connect(self) -> None:
        self.artist.valueChanged.connect(lambda number: self._apply(artist_window=number))
        self.album.valueChanged.connect(lambda number: self._apply(album_window=number))
        self.recent.valueChanged.connect(lambda number: self._apply(recent_plays=number))
        self.shortest.valueChanged.connect(
            lambda seconds: self._apply(min_duration_s=float(seconds))
        )
        self.longest.valueChanged.connect(
            lambda minutes: self._apply(max_duration_s=float(minutes * _MINUTE_S))
        )

    def _apply(self, **changes: object) -> None:
        radio = self._app.settings.current.radio
        self._app.settings.update(radio=dataclasses.replace(radio, **changes))  # type: ignore[arg-type]  # one call for all fields

    def _lay_out(self) -> None:
        section = Section("Radio")
        wander = Row("How adventurous", "Stay close to the song, or wander off", self.adventure)
        section.add(wander)
        section.add(
            Row("An artist comes back after", "So many other songs play between", self.artist)
        )
        section.add(Row("An album comes back after", "The same for an album", self.album))
        section.add(Row("Not again", "The songs played last are left out", self.recent))
        section.add(Row("Leave out songs shorter than", "Intros and skits", self.shortest))
        section.add(Row("Leave out songs longer than", "Mixes and audio books", self.longest))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)
