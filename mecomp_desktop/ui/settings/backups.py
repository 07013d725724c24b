"""Backing the library up to a file, and going back to a backup."""

import time
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.settings.form import Row, Section
from mecomp_desktop.ui.widgets.basics import button

_FILTER = "Libraries (*.sqlite3)"
_WHAT = "Your music folders, plays and answers; the music itself is not in it."


class BackupSettings(QWidget):
    """Two buttons, and when the program made its last backup by itself."""

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self.back_up_button = button("Back up…", self.ask_target, "quiet")
        self.restore_button = button("Restore…", self.ask_backup, "quiet")
        self._newest = Row("Go back to a backup", "", self.restore_button)
        section = Section("Backups")
        section.add(Row("Copy the library to a file", _WHAT, self.back_up_button))
        section.add(self._newest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)

    @guarded()
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look which backups there are."""
        super().showEvent(event)
        self._bridge.run(self._app.care.newest_backup_s, self._show_newest, self)

    def back_up(self, target: Path) -> None:
        """Copy the library to a file, and say so."""

        def done(_result: None) -> None:
            self._bridge.show_message(f"The library is backed up to {target}.")

        self._bridge.run(lambda: self._app.care.back_up(target), done, self)

    def restore(self, backup: Path) -> None:
        """Have a backup take the place of the library at the next start."""

        def done(_result: None) -> None:
            self._bridge.show_message(
                "The backup takes the place of the library when the program is started again."
            )

        self._bridge.run(lambda: self._app.care.restore_at_next_start(backup), done, self)

    def ask_target(self) -> None:
        """Let the listener choose where the copy goes."""
        name = f"mecomp-library-{time.strftime('%Y-%m-%d')}.sqlite3"
        dialog = QFileDialog(self.window(), "Back up the library", name, _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("sqlite3")
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda chosen: self.back_up(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_backup(self) -> None:
        """Let the listener choose a backup, those that the program made at first."""
        folder = str(self._app.paths.data / "backups")
        dialog = QFileDialog(self.window(), "Go back to a backup", folder, _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.restore(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_newest(self, newest_s: float | None) -> None:
        if newest_s is None:
            words = "The program makes one every day that it runs; there is none yet."
        else:
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(newest_s))
            words = f"The program makes one every day that it runs; the last is of {when}."
        self._newest.show_caption(f"{words} The library before it is kept.")
