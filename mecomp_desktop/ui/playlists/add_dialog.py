"""Which playlist songs go into: chosen by the first letters of its name, or a new one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mecomp_desktop.domain.ids import PlaylistId
from mecomp_desktop.domain.playlist import Playlist
from mecomp_desktop.playlists.service import NEW_NAME
from mecomp_desktop.text import fold
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import label

_WIDTH_PX = 360
_ID_ROLE = Qt.ItemDataRole.UserRole + 1

Chosen = Callable[[PlaylistId | None, str], object]
"""Takes the playlist that was chosen; ``None`` and a name for a new one."""


class AddDialog(QDialog):
    """A field and the playlists whose names match what is typed; Enter takes the marked one.

    Args:
        playlists: All playlists that songs can be put into.
        words: What is put into it: "3 songs".
        chosen: Called with what was chosen, once.
    """

    def __init__(
        self, playlists: Sequence[Playlist], words: str, chosen: Chosen, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Add to playlist")
        self.setMinimumWidth(_WIDTH_PX)
        self._playlists = playlists
        self._chosen = chosen
        self.field = QLineEdit()
        self.field.setPlaceholderText("A playlist, or the name of a new one")
        self.field.setAccessibleName("Name of the playlist")
        self.list = QListWidget()
        self.list.setAccessibleName("Playlists")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys of the field move in it
        column = QVBoxLayout(self)
        column.addWidget(label(f"Add {words} to"))
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._show_matches)
        self.list.itemActivated.connect(lambda _item: self.take())
        self._show_matches("")

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, Qt's name
        """Up and Down move in the list, Enter takes what is marked."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            row = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
            self.list.setCurrentRow(row)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        else:
            super().keyPressEvent(event)

    def take(self) -> None:
        """Take what is marked, and close."""
        item = self.list.currentItem()
        playlist_id = None if item is None else item.data(_ID_ROLE)
        self._chosen(playlist_id, self.field.text().strip() or NEW_NAME)
        self.accept()

    def _show_matches(self, typed: str) -> None:
        wanted = fold(typed).split()
        self.list.clear()
        for playlist in self._playlists:
            if all(word in fold(playlist.name) for word in wanted):
                item = QListWidgetItem(playlist.name)
                item.setData(_ID_ROLE, playlist.id)
                self.list.addItem(item)
        self.list.addItem(QListWidgetItem(f"New playlist “{typed.strip() or NEW_NAME}”"))
        self.list.setCurrentRow(0)
