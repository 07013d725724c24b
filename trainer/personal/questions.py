"""The listener's answers, as rows of the library's summaries."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mecomp_desktop.arrays import Flags, Rows
from trainer.data.answers import read_answers
from trainer.errors import DataError


@dataclass(frozen=True, slots=True)
class Questions:
    """``n`` answered questions.

    Attributes:
        trios: ``[n, 3]``, rows of the library.
        chosen: ``[n]``, the pair (``Pair``) that the listener found most alike.
        held_back: ``[n]``, kept for measuring.
        lines: ``[n]``, where each stands in the file, counted from 1 below the header.
    """

    trios: Rows
    chosen: Rows
    held_back: Flags
    lines: Rows

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
    for answer in read_answers(path)[0]:
        songs = [row_of.get(song, -1) for song in answer.songs]
        if min(songs) < 0 or len(set(songs)) < 3:
            continue
        trios.append(songs)
        chosen.append(int(answer.closest))
        held_back.append(answer.held_back)
        lines.append(answer.row)
    if not trios:
        raise DataError(f"{path}: no answer in it is about three songs of this library")
    return Questions(np.array(trios), np.array(chosen), np.array(held_back), np.array(lines))
