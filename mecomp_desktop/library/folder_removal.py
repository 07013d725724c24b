"""Removing a music folder, as a step that can be undone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mecomp_desktop.domain.ids import RootId


class Folders(Protocol):
    """What takes folders out of the library and brings them back; both return at once."""

    def remove_root(self, root_id: RootId) -> None:
        """Hide a folder and its tracks."""

    def restore_root(self, root_id: RootId) -> None:
        """Bring a removed folder and its tracks back."""


@dataclass(frozen=True, slots=True, eq=False)
class FolderRemoval:
    """The removal of one folder.

    Attributes:
        folders: The library.
        root_id: The folder.
        path: Where it is.
    """

    folders: Folders
    root_id: RootId
    path: Path

    @property
    def sentence(self) -> str:
        """What was done."""
        return f"{self.path.name or self.path} is no longer a music folder"

    @property
    def scope(self) -> str:
        """What it changes; folders do not depend on each other."""
        return f"folder {self.root_id}"

    def do(self) -> None:
        """Remove the folder."""
        self.folders.remove_root(self.root_id)

    def undo(self) -> None:
        """Bring the folder back."""
        self.folders.restore_root(self.root_id)
