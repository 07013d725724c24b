"""Every music file below a folder, whatever links, names and permissions lie on the way."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mecomp_desktop.domain.changes import FileStamp
from mecomp_desktop.library.cue_files import is_sheet
from mecomp_desktop.library.left_out import NO_MEDIA, why_left_out

MUSIC_SUFFIXES = frozenset(
    {".aac", ".ac3", ".aif", ".aifc", ".aiff", ".alac", ".amr", ".ape", ".au", ".caf", ".dff"}
    | {".dsf", ".dts", ".eac3", ".f4a", ".flac", ".m4a", ".m4b", ".m4r", ".mka", ".mkv", ".mlp"}
    | {".mp1", ".mp2", ".mp3", ".mp4", ".mpc", ".mpga", ".oga", ".ogg", ".opus", ".ra", ".shn"}
    | {".snd", ".spx", ".tak", ".thd", ".tta", ".voc", ".w64", ".wav", ".wave", ".weba", ".webm"}
    | {".wma", ".wv"}
)
"""What a music file's name may end with, in lower case: what libsndfile or FFmpeg decodes.

Videos with sound (MP4, Matroska, WebM) are among them; one without sound is listed as such.
"""
# How macOS keeps what other file systems have no place for, beside each file.
_APPLE_DOUBLE = "._"
_SETTINGS = "settings of programs"


class FolderSheets(NamedTuple):
    """The CUE sheets in a folder.

    Attributes:
        stamps: What each looks like from outside, by its name.
        number: All of that in one number of 63 bits, to compare; 0 for none.
    """

    stamps: Mapping[str, FileStamp]
    number: int

    @classmethod
    def of(cls, stamps: Mapping[str, FileStamp]) -> "FolderSheets":
        """Return the sheets with these stamps."""
        seen = repr(sorted(stamps.items())).encode("utf-8", "surrogateescape")
        digest = hashlib.blake2b(seen, digest_size=8).digest()
        return cls(stamps, int.from_bytes(digest, "big") >> 1 or 1)


NO_SHEETS = FolderSheets({}, 0)


@dataclass(frozen=True, slots=True)
class MusicFile:
    """A file that is named like music.

    Attributes:
        path: Where it is; bytes that are not UTF-8 are kept by surrogate escapes.
        stamp: What it looks like from outside.
        sheets: The CUE sheets beside it.
    """

    path: str
    stamp: FileStamp
    sheets: FolderSheets = NO_SHEETS


def is_music(name: str) -> bool:
    """Return whether a name is that of a music file."""
    stem, dot, suffix = name.rpartition(".")
    is_twin = stem.startswith(_APPLE_DOUBLE)
    return bool(stem) and not is_twin and (dot + suffix).lower() in MUSIC_SUFFIXES


class Walk:
    """One pass over the music files below some folders.

    A folder or file that several links lead to is visited once, by its real name if that lies
    below the folders too. Bins, snapshots and what else is told in `left_out` are not entered.

    Args:
        roots: The folders; one inside another is walked for itself.
        cancelled: Asked before every folder; the pass ends early when it says so.

    Attributes:
        unreadable: The folders that could not be listed, with the error.
        left_out: The folders that were not entered, with the reason.
    """

    def __init__(self, roots: Collection[str], cancelled: Callable[[], bool]) -> None:
        self.unreadable: dict[str, OSError] = {}
        self.left_out: dict[str, str] = {}
        self._roots = frozenset(roots)
        self._root_identities = set(filter(None, map(_identity, roots)))
        self._home = str(Path.home())
        self._cancelled = cancelled
        self._seen_folders: set[tuple[int, int]] = set()
        self._seen_files: set[tuple[int, int]] = set()

    def files(self, root: str) -> Iterator[MusicFile]:
        """Give the music files below one of the folders, in the order of their names."""
        links: list[str] = []  # links, so that the real names come first
        yield from self._below(root, links)
        while links:
            link = links.pop(0)
            try:
                status = os.stat(link)  # noqa: PTH116 (a Path for every file would cost more)
            except OSError:
                continue  # a link to nothing, or round in a circle
            if stat.S_ISDIR(status.st_mode):
                # A root that a link leads to is walked for itself, under its own name; here its
                # songs would get the link's names first, and be missed there.
                if (status.st_dev, status.st_ino) not in self._root_identities:
                    yield from self._below(link, links)
            elif self._is_new_music(link, status):
                yield MusicFile(link, FileStamp.of(status))

    def _below(self, folder: str, links: list[str]) -> Iterator[MusicFile]:
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
            if folder not in self._roots and any(entry.name == NO_MEDIA for entry in entries):
                self.left_out[folder] = NO_MEDIA
                continue
            folders: list[str] = []
            yield from self._in_folder(entries, folders, links, _sheets_among(entries))
            waiting.extend(reversed(folders))

    def _in_folder(
        self,
        entries: list["os.DirEntry[str]"],
        folders: list[str],
        links: list[str],
        sheets: FolderSheets,
    ) -> Iterator[MusicFile]:
        for entry in entries:
            try:
                if entry.is_symlink():
                    if not why_left_out(entry.name):
                        links.append(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    if self._is_ours(entry):
                        folders.append(entry.path)
                elif is_music(entry.name) and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    self._seen_files.add((status.st_dev, status.st_ino))
                    yield MusicFile(entry.path, FileStamp.of(status), sheets)
            except OSError:
                continue  # it vanished between the listing and the look

    def _is_new_music(self, link: str, status: os.stat_result) -> bool:
        return (
            is_music(os.path.basename(link))  # noqa: PTH119 (a string, like all paths here)
            and stat.S_ISREG(status.st_mode)
            and self._first_visit(self._seen_files, status)
        )

    def _is_ours(self, entry: "os.DirEntry[str]") -> bool:
        if entry.path in self._roots:
            return False
        why = why_left_out(entry.name)
        if not why and entry.name.startswith(".") and self._is_home(entry.path):
            why = _SETTINGS
        if why:
            self.left_out[entry.path] = why
        return not why

    def _is_home(self, path: str) -> bool:
        """Return whether a path lies right in the home folder, where a dot means settings."""
        return path.rpartition(os.sep)[0] == self._home

    @staticmethod
    def _first_visit(seen: set[tuple[int, int]], status: os.stat_result) -> bool:
        identity = (status.st_dev, status.st_ino)
        if identity in seen:
            return False
        seen.add(identity)
        return True


def _sheets_among(entries: list["os.DirEntry[str]"]) -> FolderSheets:
    stamps = {}
    for entry in entries:
        # Every file of a library passes here: most are told by their last letter.
        if entry.name[-1:] in ("e", "E") and is_sheet(entry.name):
            with contextlib.suppress(OSError):
                if entry.is_file():
                    stamps[entry.name] = FileStamp.of(entry.stat())
    return FolderSheets.of(stamps) if stamps else NO_SHEETS


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        status = os.stat(folder)  # noqa: PTH116 (a string, like all paths here)
    except OSError:
        return None
    return status.st_dev, status.st_ino
