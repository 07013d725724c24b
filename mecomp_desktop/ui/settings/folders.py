"""The music folders: which there are, how many songs they hold, and whether they can be reached."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.library.service import RootView
from mecomp_desktop.ui.activity.failure_model import shown
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import count
from mecomp_desktop.ui.settings.form import Row, Section
from mecomp_desktop.ui.shortcuts import shortcut
from mecomp_desktop.ui.widgets.basics import button


class FolderSettings(QWidget):
    """Lists the folders; a folder is added with one button and removed with a way back.

    Signals:
        message: One sentence, the words of a button, and what the button does.
    """

    message = Signal(str, str, object)

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self._shown: list[RootView] | None = None
        self._section = Section("Music folders")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._section)
        bridge.on(app.library.changed, self.refresh, self)
        self.refresh()

    def refresh(self) -> None:
        """Show the folders as they are now."""
        roots = self._app.library.roots()
        if roots == self._shown:
            return
        self._shown = roots
        self._section.clear()
        for root in roots:
            self._section.add(self._row(root))
        add = button("Add a folder…", self.choose)
        add.setToolTip(f"Add a music folder  ({shortcut('library.add_folder').keys[0]})")
        words = "Another folder" if roots else "No music folder yet"
        caption = "Songs in it and in all folders below it are added. No file is ever changed."
        self._section.add(Row(words, caption, add))

    def choose(self) -> None:
        """Let the listener pick a folder to add."""
        music = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation)
        picked = QFileDialog.getExistingDirectory(self.window(), "Choose a music folder", music)
        if picked:
            self.add(Path(picked))

    def add(self, path: Path) -> None:
        """Add a folder; what is wrong with it is told."""
        self._do(lambda: self._app.library.add_root(path))

    def remove(self, root: RootView) -> None:
        """Take a folder out of the library, with a way back. Its files stay where they are."""
        self._do(lambda: self._app.library.remove_root(root.id))
        name = shown(root.path.name or str(root.path))
        self.message.emit(
            f"{name} is no longer a music folder; its files are untouched.",
            "Undo",
            lambda: self.add(root.path),
        )

    def _do(self, work: Callable[[], object]) -> None:
        self._bridge.run(work, lambda _result: self.refresh(), self)

    def _row(self, root: RootView) -> Row:
        remove = button("Remove", lambda: self.remove(root), "quiet")
        row = Row(shown(root.path), "", remove)
        remove.setAccessibleName(f"Remove {shown(root.path)}")
        if root.available:
            row.show_caption(count(root.track_count, "song"))
        else:
            row.show_caption(
                f"Not there now; its {count(root.track_count, 'song')} wait until it is back",
                alarming=True,
            )
        return row
