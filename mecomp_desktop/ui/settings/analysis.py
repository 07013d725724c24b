"""How much of the computer the analysis takes, and whether changes are noticed at once."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.settings.form import Row, Section
from mecomp_desktop.ui.widgets.controls import Choice, Number, Switch

_MAX_WORKERS = 16
_EFFORTS = {"gentle": "Gentle", "normal": "Normal", "full": "Full"}


class AnalysisSettings(QWidget):
    """Effort, number of songs at the same time, and the folders' watch."""

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        current = app.settings.current
        self.effort = Choice()
        for name, words in _EFFORTS.items():
            self.effort.addItem(words, name)
        self.effort.setCurrentIndex(self.effort.findData(current.analysis_effort))
        self.workers = Number(bridge, 0, _MAX_WORKERS, zero="Automatic")
        self.workers.setValue(current.workers)
        self.watch = Switch(bridge)
        self.watch.setChecked(current.watch_folders)
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        settings = self._app.settings
        self.effort.activated.connect(
            lambda row: settings.update(analysis_effort=str(self.effort.itemData(row)))
        )
        self.workers.valueChanged.connect(lambda number: settings.update(workers=number))
        self.watch.toggled.connect(lambda on: settings.update(watch_folders=on))

    def _lay_out(self) -> None:
        section = Section("Analysing your library")
        section.add(
            Row(
                "Effort",
                "Gentle stays out of the way of everything else. Normal takes half of the "
                "computer, and all of it while the window is not used and no battery is drained.",
                self.effort,
            )
        )
        section.add(
            Row(
                "Songs at the same time",
                "How many songs are analysed at once. Automatic follows the effort; playing "
                "always comes first.",
                self.workers,
            )
        )
        section.add(
            Row(
                "Notice changes at once",
                "New and changed files in your music folders are taken up while the program runs.",
                self.watch,
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)
