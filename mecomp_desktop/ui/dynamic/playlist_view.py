"""One dynamic playlist: its name, its query, what can be done with it, and its songs."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.heading import SIDE_PX
from mecomp_desktop.ui.library.song_actions import SongActions
from mecomp_desktop.ui.library.song_table import FIRST_COLUMNS, SongTable
from mecomp_desktop.ui.widgets.basics import button, icon_button
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel
from mecomp_desktop.ui.widgets.view_state import preserve_view_state


class PlaylistView(QWidget):
    """The songs of a dynamic playlist, in its order until a heading is clicked.

    Args:
        bridge: For theme and icons.
        actions: What can be done with songs.
        edit: Called to edit it.
        freeze: Called to make a playlist of its songs.
        remove: Called to delete it.
    """

    def __init__(
        self,
        bridge: Bridge,
        actions: SongActions,
        edit: Callable[[], object],
        freeze: Callable[[], object],
        remove: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._actions = actions
        self._ids: tuple[TrackId, ...] = ()
        self.table = SongTable(bridge, actions, FIRST_COLUMNS)
        self.name = ElidedLabel("title")
        self.query = ElidedLabel("muted")
        self.facts = ElidedLabel("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head(edit, freeze, remove))
        column.addWidget(self.table, 1)

    def show_playlist(self, name: str, query: str, facts: str, ids: Sequence[TrackId]) -> None:
        """Show a dynamic playlist."""
        for part, text in ((self.name, name), (self.query, query), (self.facts, facts)):
            if part.whole != text:
                part.show_text(text)
        if self._ids == tuple(ids):
            return
        self._ids = tuple(ids)
        # It follows plays and likes: what is selected in it stays so meanwhile.
        preserve_view_state(
            self.table, self.table.songs, lambda: self.table.songs.set_scope(self._ids)
        )

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library."""
        self.table.show_catalog(catalog)

    def _do(self, action: Callable[[Sequence[TrackId]], None]) -> None:
        action(self.table.visible_ids())

    def _head(
        self,
        edit: Callable[[], object],
        freeze: Callable[[], object],
        remove: Callable[[], object],
    ) -> QVBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        play = button("Play", partial(self._do, self._actions.play), "primary")
        self._bridge.icons.bind(play, "play-fill", "on_accent")
        buttons.addWidget(play)
        entries: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("plus", "Add to queue", partial(self._do, self._actions.enqueue)),
            ("broadcast", "Start radio", partial(self._do, self._actions.start_radio)),
            ("pencil-simple", "Edit", edit),
            ("snowflake", "Freeze into a playlist", freeze),
            ("trash", "Delete", remove),
        )
        for icon, words, clicked in entries:
            buttons.addWidget(icon_button(self._bridge, icon, words, clicked))
        buttons.addStretch()
        head = QVBoxLayout()
        head.setContentsMargins(SIDE_PX, 16, SIDE_PX, 12)
        head.setSpacing(4)
        for part in (self.name, self.query, self.facts):
            head.addWidget(part)
        head.addSpacing(8)
        head.addLayout(buttons)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        return head
