"""One playlist: its name, what can be done with it, and its songs."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.playlists.songs import PlaylistSongs, is_stand_in
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.library.empty_states import EmptyState
from mecomp_desktop.ui.library.heading import SIDE_PX
from mecomp_desktop.ui.page import PageContext
from mecomp_desktop.ui.playlists.playlist_table import PlaylistTable
from mecomp_desktop.ui.widgets.basics import button, icon_button, show_page
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel


class PlaylistView(QWidget):
    """The songs of a playlist below its name and buttons.

    Args:
        context: For theme, icons and what can be done with songs.
        export: Called to write the playlist to a file.
    """

    def __init__(self, context: PageContext, export: Callable[[], object]) -> None:
        super().__init__()
        self._bridge, self._songs = context.bridge, context.songs
        self._playback = context.app.playback
        self.table = PlaylistTable(self._bridge, self._songs)
        self.name = ElidedLabel("title")
        self.facts = ElidedLabel("muted")
        self.no_songs = EmptyState(self._bridge, "playlist")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.no_songs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head(export))
        column.addWidget(self._stack, 1)

    def show_songs(self, songs: PlaylistSongs, *, is_same_playlist: bool) -> None:
        """Show the songs of a playlist."""
        if not is_same_playlist:
            self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.show_songs(songs, is_same_playlist=is_same_playlist)
        show_page(self._stack, self.table)
        tracks = songs.catalog.tracks
        missing = sum(map(is_stand_in, tracks.column("id")))
        length = formatting.clock(sum(tracks.column("duration_s")))
        parts = [formatting.count(len(tracks), "song"), length]
        if missing:
            parts.append(f"{missing:,} missing")
        self.facts.show_text(" · ".join(parts))

    def show_nothing(self, heading: str, sentence: str) -> None:
        """Say why there are no songs."""
        self.facts.show_text("")
        self.no_songs.show_message(heading, sentence)
        self.table.show_songs(None, is_same_playlist=False)
        show_page(self._stack, self.no_songs)

    def _shuffle(self) -> None:
        if ids := self.table.visible_ids():
            self._playback.set_shuffle(True)
            self._songs.play(ids)

    def _head(self, export: Callable[[], object]) -> QVBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)

        def of_all(action: Callable[[Sequence[TrackId]], None]) -> Callable[[], None]:
            return lambda: action(self.table.visible_ids())

        play = button("Play", of_all(self._songs.play), "primary")
        self._bridge.icons.bind(play, "play-fill", "on_accent")
        buttons.addWidget(play)
        entries: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("shuffle", "Shuffle", self._shuffle),
            ("plus", "Add to queue", of_all(self._songs.enqueue)),
            ("broadcast", "Start radio", of_all(self._songs.start_radio)),
            ("export", "Export", export),
        )
        for icon, words, clicked in entries:
            buttons.addWidget(icon_button(self._bridge, icon, words, clicked))
        buttons.addStretch()
        head = QVBoxLayout()
        head.setContentsMargins(SIDE_PX, 16, SIDE_PX, 12)
        head.setSpacing(4)
        head.addWidget(self.name)
        head.addWidget(self.facts)
        head.addSpacing(8)
        head.addLayout(buttons)
        return head
