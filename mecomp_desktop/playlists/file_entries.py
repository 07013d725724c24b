"""From the songs of a playlist file to entries, and back."""

from collections.abc import Sequence
from pathlib import Path

from mecomp_desktop.domain.playlist import (
    NO_AUDIO_ID,
    PlaylistEntries,
    PlaylistEntry,
    entry_of,
    new_entry_id,
)
from mecomp_desktop.files import reachable_file
from mecomp_desktop.playlists.files.content import FileContent, FileEntry
from mecomp_desktop.playlists.files.location import paths_of
from mecomp_desktop.playlists.song_finder import NOT_FOUND, SongFinder


def entries_of_file(content: FileContent, folder: Path, finder: SongFinder) -> PlaylistEntries:
    """Return an entry for every song of a file; those that are missing keep what the file said.

    Args:
        content: What the file says.
        folder: Where the file lies.
        finder: Finds songs in the library.
    """
    return tuple(_entry(item, folder, content.encoding, finder) for item in content.entries)


def file_entries(entries: PlaylistEntries, finder: SongFinder) -> list[FileEntry]:
    """Return what a file says of these entries: where each song is now, if it is known."""
    paths: Sequence[str] = finder.catalog.tracks.column("path")
    return [
        FileEntry(
            entry.path if row == NOT_FOUND else paths[row],
            entry.title,
            entry.artist,
            entry.album,
            entry.duration_s,
        )
        for entry, row in zip(entries, finder.rows(entries), strict=True)
    ]


def identified(entries: PlaylistEntries, finder: SongFinder) -> PlaylistEntries:
    """Return the entries, those of unknown songs with the identity of what they turned out to be.

    The same object where nothing is found.
    """
    if all(entry.audio_id for entry in entries):
        return entries
    found = tuple(
        entry if entry.audio_id else _identified(entry, finder.row(entry), finder)
        for entry in entries
    )
    return entries if found == entries else found


def _entry(item: FileEntry, folder: Path, encoding: str, finder: SongFinder) -> PlaylistEntry:
    paths = paths_of(item.location, folder, encoding)
    row = next(filter(_is_found, map(finder.row_of_path, paths)), NOT_FOUND)
    path = paths[0]
    if row == NOT_FOUND and len(paths) > 1:
        path = next((known for known in paths if reachable_file(Path(known))), path)
    entry = PlaylistEntry(
        new_entry_id(), NO_AUDIO_ID, path, item.title, item.artist, item.album, item.duration_s
    )
    return _identified(entry, row if row != NOT_FOUND else finder.row(entry), finder)


def _identified(entry: PlaylistEntry, row: int, finder: SongFinder) -> PlaylistEntry:
    if row == NOT_FOUND:
        return entry
    found = entry_of(finder.catalog.tracks[row])
    return PlaylistEntry(
        entry.id,
        found.audio_id,
        found.path,
        found.title,
        found.artist,
        found.album,
        found.duration_s,
    )


def _is_found(row: int) -> bool:
    return row != NOT_FOUND
