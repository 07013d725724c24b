"""Playlist files of every format: reading, writing, and telling them by their names."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mecomp_desktop.errors import UserError
from mecomp_desktop.files import opened, reachable, reachable_file, write_atomically
from mecomp_desktop.playlists.files import m3u, pls, xspf
from mecomp_desktop.playlists.files.content import (
    MAX_ENTRIES,
    FileContent,
    FileEntry,
    NoPlaylist,
)

MAX_BYTES = 32 << 20
"""A playlist of 100,000 songs has about 15 MB; what is larger is none."""

_PARSERS: dict[str, Callable[[bytes], FileContent]] = {
    ".m3u": m3u.parse,
    ".m3u8": m3u.parse,
    ".pls": pls.parse,
    ".xspf": xspf.parse,
}
_WRITERS: dict[str, Callable[[str, Sequence[FileEntry], Path | None], str]] = {
    ".m3u8": m3u.written,
    ".m3u": m3u.written,
    ".xspf": xspf.written,
    ".pls": pls.written,
}
SUFFIXES = frozenset(_PARSERS)
"""What the names of playlist files end with, in lower case."""


def is_playlist(name: str) -> bool:
    """Return whether a file's name is that of a playlist."""
    return Path(name).suffix.lower() in SUFFIXES and not name.startswith("._")


def read_playlist(path: Path) -> FileContent:
    """Read a playlist file. Blocks.

    Raises:
        UserError: It cannot be read; one sentence that names the file and the reason.
    """
    parse = _PARSERS.get(path.suffix.lower())
    if parse is None:
        raise UserError(f"{path} couldn't be read: it is no playlist file ({_endings()})")
    raw = _bytes_of(path)
    try:
        content = parse(raw)
    except NoPlaylist as error:
        raise UserError(f"{path} couldn't be read: {error}") from error
    if len(content.entries) > MAX_ENTRIES:
        raise UserError(f"{path} couldn't be read: it has more than {MAX_ENTRIES:,} songs")
    return content


def write_playlist(
    path: Path, name: str, entries: Sequence[FileEntry], *, relative: bool = True
) -> None:
    """Write a playlist file in one step; its name's ending chooses the format. Blocks.

    Args:
        path: The file to write or replace.
        name: What the playlist is called.
        entries: Its songs; their locations are paths.
        relative: Write paths below the file's folder relative to it.

    Raises:
        UserError: It cannot be written; one sentence that names the file and the reason.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise UserError(f"{path} cannot be written: end its name with {_endings()}")
    text = write(name, entries, path.parent.absolute() if relative else None)
    try:
        write_atomically(path, text)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}") from error


def _bytes_of(path: Path) -> bytes:
    # A pipe or a device would be read for ever.
    if reachable(path) and not reachable_file(path):
        raise UserError(f"{path} couldn't be read: it is no file")
    with opened(path) as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise UserError(f"{path} couldn't be read: it is larger than {MAX_BYTES >> 20} MB")
    return raw


def _endings() -> str:
    *others, last = sorted(SUFFIXES)
    return f"{', '.join(others)} or {last}"
