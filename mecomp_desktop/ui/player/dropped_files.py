"""Finding the songs of files and folders that are dropped."""

from collections.abc import Iterable
from pathlib import Path

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.files import reachable_folder
from mecomp_desktop.library.service import LibraryService


def songs_of(library: LibraryService, paths: Iterable[Path]) -> tuple[list[TrackId], list[Path]]:
    """Find what can be played of these files and folders. Blocks: for a worker thread.

    Args:
        library: Reads files that it does not know; those it cannot read, it tells the listener.
        paths: Files and folders, absolute.

    Returns:
        The songs, in the order of the paths and by name within a folder, and the folders that
        hold no song of the library.
    """
    found: list[TrackId] = []
    unknown: list[Path] = []
    for path in paths:
        if not reachable_folder(path):
            found.extend(library.visit([path]))
            continue
        inside = sorted(
            (track for track in library.catalog().tracks if track.path.is_relative_to(path)),
            key=lambda track: (track.path, track.start_s or 0.0),
        )
        found.extend(track.id for track in inside)
        if not inside:
            unknown.append(path)
    return found, unknown
