"""The music folders: which there are, how many songs they hold, and whether they can be reached."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.library.root_view import RootView
from mecomp_desktop.ui.actions import keys_of
from mecomp_desktop.ui.activity.failure_model import shown
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import count
from mecomp_desktop.ui.settings.form import Row, Section
from mecomp_desktop.ui.widgets.basics import button


class FolderSettings(QWidget):
    """Lists the folders; a folder is added with one button and removed after a question."""

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
        # Asked of the window: the dialog is the same wherever a folder is added.
        ask = partial(self._bridge.requested.emit, "library.add_folder")
        self.add_button = add = button("Add a folder…", ask)
        add.setToolTip(f"Add a music folder  ({keys_of('library.add_folder')})")
        words = "Another folder" if roots else "No music folders yet"
        caption = "Songs in it and in all folders below it are added. No file is ever changed."
        self._section.add(Row(words, caption, add))

    def add(self, path: Path) -> None:
        """Add a folder; what is wrong with it is shown."""
        self._do(lambda: self._app.library.add_root(path))

    def ask_to_remove(self, root: RootView) -> QMessageBox:
        """Ask whether a folder shall go, with the number of its songs. Does not block."""
        name = shown(root.path.name or str(root.path))
        box = QMessageBox(self.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Remove a music folder")
        box.setText(f"Remove {name} and its {count(root.track_count, 'song')} from the library?")
        box.setInformativeText(
            "The files stay as they are. How often the songs were played and what you answered "
            "about them is kept, and is there again when the folder is added again."
        )
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton("Keep", QMessageBox.ButtonRole.RejectRole)
        # Enter, Space and Escape all mean "keep": only a choice removes.
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        remove.clicked.connect(lambda _checked=False: self.remove(root))
        box.open()
        return box

    def remove(self, root: RootView) -> None:
        """Take a folder out of the library, with a way back. Its files stay where they are."""
        step = self._app.remove_folder(root)
        self.refresh()
        name = shown(root.path.name or str(root.path))
        self._bridge.show_message(
            f"{name} is no longer a music folder; its files are untouched.",
            "Undo",
            lambda: self._app.undo.undo_command(step),
        )

    def _do(self, work: Callable[[], object]) -> None:
        self._bridge.run(work, lambda _result: self.refresh(), self)

    def _row(self, root: RootView) -> Row:
        remove = button("Remove", lambda: self.ask_to_remove(root), "quiet")
        row = Row(shown(root.path), "", remove)
        remove.setAccessibleName(f"Remove {shown(root.path)}")
        if root.available:
            words = count(root.track_count, "song")
            if root.left_out:
                words += f"; {count(len(root.left_out), 'folder')} left out"
                lines = (f"{shown(Path(path))}: {why}" for path, why in root.left_out)
                row.setToolTip("\n".join(lines))
            row.show_caption(words)
        else:
            row.show_caption(
                f"Not there now; its {count(root.track_count, 'song')} wait until it is back",
                alarming=True,
            )
        return row
