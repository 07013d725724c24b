"""How the fields of `Tags` are kept in columns of the table of tracks: it follows from their types.

A field that is added to `Tags` gets its column when the library is opened next; what its files
say is read into it by the next scan.
"""

import dataclasses
import json
import sqlite3
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mecomp_desktop.domain.track import Tags


def _as_is(value: Any) -> Any:  # noqa: ANN401 (any field's value)
    return value


def _list_to_text(values: tuple[str, ...]) -> str:
    return json.dumps(values, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class ColumnType:
    """How values of one type are stored.

    Attributes:
        name: "text", "list", "whole", "maybe whole", "maybe real", "flag" or "seconds".
        declaration: Its column in SQL, with a default for rows that were written before it.
        to_sql: Makes a value what SQLite stores.
    """

    name: str
    declaration: str
    to_sql: Callable[[Any], Any] = _as_is


_TYPES: dict[Any, ColumnType] = {
    str: ColumnType("text", "TEXT NOT NULL DEFAULT ''"),
    tuple[str, ...]: ColumnType("list", "TEXT NOT NULL DEFAULT '[]'", _list_to_text),
    int: ColumnType("whole", "INTEGER NOT NULL DEFAULT 0"),
    int | None: ColumnType("maybe whole", "INTEGER"),
    float | None: ColumnType("maybe real", "REAL"),
    bool: ColumnType("flag", "INTEGER NOT NULL DEFAULT 0", int),
    float: ColumnType("seconds", "REAL NOT NULL DEFAULT 0"),
}
_HINTS = typing.get_type_hints(Tags)

TAG_COLUMNS: dict[str, ColumnType] = {
    field.name: _TYPES[_HINTS[field.name]] for field in dataclasses.fields(Tags)
}
"""How each field of `Tags` is stored, in their order."""


def tag_columns_of(name: str) -> tuple[str, ...]:
    """Return the fields of `Tags` that are stored as a `ColumnType` of this name."""
    return tuple(field for field, kind in TAG_COLUMNS.items() if kind.name == name)


def missing_columns(connection: sqlite3.Connection) -> list[str]:
    """Return the fields of `Tags` that the table of tracks, if there is one, has no column for."""
    there = {row[1] for row in connection.execute("PRAGMA table_info(tracks)")}
    return [name for name in TAG_COLUMNS if there and name not in there]


def add_missing_columns(connection: sqlite3.Connection) -> None:
    """Give the table of tracks a column for every field of `Tags`."""
    for name in missing_columns(connection):
        connection.execute(f"ALTER TABLE tracks ADD COLUMN {name} {TAG_COLUMNS[name].declaration}")
