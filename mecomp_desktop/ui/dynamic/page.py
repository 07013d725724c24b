"""The page of dynamic playlists: their list at the left, the songs of one or the builder beside."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mecomp_desktop.domain.dynamic_playlist import DynamicPlaylist
from mecomp_desktop.domain.ids import DynamicPlaylistId, TrackId
from mecomp_desktop.domain.playlist import Playlist
from mecomp_desktop.errors import UserError
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.query.mecomp_csv import ImportedQueries, read_mecomp_csv
from mecomp_desktop.query.writer import query_text
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.dynamic.builder import QueryBuilder
from mecomp_desktop.ui.dynamic.playlist_view import PlaylistView
from mecomp_desktop.ui.library.empty_states import EmptyState
from mecomp_desktop.ui.library.heading import SIDE_PX
from mecomp_desktop.ui.page import Page, PageContext
from mecomp_desktop.ui.theme.theme import ROW_PX
from mecomp_desktop.ui.widgets.basics import icon_button, label, line, show_page, surface

_LIST_PX = 192
_ID_ROLE = Qt.ItemDataRole.UserRole + 1
_LOOKING = "…"


class DynamicPage(Page):
    """Shows dynamic playlists, makes and edits them."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        surface(self, "base")
        self._app, self._bridge = context.app, context.bridge
        self._service = context.app.dynamic_playlists
        self._catalog: Catalog | None = None
        self._editing: DynamicPlaylistId | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("Dynamic playlists")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The number at the end stays, however long the name is.
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.detail = PlaylistView(self._bridge, context.songs, self.edit, self.freeze, self.remove)
        self.builder = QueryBuilder(self._app, self._bridge)
        self.empty = EmptyState(self._bridge, "funnel", "New dynamic playlist", self.begin_new)
        self.empty.show_message(
            "No dynamic playlists yet",
            "A dynamic playlist has the songs that match a query, and follows your library, your "
            "plays and your likes by itself.",
        )
        self._lay_out()
        self.list.currentItemChanged.connect(lambda _new, _old: self._show_current())
        self.builder.saved.connect(self._save)
        self.builder.cancelled.connect(self._leave_builder)
        self._bridge.on(self._service.changed, self.refresh, self)
        self.refresh()

    @property
    def state_shown(self) -> QWidget | None:
        """The songs, the builder, or what stands in while there is nothing."""
        return self._stack.currentWidget()

    @property
    def current_id(self) -> DynamicPlaylistId | None:
        """The dynamic playlist that is chosen."""
        item = self.list.currentItem()
        return None if item is None else DynamicPlaylistId(item.data(_ID_ROLE))

    def first_focus(self) -> QWidget | None:
        """Return the list, or the button in its place."""
        return self.list if self.list.count() else self.empty.button

    def selected_songs(self) -> Sequence[TrackId]:
        """Return the selected songs of the playlist that is shown."""
        return self.detail.table.selected_ids() if self.state_shown is self.detail else ()

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library."""
        self._catalog = catalog
        self.detail.show_catalog(catalog)

    def set_playing(self, track_id: TrackId | None) -> None:
        """Mark the song that plays."""
        self.detail.table.songs.set_playing(track_id)

    def refresh(self) -> None:
        """Show the dynamic playlists and their songs as they are now."""
        playlists = self._service.all()
        chosen = self.current_id
        self.list.blockSignals(True)
        if [playlist.id for playlist in playlists] != self._ids():
            self.list.clear()
            for playlist in playlists:
                item = QListWidgetItem()
                item.setData(_ID_ROLE, playlist.id)
                item.setSizeHint(QSize(0, ROW_PX))
                self.list.addItem(item)
        for row, playlist in enumerate(playlists):
            text = f"{playlist.name}  ·  {self._size(playlist.id)}"
            if self.list.item(row).text() != text:
                self.list.item(row).setText(text)
                self.list.item(row).setToolTip(playlist.name)
        self._choose(chosen)
        self.list.blockSignals(False)
        self._show_current()

    def begin_new(self) -> None:
        """Let the listener build a new one."""
        self._editing = None
        self._build("New dynamic playlist", "", "")

    def edit(self) -> None:
        """Let the listener change the one that is chosen."""
        playlist = self._current()
        if playlist is not None:
            self._editing = playlist.id
            self._build("Edit dynamic playlist", playlist.name, playlist.text)

    def freeze(self) -> None:
        """Make a playlist of the songs that it has now; that can be undone."""
        playlist = self._current()
        found = None if playlist is None else self._service.songs(playlist.id)
        if playlist is None or found is None:
            return
        playlists = self._app.playlists
        name, ids = playlist.name, found.track_ids

        def make() -> Playlist:
            return playlists.create(name, playlists.entries_of(ids))

        def made(frozen: Playlist) -> None:
            songs = formatting.count(len(ids), "song")
            self._bridge.show_message(f"“{frozen.name}” is a playlist of {songs} now.")

        self._bridge.run(make, made, self)

    def remove(self) -> None:
        """Delete the one that is chosen; that can be undone."""
        chosen = self.current_id
        if chosen is None:
            return
        command = self._service.remove(chosen)
        if command is not None:
            undo = self._app.undo
            self._bridge.show_message(
                f"{command.sentence}.", "Undo", lambda: undo.undo_command(command)
            )

    def choose_import(self) -> None:
        """Let the listener choose a file that MECOMP exported."""
        dialog = QFileDialog(self, "Import dynamic playlists of MECOMP", "", "CSV (*.csv)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.import_file(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def import_file(self, path: Path) -> None:
        """Add the dynamic playlists of a file that MECOMP exported."""
        self._bridge.run(lambda: read_mecomp_csv(path), self._imported, self)

    def _imported(self, found: ImportedQueries) -> None:
        for name, query in found.queries:
            self._service.create(name, query_text(query))
        sentence = f"{formatting.count(len(found.queries), 'dynamic playlist')} imported."
        if found.problems:
            sentence += " Not imported: " + "; ".join(found.problems) + "."
        self._bridge.show_message(sentence)

    def _save(self, name: str, text: str) -> None:
        try:
            if self._editing is None:
                made = self._service.create(name, text)
                self._editing = made.id
            else:
                self._service.edit(self._editing, name, text)
        except UserError as error:
            self._bridge.show_error(error)
            return
        saved = self._editing
        self.refresh()
        self._choose(saved)
        self._leave_builder()

    def _build(self, title: str, name: str, text: str) -> None:
        self.builder.edit(title, name, text)
        show_page(self._stack, self.builder)
        # Rows of three fields need the room in a narrow window.
        self._show_side(shown=False)
        self.builder.name.setFocus()

    def _show_side(self, *, shown: bool) -> None:
        self._side.setVisible(shown)
        self._edge.setVisible(shown)

    def _leave_builder(self) -> None:
        self._editing = None
        self._show_side(shown=True)
        show_page(self._stack, self.detail if self.list.count() else self.empty, self.list)
        self._show_current()

    def _choose(self, playlist_id: DynamicPlaylistId | None) -> None:
        ids = self._ids()
        if playlist_id in ids:
            self.list.setCurrentRow(ids.index(playlist_id))
        elif ids:
            self.list.setCurrentRow(0)

    def _show_current(self) -> None:
        playlist = self._current()
        if self.state_shown is not self.builder:
            show_page(self._stack, self.empty if playlist is None else self.detail, self.list)
        if playlist is None:
            return
        found = self._service.songs(playlist.id)
        if found is None:
            facts = "Looking for its songs"
        else:
            facts = found.error or formatting.count(len(found.track_ids), "song")
        ids = () if found is None else found.track_ids
        self.detail.show_playlist(playlist.name, playlist.text or "All songs", facts, ids)

    def _current(self) -> DynamicPlaylist | None:
        chosen = self.current_id
        return None if chosen is None else self._service.get(chosen)

    def _ids(self) -> list[DynamicPlaylistId]:
        return [self.list.item(row).data(_ID_ROLE) for row in range(self.list.count())]

    def _size(self, playlist_id: DynamicPlaylistId) -> str:
        found = self._service.songs(playlist_id)
        return _LOOKING if found is None else f"{len(found.track_ids):,}"

    def _lay_out(self) -> None:
        side = QWidget()
        side.setFixedWidth(_LIST_PX)
        self._side = side
        column = QVBoxLayout(side)
        column.setContentsMargins(SIDE_PX // 2, 16, SIDE_PX // 2, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(label("Dynamic", "heading"), 1)
        entries: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("plus", "New dynamic playlist", self.begin_new),
            ("download-simple", "Import dynamic playlists of MECOMP", self.choose_import),
        )
        for icon, words, clicked in entries:
            head.addWidget(icon_button(self._bridge, icon, words, clicked))
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self._stack = QStackedWidget()
        for page in (self.empty, self.detail, self.builder):
            self._stack.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._edge = line(vertical=True)
        row.addWidget(side)
        row.addWidget(self._edge)
        row.addWidget(self._stack, 1)
