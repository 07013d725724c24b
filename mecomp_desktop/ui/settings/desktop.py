"""How the program shows itself on the desktop around its window."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.settings.form import Row, Section
from mecomp_desktop.ui.widgets.controls import Switch

_ROWS = (
    (
        "stay_awake",
        "Stay awake while music plays",
        "The computer does not go to sleep by itself; the screen may go dark.",
    ),
    (
        "notify_song",
        "Notify me of each song",
        "A notification says which song begins, while you are in another window.",
    ),
    (
        "tray_icon",
        "Icon in the tray",
        "What plays, pause and next, from the desktop's tray where there is one.",
    ),
)


class DesktopSettings(QWidget):
    """Sleep, notifications and the tray.

    Attributes:
        switches: Each switch by the name of its setting.
    """

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self.switches: dict[str, Switch] = {}
        section = Section("Desktop")
        for name, words, caption in _ROWS:
            section.add(Row(words, caption, self._switch(bridge, name)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)

    def _switch(self, bridge: Bridge, name: str) -> Switch:
        settings = self._app.settings
        switch = self.switches[name] = Switch(bridge)
        switch.setChecked(getattr(settings.current, name))
        switch.toggled.connect(lambda on: settings.update(**{name: on}))
        return switch
