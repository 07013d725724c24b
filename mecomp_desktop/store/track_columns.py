"""Reads the table of tracks as columns: one row out of SQLite instead of 100,000.

SQLite joins the values of a column itself. That is quicker than a row a track and, above all,
needs Python's lock for nothing: the window is put together meanwhile.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any

from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.store.tag_columns import tag_columns_of
from mecomp_desktop.store.track_rows import Lists

_NUL = "\0"
# Nearly every title is another one; all other texts repeat.
_PLAIN_TEXTS = ("audio_id", "title")
_SHARED_TEXTS = tuple(name for name in tag_columns_of("text") if name not in _PLAIN_TEXTS)
_TEXTS = (*_PLAIN_TEXTS, *_SHARED_TEXTS)
_LISTS = tag_columns_of("list")
_FLAGS = ("available", *tag_columns_of("flag"))
_WHOLE = ("id", "root_id", *tag_columns_of("whole"), *_FLAGS)
_MAYBE_WHOLE = tag_columns_of("maybe whole")
_MAYBE_REAL = ("start_s", "end_s", *tag_columns_of("maybe real"))
_SECONDS = ("added_at_s", *tag_columns_of("seconds"))
_NUMBERS = (*_WHOLE, *_MAYBE_WHOLE, *_MAYBE_REAL, *_SECONDS)
_JOINED = (
    *((name, f"group_concat({name}, char(0))") for name in (*_TEXTS, *_LISTS)),
    *((name, f"group_concat({name})") for name in _WHOLE),
    *((name, f"group_concat(coalesce({name}, 'null'))") for name in _MAYBE_WHOLE),
    *(
        (name, f"group_concat(iif({name} IS NULL, 'null', printf('%!.17g', {name})))")
        for name in _MAYBE_REAL
    ),
    # So many digits that they are read as the same number again.
    *((name, f"group_concat(printf('%!.17g', {name}))") for name in _SECONDS),
    ("path", "CAST(group_concat(path, char(0)) AS BLOB)"),
)
_SELECT = f"""
    SELECT COUNT(*), {", ".join(expression for _, expression in _JOINED)}
    FROM tracks WHERE gone_at_s IS NULL
"""


def read_columns(connection: sqlite3.Connection) -> TrackTable | None:
    """Return every listed track, in the order in which they were found.

    Returns:
        ``None`` where a text contains the sign that SQLite parts the values with: then they must
        be read row by row.
    """
    cursor = connection.cursor()
    cursor.row_factory = None
    count, *joined = cursor.execute(_SELECT).fetchone()
    if not count:
        return TrackTable.of(())
    columns = _Columns(dict(zip((name for name, _ in _JOINED), joined, strict=True)))
    return TrackTable(columns, count) if columns.fit(count) else None


class _Columns(dict[str, Sequence[Any]]):
    """The columns that have been taken apart so far; those nobody asks for never are."""

    def __init__(self, joined: dict[str, Any]) -> None:
        super().__init__()
        self._joined = joined
        self._lock = threading.Lock()

    def __missing__(self, name: str) -> Sequence[Any]:
        with self._lock:
            if name not in self:
                self[name] = _READ[name](self._joined.pop(name))
            return self[name]

    def fit(self, count: int) -> bool:
        """Return whether every column has so many values, and the ids go up."""
        for name, joined in self._joined.items():
            part: Any = "," if name in _NUMBERS else b"\0" if name == "path" else _NUL
            if joined.count(part) != count - 1:
                return False
        ids = self["id"]
        return [*ids] == sorted(ids) and "Inf" not in self._joined["duration_s"]


def _texts(joined: str) -> list[str]:
    return joined.split(_NUL)


def _shared_texts(joined: str) -> list[str]:
    """Return the texts, equal ones as the same object: less memory, and quicker to compare."""
    if not joined.strip(_NUL):
        return [""] * (len(joined) + 1)
    seen: dict[str, str] = {}
    texts = joined.split(_NUL)
    return list(map(seen.setdefault, texts, texts))


def _lists(joined: str) -> list[tuple[str, ...]]:
    return list(map(Lists().__getitem__, joined.split(_NUL)))


def _numbers(joined: str) -> list[float | int | None]:
    found: list[float | int | None] = json.loads(f"[{joined}]")
    return found


def _flags(joined: str) -> list[bool]:
    return [flag == "1" for flag in joined.split(",")]


def _paths(joined: bytes) -> list[str]:
    return os.fsdecode(joined).split(_NUL)


_READ: dict[str, Callable[[Any], Sequence[Any]]] = {
    **dict.fromkeys(_PLAIN_TEXTS, _texts),
    **dict.fromkeys(_SHARED_TEXTS, _shared_texts),
    **dict.fromkeys(_LISTS, _lists),
    **dict.fromkeys(_NUMBERS, _numbers),
    **dict.fromkeys(_FLAGS, _flags),
    "path": _paths,
}
