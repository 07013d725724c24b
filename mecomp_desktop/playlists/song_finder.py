"""Which song of the library an entry of a playlist means."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.playlist import PlaylistEntry
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.text import artist_keys, fold, fold_all

NOT_FOUND = -1
# Two encoders cut a song's ends differently; #EXTINF has whole seconds.
_SAME_LENGTH_S = 3.0
# A name alone ("01.mp3") says too little: its folder must be the same as well.
_MIN_TAIL = 2


class SongFinder:
    """Finds songs in one state of the library; what it needs for that is made at first need.

    Meant for background threads.

    Args:
        catalog: The library.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._paths: Sequence[str] = catalog.tracks.column("path")
        self._audio_ids: Sequence[AudioId] = catalog.tracks.column("audio_id")
        self._available: Sequence[bool] = catalog.tracks.column("available")

    def rows(self, entries: Iterable[PlaylistEntry]) -> list[int]:
        """Return the row of each entry's song in the catalog; ``NOT_FOUND`` where there is none."""
        return [*map(self.row, entries)]

    def row(self, entry: PlaylistEntry) -> int:
        """Return the row of an entry's song in the catalog; ``NOT_FOUND`` where there is none.

        By identity, where it is known: of several files of one recording it is the one that was
        put in, if that is there. Else by the path, by its last parts (a library that was moved
        from another system), and by title, artist and length.
        """
        here = self._row_of_path.get(entry.path, NOT_FOUND)
        if entry.audio_id:
            row = self._recordings.get(entry.audio_id, NOT_FOUND)
            if row != NOT_FOUND:
                is_it = here != NOT_FOUND and self._audio_ids[here] == entry.audio_id
                return here if is_it and self._available[here] else row
            if here != NOT_FOUND and self._has_title(here, entry.title):
                return here  # the file was replaced by a better one of the same song
            return self._by_tags(entry)
        if here != NOT_FOUND:
            return here
        row = self.row_of_foreign_path(entry.path)
        return self._by_tags(entry) if row == NOT_FOUND else row

    def row_of_path(self, path: str) -> int:
        """Return the row of a file; ``NOT_FOUND`` where the library does not have it."""
        row = self._row_of_path.get(path, NOT_FOUND)
        return row if row != NOT_FOUND else self._row_of_plain_path.get(_plain(path), NOT_FOUND)

    def row_of_foreign_path(self, path: str) -> int:
        r"""Return the row of a file that another system knows by this path.

        ``D:\Music\Artist\Album\01.mp3`` is ``/home/me/Music/Artist/Album/01.mp3`` when these
        two share more of their last parts than any other song does, two at least.
        """
        row = self.row_of_path(path)
        if row != NOT_FOUND:
            return row
        parts = _parts(path)
        best, longest, is_only = NOT_FOUND, _MIN_TAIL - 1, True
        for candidate in self._rows_of_name.get(parts[-1], ()) if parts else ():
            shared = _shared_tail(parts, _parts(self._paths[candidate]))
            if shared > longest:
                best, longest, is_only = candidate, shared, True
            elif shared == longest:
                is_only = False
        return best if is_only else NOT_FOUND

    def _by_tags(self, entry: PlaylistEntry) -> int:
        wanted = artist_keys([entry.artist, *entry.artist.split(", ")])
        if not entry.title or not wanted:
            return NOT_FOUND
        tracks = self.catalog.tracks
        found = NOT_FOUND
        for row in self._rows_of_title.get(fold(entry.title).strip(), ()):
            length_s = tracks.column("duration_s")[row]
            differs_s = abs(length_s - entry.duration_s) if length_s and entry.duration_s > 0 else 0
            artists = (*tracks.column("artists")[row], tracks.column("album_artist")[row])
            if differs_s > _SAME_LENGTH_S or wanted.isdisjoint(artist_keys(artists)):
                continue
            if self._available[row]:
                return row
            found = row if found == NOT_FOUND else found
        return found

    def _has_title(self, row: int, title: str) -> bool:
        return fold(self.catalog.tracks.column("title")[row]) == fold(title)

    @cached_property
    def _recordings(self) -> dict[AudioId, int]:
        return self.catalog.recordings()

    @cached_property
    def _row_of_path(self) -> dict[str, int]:
        # Backwards: of a file that a CUE sheet cuts into songs, the first stands for all.
        rows = range(len(self._paths) - 1, -1, -1)
        return dict(zip(reversed(self._paths), rows, strict=True))

    @cached_property
    def _row_of_plain_path(self) -> dict[str, int]:
        return {_plain(path): row for row, path in enumerate(self._paths)}

    @cached_property
    def _rows_of_name(self) -> dict[str, list[int]]:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, path in enumerate(self._paths):
            rows[_plain(path.rpartition("/")[2]).casefold()].append(row)
        return rows

    @cached_property
    def _rows_of_title(self) -> dict[str, list[int]]:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, title in enumerate(fold_all(self.catalog.tracks.column("title"))):
            rows[title.strip()].append(row)
        return rows


def _plain(path: str) -> str:
    """Return a path with composed letters: macOS writes them in two parts."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def _parts(path: str) -> tuple[str, ...]:
    """Return the names in a path of any system, as they are compared."""
    return PurePosixPath(_plain(path.replace("\\", "/")).casefold()).parts


def _shared_tail(left: Sequence[str], right: Sequence[str]) -> int:
    shared = 0
    for left_name, right_name in zip(reversed(left), reversed(right), strict=False):
        if left_name != right_name:
            break
        shared += 1
    return shared
