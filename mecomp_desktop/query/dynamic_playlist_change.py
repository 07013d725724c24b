"""What was done to a dynamic playlist, as a step that can be undone."""

from collections.abc import Callable
from dataclasses import dataclass

from mecomp_desktop.domain.dynamic_playlist import DynamicPlaylist
from mecomp_desktop.domain.ids import DynamicPlaylistId


@dataclass(frozen=True, slots=True, eq=False)
class DynamicPlaylistChange:
    """One dynamic playlist becomes another, comes or goes.

    Attributes:
        playlist_id: Which one.
        sentence: What was done.
        before: What it was; ``None`` where it was not there.
        after: What it is; ``None`` where it is gone.
        put: Makes it so; returns at once.
    """

    playlist_id: DynamicPlaylistId
    sentence: str
    before: DynamicPlaylist | None
    after: DynamicPlaylist | None
    put: Callable[[DynamicPlaylistId, DynamicPlaylist | None], None]

    @property
    def scope(self) -> str:
        """What it changes."""
        return f"dynamic playlist {self.playlist_id}"

    def do(self) -> None:
        """Do it, for the first time or again."""
        self.put(self.playlist_id, self.after)

    def undo(self) -> None:
        """Take it back."""
        self.put(self.playlist_id, self.before)
