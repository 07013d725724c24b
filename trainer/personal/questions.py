"""The listener's answers, as rows of the library's summaries."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mecomp_desktop.domain.judgment import Pair
from trainer.errors import DataError

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_COLUMNS = ("song1", "song2", "song3", "anchor", "positive")
_TRUE = frozenset(("1", "true", "yes"))


@dataclass(frozen=True, slots=True)
class Questions:
    """``n`` answered questions.

    Attributes:
        trios: ``[n, 3]``, rows of the library.
        chosen: ``[n]``, the pair (``Pair``) that the listener found most alike.
        held_back: ``[n]``, kept for measuring.
        lines: ``[n]``, where each stands in the file, counted from 1 below the header.
    """

    trios: Ints
    chosen: Ints
    held_back: Flags
    lines: Ints

    def __len__(self) -> int:
        return len(self.chosen)


def read_questions(path: Path, row_of: dict[str, int]) -> Questions:
    """Reads ``song1,song2,song3,anchor,positive`` and, where there is one, ``held_back``.

    Rows without an answer, and those about recordings that are not in the library, are left out.

    Args:
        path: The table.
        row_of: The library's row of each song.

    Raises:
        DataError: The table cannot be read, or nothing in it can be used.
    """
    trios, chosen, held_back, lines = [], [], [], []
    for number, row in enumerate(_rows(path), start=1):
        pair = _pair(path, number, row)
        songs = [row_of.get(row[name], -1) for name in _COLUMNS[:3]]
        if pair is None or min(songs) < 0 or len(set(songs)) < 3:
            continue
        trios.append(songs)
        chosen.append(int(pair))
        held_back.append((row.get("held_back") or "").lower() in _TRUE)
        lines.append(number)
    if not trios:
        raise DataError(f"{path}: no answer in it is about three songs of this library")
    return Questions(np.array(trios), np.array(chosen), np.array(held_back), np.array(lines))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            names = reader.fieldnames or ()
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataError(f"{path}: cannot be read as a table ({problem})") from problem
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise DataError(f"{path}: lacks the column(s) {', '.join(missing)}")
    return rows


def _pair(path: Path, number: int, row: dict[str, str]) -> Pair | None:
    anchor, positive = row["anchor"] or "", row["positive"] or ""
    if not anchor and not positive:
        return None
    try:
        return Pair.of(int(anchor) - 1, int(positive) - 1)
    except ValueError as problem:
        raise DataError(
            f"{path}, row {number}: anchor {anchor!r} and positive {positive!r}"
            " are no two of 1, 2, 3"
        ) from problem
