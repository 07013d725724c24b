"""From the syntax tree back to text, for the builder of dynamic playlists and for what is stored.

`parser.parse` makes the same tree of it again.
"""

import re
from collections.abc import Iterable

from mecomp_desktop.query.fields import field_named
from mecomp_desktop.query.operators import TAKES_LIST
from mecomp_desktop.query.reader import AND, NOT, OR
from mecomp_desktop.query.tree import (
    And,
    Compare,
    Missing,
    Not,
    Or,
    Query,
    Similar,
    Sort,
    Term,
    Word,
)
from mecomp_desktop.query.values import Age, Date, Duration, Flag, NamedDay, Number, Text, Value

_PLAIN_WORD = re.compile(r"\w[\w'’.&/-]*")
# Words that may begin something else than a word.
_KEYWORDS = frozenset({AND, OR, NOT})
_OPENING = frozenset({"limit", "sort", "similar"})


def query_text(query: Query) -> str:
    """Return a whole query as text."""
    parts = [
        "" if query.term is None else term_text(query.term),
        sort_text(query.sorts),
        "" if query.limit is None else f"limit {query.limit}",
    ]
    return " ".join(filter(None, parts))


def sort_text(sorts: Iterable[Sort]) -> str:
    """Return the order as text; empty for none."""
    fields = ", ".join(
        f"{entry.field.name} desc" if entry.descending else entry.field.name for entry in sorts
    )
    return f"sort by {fields}" if fields else ""


def term_text(term: Term) -> str:
    """Return what a song has to match as text."""
    match term:
        case Or(terms):
            return f" {OR} ".join(map(_inner, terms))
        case And(terms):
            return f" {AND} ".join(map(_inner, terms))
        case Not(Missing(field)):
            return f"{field.name} IS KNOWN"
        case Not(inner):
            return f"{NOT} {_inner(inner)}"
        case Missing(field):
            return f"{field.name} IS MISSING"
        case Similar(song, operator, closeness):
            return f"similar({_quoted(song)}) {operator} {_number(closeness)}"
        case Compare(field, operator, values):
            texts = ", ".join(map(value_text, values))
            return f"{field.name} {operator} " + (f"[{texts}]" if operator in TAKES_LIST else texts)
        case Word(text):
            return text if _is_plain(text) else _quoted(text)


def value_text(value: Value) -> str:
    """Return a value as it is written."""
    match value:
        case Text(text):
            return _quoted(text)
        case Number(number):
            return _number(number)
        case Duration(seconds):
            return f"{seconds // 60}:{seconds % 60:02}" if seconds < 3600 else _clock(seconds)
        case Flag(is_set):
            return "yes" if is_set else "no"
        case Date(year, month, day):
            parts = [f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)]
            return "-".join(parts)
        case NamedDay(name):
            return name
        case Age(count, unit):
            return f"{_number(count)} {unit}{'' if count == 1 else 's'} ago"


def _inner(term: Term) -> str:
    text = term_text(term)
    return f"({text})" if isinstance(term, And | Or) else text


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _number(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_plain(text: str) -> bool:
    return (
        _PLAIN_WORD.fullmatch(text) is not None
        and text not in _KEYWORDS
        and text.lower() not in _OPENING
        and field_named(text) is None
    )
