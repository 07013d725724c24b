"""Tables of answers: the paper's form, and the one with all fields that the app exports.

Both begin with ``song1,song2,song3,anchor,positive``; anchor and positive are 1, 2 or 3, and
empty where nobody has judged. In the app's form a song goes by the identity of its sound, where
it lay stands in ``path1`` to ``path3``, and ``held_back`` marks what is kept for measuring.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.contracts.answers_file import (
    HELD_BACK_COLUMN,
    PAPER_COLUMNS,
    PATH_COLUMNS,
    closest_pair,
)
from mecomp_desktop.domain.judgment import Pair
from trainer.errors import DataError

_TRUE = frozenset(("1", "true", "yes"))


@dataclass(frozen=True, slots=True)
class Answer:
    """One judged row.

    Attributes:
        songs: What the three are called: a key, a path, or the identity of the sound.
        paths: Where they lay when the table was written; empty where it does not tell.
        closest: The two that sound alike.
        held_back: Kept for measuring, never learned from.
        row: Where it stands in the table, counted from 1 below the header.
    """

    songs: tuple[str, str, str]
    paths: tuple[str, str, str]
    closest: Pair
    held_back: bool
    row: int

    @property
    def odd(self) -> str:
        """The third song."""
        return self.songs[self.closest.odd]


def read_answers(path: Path) -> tuple[list[Answer], int]:
    """Reads the judged rows; also returns how many are unjudged.

    Raises:
        DataError: It cannot be read, lacks a column, or a row makes no sense.
    """
    judged, open_rows = [], 0
    for number, row in enumerate(_rows(path), start=1):
        answer = _answer(path, number, row)
        if answer is None:
            open_rows += 1
        else:
            judged.append(answer)
    return judged, open_rows


def _answer(path: Path, number: int, row: dict[str, str | None]) -> Answer | None:
    try:
        closest = closest_pair(row["anchor"] or "", row["positive"] or "")
    except ValueError as problem:
        raise DataError(f"{path}, line {number + 1}: {problem}") from None
    if closest is None:
        return None
    held_back = (row.get(HELD_BACK_COLUMN) or "").lower() in _TRUE
    songs = _three(row, PAPER_COLUMNS[:3])
    return Answer(songs, _three(row, PATH_COLUMNS), closest, held_back, number)


def _three(row: dict[str, str | None], columns: Sequence[str]) -> tuple[str, str, str]:
    first, second, third = (row.get(name) or "" for name in columns)
    return first, second, third


def _rows(path: Path) -> list[dict[str, str | None]]:
    try:
        # Spreadsheets put a byte order mark in front, which would become part of the first column's
        # name.
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader: csv.DictReader[str] = csv.DictReader(file)
            rows: list[dict[str, str | None]] = list(reader)
            names = reader.fieldnames or ()
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataError(f"{path}: cannot be read as a table ({problem})") from problem
    missing = [name for name in PAPER_COLUMNS if name not in names]
    if missing:
        found = ", ".join(names) or "nothing"
        raise DataError(f"{path}: lacks the column(s) {', '.join(missing)}; it has {found}")
    return rows
