"""The rows of a playlist: its own order, the same song as often as it is in it."""

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QObject

from mecomp_desktop.domain.ids import PlaylistEntryId
from mecomp_desktop.domain.playlist import PlaylistEntries
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.playlists.songs import PlaylistSongs
from mecomp_desktop.ui.library.song_model import Rows, SongModel

_NOTHING = PlaylistSongs((), Catalog())


class PlaylistModel(SongModel):
    """Shows a catalog of exactly the songs of a playlist; its rows are the entries."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: PlaylistEntries = ()

    def show_songs(self, songs: PlaylistSongs | None) -> None:
        """Show the songs of a playlist; ``None``: none."""
        shown = songs or _NOTHING
        self._entries = shown.entries
        super().show_catalog(shown.catalog)

    @property
    def is_in_own_order(self) -> bool:
        """Whether every entry stands where it stands in the playlist, so that it can be moved."""
        return self.sorted_by is None and not self.search

    def entry_ids(self, rows: Iterable[int]) -> list[PlaylistEntryId]:
        """Return the ids of the entries in these rows."""
        return [self._entries[int(self._rows[row])].id for row in rows]

    def rows_of_entries(self, entry_ids: Sequence[PlaylistEntryId]) -> list[int]:
        """Return the rows of these entries, top to bottom."""
        wanted = set(entry_ids)
        return [
            row
            for row, place in enumerate(self._rows.tolist())
            if self._entries[place].id in wanted
        ]

    def _arranged(self) -> Rows:
        if self._sort is not None or self._search:
            rows = super()._arranged()
            # The search alone keeps the playlist's order.
            return rows if self._sort is not None else np.sort(rows)
        return np.arange(len(self._entries), dtype=np.int32)
