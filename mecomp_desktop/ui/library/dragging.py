"""Songs on their way from one list to another, and folders on their way into the library."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.files import reachable_folder
from mecomp_desktop.playlists.files.playlist_file import is_playlist
from mecomp_desktop.ui.player.mime import TRACKS, pack


def songs_as_mime(ids: Sequence[TrackId]) -> QMimeData:
    """Return songs as data to drag."""
    data = QMimeData()
    data.setData(TRACKS, pack(ids))
    return data


def playlists_in(data: QMimeData) -> list[Path]:
    """Return the playlist files among the files that are dragged in from outside."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if is_playlist(path.name)]


def folders_in(data: QMimeData) -> list[Path]:
    """Return the folders among the files that are dragged in from outside."""
    if not data.hasUrls():
        return []
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if reachable_folder(path)]
