"""Playlists that no file stands behind."""

from mecomp_desktop.domain.ids import AudioId, PlaylistEntryId, PlaylistId
from mecomp_desktop.domain.playlist import Playlist, PlaylistEntry, PlaylistKind


def entry(number: int) -> PlaylistEntry:
    """An entry; everything in it follows from its number."""
    return PlaylistEntry(
        PlaylistEntryId(number),
        AudioId(f"audio {number}"),
        f"/music/{number}.flac",
        f"Song {number}",
        f"Artist {number % 3}",
        f"Album {number % 2}",
        float(60 + number),
    )


def playlist(
    number: int, *entries: int, name: str = "", place: int = 0, parent: int | None = None
) -> Playlist:
    """A playlist of the entries with these numbers."""
    return Playlist(
        PlaylistId(number),
        name or f"Playlist {number}",
        PlaylistKind.PLAYLIST,
        None if parent is None else PlaylistId(parent),
        place,
        tuple(map(entry, entries)),
    )


def folder(number: int, *, place: int = 0, parent: int | None = None) -> Playlist:
    """A folder of playlists."""
    return Playlist(
        PlaylistId(number),
        f"Folder {number}",
        PlaylistKind.FOLDER,
        None if parent is None else PlaylistId(parent),
        place,
    )
