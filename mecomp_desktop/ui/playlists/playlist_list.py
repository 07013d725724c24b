"""The list of playlists at the left of their page; songs can be dropped on one."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu

from mecomp_desktop.domain.ids import PlaylistId
from mecomp_desktop.domain.playlist import Playlist, Playlists, in_order
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player import mime
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.theme import ROW_PX
from mecomp_desktop.ui.widgets.view_menus import menu_index, menu_place

_ID_ROLE = Qt.ItemDataRole.UserRole + 1
_INDENT = "    "


class PlaylistList(QListWidget):
    """Every playlist and folder; what is in a folder stands indented below it.

    Signals:
        songs_dropped: The id of a playlist, and songs (list of ids) that were dropped on it.
        step_wanted: Alt+Up or Alt+Down: −1 or 1.
        removal_wanted: Delete.
        rename_wanted: F2.
    """

    songs_dropped = Signal(object, list)
    step_wanted = Signal(int)
    removal_wanted = Signal()
    rename_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.menu: QMenu | None = None
        self.setAccessibleName("Playlists")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The number at the end stays, however long the name is.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAcceptDrops(True)

    @property
    def current_id(self) -> PlaylistId | None:
        """The playlist that is chosen."""
        item = self.currentItem()
        return None if item is None else PlaylistId(item.data(_ID_ROLE))

    def show_playlists(self, playlists: Playlists) -> None:
        """Show these playlists; the chosen one stays chosen. Tells nobody."""
        listed = in_order(playlists)
        chosen, row = self.current_id, self.currentRow()
        self.blockSignals(True)
        if [playlist.id for playlist in listed] != self._ids():
            self.clear()
            for playlist in listed:
                item = QListWidgetItem()
                item.setData(_ID_ROLE, playlist.id)
                item.setSizeHint(QSize(0, ROW_PX))
                self.addItem(item)
        for place, playlist in enumerate(listed):
            item = self.item(place)
            text = _INDENT * _depth(playlists, playlist) + _words(playlist)
            if item.text() != text:
                item.setText(text)
                item.setToolTip(playlist.name)
        ids = self._ids()
        if chosen in ids:
            self.setCurrentRow(ids.index(chosen))
        elif ids:
            self.setCurrentRow(min(max(row, 0), len(ids) - 1))
        self.blockSignals(False)

    def choose(self, playlist_id: PlaylistId) -> None:
        """Choose a playlist, if it is listed."""
        ids = self._ids()
        if playlist_id in ids:
            self.setCurrentRow(ids.index(playlist_id))

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, Qt's name
        """Move, rename and delete; the other keys are a list's."""
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_wanted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.rename_wanted.emit()
        else:
            super().keyPressEvent(event)

    @guarded()
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802, Qt's name
        """Offer what can be done with the playlist under the pointer, or the current one."""
        index = menu_index(self, event)
        if index.isValid() and self.menu is not None:
            self.setCurrentRow(index.row())
            self.menu.popup(menu_place(self, event))

    @guarded()
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802, Qt's name
        """Accept songs."""
        if event.mimeData().hasFormat(mime.TRACKS):
            event.acceptProposedAction()

    @guarded()
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802, Qt's name
        """Songs fall on a playlist only."""
        if self.itemAt(event.position().toPoint()) is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    @guarded()
    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802, Qt's name
        """Hand on the songs with the playlist that they fell on."""
        item = self.itemAt(event.position().toPoint())
        ids = mime.unpack(event.mimeData(), mime.TRACKS)
        if item is not None and ids:
            self.songs_dropped.emit(item.data(_ID_ROLE), ids)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _ids(self) -> Sequence[PlaylistId]:
        return [self.item(row).data(_ID_ROLE) for row in range(self.count())]


def _words(playlist: Playlist) -> str:
    if playlist.is_folder:
        return f"▾ {playlist.name}"
    return f"{playlist.name}  ·  {len(playlist.entries):,}"


def _depth(playlists: Playlists, playlist: Playlist) -> int:
    depth, seen = 0, {playlist.id}
    parent = playlists.get(playlist.parent_id) if playlist.parent_id is not None else None
    while parent is not None and parent.id not in seen:
        seen.add(parent.id)
        depth += 1
        parent = playlists.get(parent.parent_id) if parent.parent_id is not None else None
    return depth
