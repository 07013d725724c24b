"""Every music file below a folder, whatever links, names and permissions lie on the way."""

import os
import stat
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from mecomp_desktop.domain.changes import FileStamp

MUSIC_SUFFIXES = frozenset(
    {".aac", ".aif", ".aifc", ".aiff", ".alac", ".ape", ".au", ".caf", ".dff", ".dsf", ".flac"}
    | {".m4a", ".m4b", ".mka", ".mp2", ".mp3", ".mpc", ".oga", ".ogg", ".opus", ".snd", ".spx"}
    | {".tta", ".w64", ".wav", ".wave", ".weba", ".webm", ".wma", ".wv"}
)
"""What a music file's name may end with, in lower case."""

_SYSTEM_FOLDERS = frozenset({"$recycle.bin", "system volume information", "__macosx", "lost+found"})


@dataclass(frozen=True, slots=True)
class MusicFile:
    """A file that is named like music.

    Attributes:
        path: Where it is; bytes that are not UTF-8 are kept by surrogate escapes.
        stamp: What it looks like from outside.
    """

    path: str
    stamp: FileStamp


def is_music(name: str) -> bool:
    """Return whether a name is that of a music file, and of none that is hidden."""
    stem, dot, suffix = name.rpartition(".")
    return bool(stem) and not stem.startswith(".") and (dot + suffix).lower() in MUSIC_SUFFIXES


class Walk:
    """One pass over the music files below some folders.

    A folder or file that several links lead to is visited once, by its real name if that lies
    below the folders too. Hidden files and folders are left out.

    Args:
        roots: The folders; one inside another is walked for itself.
        cancelled: Asked before every folder; the pass ends early when it says so.

    Attributes:
        unreadable: The folders that could not be listed, with the error.
    """

    def __init__(self, roots: Collection[str], cancelled: Callable[[], bool]) -> None:
        self.unreadable: dict[str, OSError] = {}
        self._roots = frozenset(roots)
        self._cancelled = cancelled
        self._seen_folders: set[tuple[int, int]] = set()
        self._seen_files: set[tuple[int, int]] = set()

    def files(self, root: str) -> Iterator[MusicFile]:
        """Give the music files below one of the folders, in the order of their names."""
        later: list[str] = []  # links, so that the real names come first
        yield from self._below(root, later)
        while later:
            link = later.pop(0)
            try:
                status = os.stat(link)  # noqa: PTH116 (a Path for every file would cost more)
            except OSError:
                continue  # a link to nothing, or round in a circle
            if stat.S_ISDIR(status.st_mode):
                yield from self._below(link, later)
            elif self._is_new_music(link, status):
                yield MusicFile(link, FileStamp(status.st_size, status.st_mtime_ns))

    def _below(self, folder: str, later: list[str]) -> Iterator[MusicFile]:
        waiting = [folder]
        while waiting and not self._cancelled():
            folder = waiting.pop()
            try:
                if not self._first_visit(self._seen_folders, os.stat(folder)):  # noqa: PTH116
                    continue
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                self.unreadable[folder] = error
                continue
            folders: list[str] = []
            yield from self._in_folder(entries, folders, later)
            waiting.extend(reversed(folders))

    def _in_folder(
        self, entries: list["os.DirEntry[str]"], folders: list[str], later: list[str]
    ) -> Iterator[MusicFile]:
        for entry in entries:
            try:
                if entry.is_symlink():
                    if _is_visible(entry.name):
                        later.append(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    if self._is_ours(entry):
                        folders.append(entry.path)
                elif is_music(entry.name) and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    self._seen_files.add((status.st_dev, status.st_ino))
                    yield MusicFile(entry.path, FileStamp(status.st_size, status.st_mtime_ns))
            except OSError:
                continue  # it vanished between the listing and the look

    def _is_new_music(self, link: str, status: os.stat_result) -> bool:
        return (
            is_music(os.path.basename(link))  # noqa: PTH119 (a string, like all paths here)
            and stat.S_ISREG(status.st_mode)
            and self._first_visit(self._seen_files, status)
        )

    def _is_ours(self, entry: "os.DirEntry[str]") -> bool:
        return _is_visible(entry.name) and entry.path not in self._roots

    @staticmethod
    def _first_visit(seen: set[tuple[int, int]], status: os.stat_result) -> bool:
        identity = (status.st_dev, status.st_ino)
        if identity in seen:
            return False
        seen.add(identity)
        return True


def _is_visible(name: str) -> bool:
    return not name.startswith(".") and name.lower() not in _SYSTEM_FOLDERS
