"""A dynamic playlist: a query by name, and the order and number of songs that it is to have."""

from dataclasses import dataclass

from mecomp_desktop.domain.ids import DynamicPlaylistId


@dataclass(frozen=True, slots=True)
class DynamicPlaylist:
    """One dynamic playlist.

    Attributes:
        id: The library's number for it.
        name: What the listener calls it.
        query: What its songs match, in the query language; empty for all songs.
        sort: The fields that it is ordered by, as behind ``sort by``; empty for none.
        limit: How many songs it has at most; ``None`` for all.
    """

    id: DynamicPlaylistId
    name: str
    query: str
    sort: str = ""
    limit: int | None = None

    @property
    def text(self) -> str:
        """The whole of it in the query language."""
        parts = (
            self.query,
            f"sort by {self.sort}" if self.sort else "",
            "" if self.limit is None else f"limit {self.limit}",
        )
        return " ".join(filter(None, parts))
