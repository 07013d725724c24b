"""Finds the tracks that contain what is typed."""

import threading
from collections.abc import Iterable

import numpy as np

from mecomp_desktop.arrays import SmallRows
from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.library.fields import FIELDS
from mecomp_desktop.text import fold, fold_all

_SEARCHED = tuple(field.name for field in FIELDS if field.searched and field.name != "title")


class SearchTexts:
    """The folded text of every track. All methods may be called from any thread.

    Args:
        tracks: What to search.
    """

    def __init__(self, tracks: TrackTable) -> None:
        self._tracks = tracks
        self._lock = threading.Lock()
        self._titles: list[str] | None = None
        self._texts: list[str] | None = None
        # The words of the last search, and what they were found in.
        self._last: tuple[tuple[str, ...], list[int]] | None = None

    def titles(self) -> list[str]:
        """Return every title, folded."""
        with self._lock:
            return self._folded_titles()

    def texts(self) -> list[str]:
        """Return what each track is searched in; the first call makes it."""
        with self._lock:
            if self._texts is None:
                self._texts = self._join(self._folded_titles())
            return self._texts

    def find(self, text: str) -> SmallRows:
        """Return the rows that contain every word, ascending, int32 [n]; no words: all rows."""
        # The longest word leaves the fewest rows for the others.
        words = tuple(sorted(set(fold(text).split()), key=len, reverse=True))
        if not words:
            return np.arange(len(self._tracks), dtype=np.int32)
        texts = self.texts()
        last = self._last
        if last is not None and _narrows(last[0], words):
            done, rows = last
        else:
            done, rows = words[:1], [row for row, line in enumerate(texts) if words[0] in line]
        for word in words:
            if word not in done:
                rows = [row for row in rows if word in texts[row]]
        self._last = (words, rows)
        return np.fromiter(rows, np.int32, len(rows))

    def _folded_titles(self) -> list[str]:
        if self._titles is None:
            self._titles = fold_all(self._tracks.column("title"))
        return self._titles

    def _join(self, titles: Iterable[str]) -> list[str]:
        """Add the other fields; the lines keep a word from spanning two of them."""
        columns = [self._tracks.column(name) for name in _SEARCHED]
        folded: dict[tuple[tuple[str, ...] | str, ...], str] = {}
        texts = []
        # The songs of an album have these fields in common; each such set is folded once.
        for title, values in zip(titles, zip(*columns, strict=True), strict=True):
            rest = folded.get(values)
            if rest is None:
                lines = (value if isinstance(value, str) else "\n".join(value) for value in values)
                rest = folded[values] = fold("\n".join(lines))
            texts.append(f"{title}\n{rest}")
        return texts


def _narrows(before: Iterable[str], now: Iterable[str]) -> bool:
    """Return whether all that matches the words now has matched those before."""
    return all(any(old in new for new in now) for old in before)
