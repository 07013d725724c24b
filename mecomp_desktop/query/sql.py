"""Compiles a condition to SQL, for `store.song_search`, which has the tables and runs it.

Only names of columns that the program itself declares get into the text; whatever the listener
typed is bound.
"""

import json
import math
from collections.abc import Sequence
from typing import NamedTuple

from mecomp_desktop.query.conditions import (
    Condition,
    Either,
    Every,
    KnownTest,
    Neither,
    RangeTest,
    RecordingTest,
    Relation,
    TextTest,
    WordTest,
)
from mecomp_desktop.query.fields import SEARCHED, FieldKind, QueryField
from mecomp_desktop.query.tree import Sort
from mecomp_desktop.store.song_search import fact_expression


class Sql(NamedTuple):
    """A piece of SQL.

    Attributes:
        text: With a question mark for each value.
        values: The values.
    """

    text: str
    values: tuple[object, ...] = ()


_COMPARED = {
    Relation.HAS: "instr({}, ?) > 0",
    Relation.AFTER: "{} > ?",
    Relation.NOT_BEFORE: "{} >= ?",
    Relation.BEFORE: "{} < ?",
    Relation.NOT_AFTER: "{} <= ?",
}


def condition_sql(condition: Condition) -> Sql:
    """Return a condition over the table of tracks that is 0 or 1, never NULL."""
    match condition:
        case Every(conditions):
            return _joined(conditions, " AND ", "1")
        case Either(conditions):
            return _joined(conditions, " OR ", "0")
        case Neither(inner):
            text, values = condition_sql(inner)
            return Sql(f"NOT {text}", values)
        case TextTest():
            return _text_test(condition)
        case RangeTest(field, low, high):
            return _range_test(_number(field), low, high)
        case KnownTest(field):
            return Sql(f"({_known(field)})")
        case WordTest(text):
            tests = [TextTest(field, Relation.HAS, (text,)) for field in SEARCHED]
            return _joined(tests, " OR ", "0")
        case RecordingTest(audio_ids):
            # One value however many they are: SQLite limits how many may be bound.
            ids = json.dumps(sorted(audio_ids))
            return Sql("(tracks.audio_id IN (SELECT value FROM json_each(?)))", (ids,))


def order_sql(sorts: Sequence[Sort]) -> str:
    """Return the terms of an order: what is not known last, equals by their ids."""
    terms = []
    for entry in sorts:
        terms.append(f"({_known(entry.field)}) DESC")
        key = (
            f"song_sort_key({_raw(entry.field)})"
            if entry.field.kind is not FieldKind.LIST and _is_text(entry.field)
            else f"song_list_sort_key({_raw(entry.field)})"
            if _is_text(entry.field)
            else _number(entry.field)
        )
        terms.append(f"{key} DESC" if entry.descending else key)
    return ", ".join([*terms, "tracks.id"])


def _joined(conditions: Sequence[Condition], word: str, empty: str) -> Sql:
    parts = [condition_sql(condition) for condition in conditions]
    text = word.join(part.text for part in parts) or empty
    return Sql(f"({text})", tuple(value for part in parts for value in part.values))


def _text_test(test: TextTest) -> Sql:
    if test.field.kind is FieldKind.LIST:
        column = _raw(test.field)
        inner = _compared("song_fold(entry.value)", test)
        rows = f"SELECT 1 FROM json_each({column}) AS entry WHERE"
        if test.of_every:
            text = f"({_known(test.field)} AND NOT EXISTS ({rows} NOT {inner}))"
        else:
            text = f"(EXISTS ({rows} {inner}))"
        return Sql(text, test.texts)
    inner = _compared(f"song_fold({_raw(test.field)})", test)
    return Sql(f"({_known(test.field)} AND {inner})", test.texts)


def _compared(expression: str, test: TextTest) -> str:
    if test.relation is Relation.IS:
        return f"({expression} IN ({', '.join('?' for _ in test.texts)}))"
    return f"({_COMPARED[test.relation].format(expression)})"


def _range_test(expression: str, low: float, high: float) -> Sql:
    parts, values = [f"{expression} IS NOT NULL"], []
    for bound, sign in ((low, ">="), (high, "<")):
        if math.isfinite(bound):
            parts.append(f"{expression} {sign} ?")
            values.append(bound)
    return Sql(f"({' AND '.join(parts)})", tuple(values))


def _is_text(field: QueryField) -> bool:
    return field.kind in (FieldKind.TEXT, FieldKind.LIST)


def _raw(field: QueryField) -> str:
    return f"tracks.{field.column}"


def _known(field: QueryField) -> str:
    if field.kind is FieldKind.LIST:
        return f"{_raw(field)} <> '[]'"
    if field.column == "path":
        return "length(tracks.path) > 0"
    return f"{_raw(field)} <> ''" if _is_text(field) else f"{_number(field)} IS NOT NULL"


def _number(field: QueryField) -> str:
    if field.is_fact:
        fact = fact_expression(field.column)
        return f"coalesce({fact}, 0)" if field.absent_is_zero else fact
    if field.kind is FieldKind.DURATION:
        # Whole seconds, as a clock shows them; 0 stands for not known.
        return f"(CASE WHEN {_raw(field)} > 0 THEN CAST({_raw(field)} AS INTEGER) END)"
    return _raw(field)
