"""Edits of playlists, as steps that can be undone."""

from collections.abc import Callable
from dataclasses import dataclass

from mecomp_desktop.domain.playlist_edit import PlaylistEdit


@dataclass(frozen=True, slots=True, eq=False)
class PlaylistChange:
    """One edit of playlists.

    Entries are values that the states share, so a step costs little.

    Attributes:
        sentence: What was done.
        scope: What it changes: the songs of one playlist, or the list of playlists.
        edit: The edit.
        apply: Makes it so; returns at once.
    """

    sentence: str
    scope: str
    edit: PlaylistEdit
    apply: Callable[[PlaylistEdit], None]

    def do(self) -> None:
        """Do it, for the first time or again."""
        self.apply(self.edit)

    def undo(self) -> None:
        """Take it back."""
        self.apply(self.edit.reverse)
