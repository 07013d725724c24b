"""Reads the file into which MECOMP exports its dynamic playlists: names and queries as CSV."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.errors import UserError
from mecomp_desktop.files import opened
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.tree import Query

_MAX_BYTES = 10_000_000
_HEADER = ["dynamic playlist name", "query"]


@dataclass(frozen=True, slots=True)
class ImportedQueries:
    """What is in such a file.

    Attributes:
        queries: Names and queries.
        problems: One sentence for each line that could not be read, with its number and name.
    """

    queries: tuple[tuple[str, Query], ...]
    problems: tuple[str, ...]


def read_mecomp_csv(path: Path) -> ImportedQueries:
    """Read dynamic playlists of MECOMP's. Blocks.

    Raises:
        UnreadableFile: The file cannot be opened or read.
        UserError: It is no such file.
    """
    with opened(path) as file:
        raw = file.read(_MAX_BYTES + 1)
    if len(raw) > _MAX_BYTES:
        raise UserError(f"{path} is too large for a file of dynamic playlists")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is no text in UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    queries: list[tuple[str, Query]] = []
    problems: list[str] = []
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if header != _HEADER:
            raise UserError(
                f"{path} is no export of dynamic playlists from MECOMP:"
                " its first line names other columns"
            )
        for row in reader:
            _read_row(row, reader.line_num, queries, problems)
    except csv.Error as error:
        raise UserError(f"{path} is damaged at line {reader.line_num}: {error}") from error
    return ImportedQueries(tuple(queries), tuple(problems))


def _read_row(
    row: list[str], line: int, queries: list[tuple[str, Query]], problems: list[str]
) -> None:
    if not row:
        return
    if len(row) != len(_HEADER) or not row[0].strip():
        problems.append(f"line {line}: a name and a query belong here")
        return
    name, text = row
    try:
        queries.append((name.strip(), parse(text)))
    except QueryError as error:
        place = text[error.start : error.end] or "the end"
        problems.append(f"line {line}, “{name.strip()}”: {error} (at {place})")
