"""Answers as CSV: the paper's form, and one with every field.

The paper's: ``song1,song2,song3,anchor,positive``, anchor and positive counted from 1, both empty
for a question without an answer. Ours begins with the same columns, so that whatever reads the
paper's form reads ours.
"""

import csv
import dataclasses
import io
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair, Trio
from mecomp_desktop.errors import UserError
from mecomp_desktop.files import replacing

PAPER_COLUMNS = ("song1", "song2", "song3", "anchor", "positive")
HELD_BACK_COLUMN = "held_back"
_MORE_COLUMNS = (HELD_BACK_COLUMN, "origin", "asked_by", "took_s", "judged_at_s")
PATH_COLUMNS = ("path1", "path2", "path3")
_MAX_SHOWN = 5
_UNSTORED = JudgmentId(0)

Resolve = Callable[[str], AudioId | None]


class AnswerFileError(UserError):
    """A file of answers that cannot be read at all; nothing was taken from it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file of answers holds.

    Attributes:
        judgments: The rows that can be used.
        unanswered: How many rows ask without an answer.
        foreign: How many rows are about songs that this library does not know.
        damaged: What is wrong with the other rows, each with its line number.
    """

    judgments: list[Judgment] = field(default_factory=list)
    unanswered: int = 0
    foreign: int = 0
    damaged: list[str] = field(default_factory=list)


def write_paper(
    path: Path, judgments: Iterable[Judgment], name_of: Callable[[AudioId], str]
) -> int:
    """Write answers in the paper's form and return how many.

    Args:
        path: The file; replaced in one step.
        judgments: "Can't tell" is written as a question without an answer.
        name_of: What a recording is called in the file.
    """
    rows = [
        [*(name_of(song) for song in judgment.trio), *_paper_answer(judgment.closest)]
        for judgment in judgments
    ]
    _write(path, PAPER_COLUMNS, rows)
    return len(rows)


def write_all_columns(
    path: Path, judgments: Iterable[Judgment], path_of: Mapping[AudioId, Path]
) -> int:
    """Write answers with every field and return how many.

    Songs go by the identity of their sound; where they lie is added for a reader's eyes.
    """
    rows = [
        [
            *judgment.trio,
            *_paper_answer(judgment.closest),
            int(judgment.held_back),
            judgment.origin,
            judgment.asked_by,
            f"{judgment.took_s:.3f}",
            repr(judgment.judged_at_s),
            *(readable(path_of.get(song)) for song in judgment.trio),
        ]
        for judgment in judgments
    ]
    _write(path, (*PAPER_COLUMNS, *_MORE_COLUMNS, *PATH_COLUMNS), rows)
    return len(rows)


def read_answers(path: Path, resolve: Resolve, now_s: float) -> Reading:
    """Read either form. Bad rows are told, and do not keep the good ones from being read.

    Args:
        path: The file.
        resolve: Turns what a song is called in the file into a recording, or ``None``.
        now_s: Stands for the time of answers that carry none, in seconds since the epoch.

    Raises:
        AnswerFileError: It cannot be opened, is no text, or has not the columns.
    """
    lines = csv.DictReader(io.StringIO(_read_text(path), newline=""))
    _check_columns(path, lines.fieldnames or ())
    judgments: list[Judgment] = []
    damaged: list[str] = []
    unanswered = foreign = 0
    full = set(_MORE_COLUMNS) <= set(lines.fieldnames or ())
    try:
        for row in lines:
            try:
                judgment = _judgment(row, resolve, now_s, full)
            except _Unanswered:
                unanswered += 1
            except _Foreign:
                foreign += 1
            except ValueError as error:
                damaged.append(f"line {lines.line_num}: {error}")
            else:
                judgments.append(judgment)
    except csv.Error as error:
        damaged.append(f"line {lines.line_num} and all below it: {error}")
    return Reading(judgments, unanswered, foreign, damaged)


def resolver(library: Iterable[tuple[AudioId, Path]]) -> Resolve:
    """Return what turns a song's name in a file into a recording of this library.

    A song may go by its identity, its path, its file name, or that without the ending (as the
    numbers of the paper's file do), the last two where only one song has it.
    """
    exact: dict[str, AudioId] = {}
    loose: dict[str, set[AudioId]] = {}
    for audio_id, path in library:
        exact[audio_id] = audio_id
        exact[readable(path)] = audio_id
        for name in (path.name, path.stem):
            loose.setdefault(name, set()).add(audio_id)

    def resolve(name: str) -> AudioId | None:
        if name in exact:
            return exact[name]
        found = loose.get(name, set())
        return next(iter(found)) if len(found) == 1 else None

    return resolve


def readable(path: Path | None) -> str:
    """Return a path as text; what is not UTF-8 in it is shown, not kept."""
    return "" if path is None else os.fsencode(path).decode("utf-8", "replace")


def summary(reading: Reading, added: int, known: int) -> str:
    """Say in a few sentences what came of reading a file.

    Args:
        reading: What was read.
        added: How many answers were stored.
        known: How many were there already, to the second.
    """
    parts = [f"{_count(added, 'answer')} added."]
    if known:
        parts.append(f"{_count(known, 'answer')} had been there already.")
    if reading.unanswered:
        parts.append(f"{_count(reading.unanswered, 'question')} had no answer.")
    if reading.foreign:
        parts.append(
            f"{_count(reading.foreign, 'answer')} left out: about songs that are not in your "
            "library."
        )
    if reading.damaged:
        shown = "; ".join(reading.damaged[:_MAX_SHOWN])
        more = len(reading.damaged) - _MAX_SHOWN
        rest = f"; and {more} more" if more > 0 else ""
        parts.append(f"{_count(len(reading.damaged), 'row')} could not be read: {shown}{rest}.")
    return " ".join(parts)


class _Unanswered(Exception):
    """A row without an answer."""


class _Foreign(Exception):
    """A row about songs that are not known here."""


def _judgment(row: dict[str, str], resolve: Resolve, now_s: float, full: bool) -> Judgment:
    if any(row.get(name) is None for name in PAPER_COLUMNS):
        raise ValueError("it has too few columns")
    songs = [row[name].strip() for name in PAPER_COLUMNS[:3]]
    if not all(songs):
        raise ValueError("a song is missing")
    if len(set(songs)) < 3:
        raise ValueError("the same song stands in it twice")
    closest = closest_pair(row["anchor"], row["positive"])
    if closest is None and not full:
        raise _Unanswered
    trio = _trio(songs, resolve)
    judgment = Judgment(_UNSTORED, trio, closest, False, "import", "", 0.0, now_s)
    return _with_details(judgment, row) if full else judgment


def _trio(songs: Sequence[str], resolve: Resolve) -> Trio:
    first, second, third = (resolve(song) for song in songs)
    if first is None or second is None or third is None:
        raise _Foreign
    if len({first, second, third}) < 3:
        raise ValueError("two of its songs are the same recording")
    return (first, second, third)


def closest_pair(anchor: str, positive: str) -> Pair | None:
    """Return the pair that a row names; ``None`` for a question without an answer.

    The numbers may be written as ``1.0``: a table with empty cells that has gone through pandas or
    a spreadsheet has them so.

    Raises:
        ValueError: They are no two of 1, 2 and 3.
    """
    anchor, positive = anchor.strip(), positive.strip()
    if not anchor and not positive:
        return None
    try:
        return Pair.of(_place(anchor), _place(positive))
    except ValueError:
        raise ValueError(
            f"anchor {anchor!r} and positive {positive!r} are no two of 1, 2 and 3"
        ) from None


def _place(text: str) -> int:
    """A place in the question, counted from 0, from its number in the file."""
    number = float(text)
    if not number.is_integer():
        raise ValueError(f"{text!r} is no whole number")
    return int(number) - 1


def _with_details(judgment: Judgment, row: dict[str, str]) -> Judgment:
    if any(row[name] is None for name in _MORE_COLUMNS):
        raise ValueError("it has too few columns")
    if row["held_back"] not in ("0", "1"):
        raise ValueError(f"held_back is {row['held_back']!r}, not 0 or 1")
    took_s, judged_at_s = float(row["took_s"]), float(row["judged_at_s"])
    if not (math.isfinite(took_s) and math.isfinite(judged_at_s)):
        raise ValueError("one of its times is no number")
    return dataclasses.replace(
        judgment,
        held_back=row["held_back"] == "1",
        origin="quiz" if row["origin"] == "quiz" else "import",
        asked_by=row["asked_by"],
        took_s=took_s,
        judged_at_s=judged_at_s,
    )


def _check_columns(path: Path, names: Sequence[str]) -> None:
    if not names:
        raise AnswerFileError(f"{path} is empty; nothing was imported")
    missing = [name for name in PAPER_COLUMNS if name not in names]
    if missing:
        raise AnswerFileError(
            f"{path} is no list of answers: it lacks the column(s) {', '.join(missing)}; "
            "nothing was imported"
        )


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise AnswerFileError(f"{path} is not a text file; nothing was imported") from None
    except OSError as error:
        raise AnswerFileError(f"{path} cannot be opened: {error.strerror}") from error


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    try:
        with (
            replacing(path) as draft,
            draft.open("w", newline="", encoding="utf-8") as file,
        ):
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)
    except OSError as error:
        raise AnswerFileError(f"{path} cannot be written: {error.strerror}") from error


def _paper_answer(closest: Pair | None) -> tuple[int | str, int | str]:
    if closest is None:
        return ("", "")
    anchor, positive = closest.members
    return (anchor + 1, positive + 1)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
