"""Finding the songs of files and folders."""

from collections.abc import Iterable
from pathlib import Path

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Track


def tracks_below(
    tracks: Iterable[Track], paths: Iterable[Path]
) -> tuple[list[TrackId], list[Path]]:
    """Find the tracks that are these files, or lie in these folders.

    Takes some tenths of a second in a large library: for a worker thread.

    Args:
        tracks: The whole library.
        paths: Files and folders, absolute.

    Returns:
        The tracks, in the order of the paths and by name within a folder, and the paths that
        hold none.
    """
    by_path = {str(track.path): track.id for track in tracks}
    ordered = sorted(by_path)
    found: list[TrackId] = []
    unknown: list[Path] = []
    for path in paths:
        name = str(path)
        inside = name.rstrip("/\\")
        below = [one for one in ordered if one.startswith((inside + "/", inside + "\\"))]
        names = [name] if name in by_path else below
        found.extend(by_path[one] for one in names)
        if not names:
            unknown.append(path)
    return found, unknown
