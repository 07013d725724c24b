"""The menu of a playlist in the list of playlists."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtWidgets import QMenu, QWidget

from mecomp_desktop.domain.ids import PlaylistId
from mecomp_desktop.domain.playlist import Playlist


class PlaylistCommands(Protocol):
    """What can be done with the chosen playlist."""

    def rename(self) -> None:
        """Let the listener give it another name."""

    def duplicate(self) -> None:
        """Make a second one of the same songs."""

    def choose_export(self) -> None:
        """Let the listener choose the file that it is written to."""

    def delete(self) -> None:
        """Delete it."""

    def folders(self) -> Sequence[Playlist]:
        """Return the folders that it can be put into."""

    def put_into(self, folder_id: PlaylistId | None) -> None:
        """Put it into a folder; ``None``: to the top."""


def playlist_menu(commands: PlaylistCommands) -> QMenu:
    """Return the menu, owned by the widget that carries the commands out."""
    assert isinstance(commands, QWidget)
    menu = QMenu(commands)
    entries: tuple[tuple[str, Callable[[], object]], ...] = (
        ("Rename…\tF2", commands.rename),
        ("Duplicate", commands.duplicate),
        ("Export…", commands.choose_export),
        ("Delete\tDel", commands.delete),
    )
    for words, run in entries:
        menu.addAction(words).triggered.connect(lambda _checked=False, run=run: run())
    folders = menu.addMenu("Move to folder")
    folders.aboutToShow.connect(partial(_fill, folders, commands))
    return menu


def _fill(menu: QMenu, commands: PlaylistCommands) -> None:
    """List the folders as they are now."""
    menu.clear()
    targets: list[tuple[str, PlaylistId | None]] = [("None", None)]
    targets += [(folder.name, folder.id) for folder in commands.folders()]
    for words, folder_id in targets:
        menu.addAction(words).triggered.connect(
            lambda _checked=False, folder_id=folder_id: commands.put_into(folder_id)
        )
