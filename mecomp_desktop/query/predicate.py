"""Carries a condition out over a catalog, all songs at once."""

from collections.abc import Sequence

import numpy as np

from mecomp_desktop.arrays import Doubles, Flags, Rows
from mecomp_desktop.query.columns import SongColumns, TextColumn
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
from mecomp_desktop.query.fields import SEARCHED, FieldKind
from mecomp_desktop.query.tree import Sort


def matching(condition: Condition, songs: SongColumns) -> Flags:
    """Return which songs pass, bool [n]."""
    match condition:
        case Every(conditions):
            return _joined(conditions, songs, of_every=True)
        case Either(conditions):
            return _joined(conditions, songs, of_every=False)
        case Neither(inner):
            return ~matching(inner, songs)
        case TextTest():
            return _text_test(condition, songs.tags.texts(condition.field))
        case RangeTest(field, low, high):
            values = songs.numbers(field)
            return (values >= low) & (values < high)  # not a number is in no range
        case KnownTest(field):
            if field.kind in (FieldKind.TEXT, FieldKind.LIST):
                column = songs.tags.texts(field)
                return _spread(column.known, column)
            return ~np.isnan(songs.numbers(field))
        case WordTest(text):
            return _word_test(text, songs)
        case RecordingTest(audio_ids):
            column_ids = songs.tags.tracks.column("audio_id")
            return np.fromiter(map(audio_ids.__contains__, column_ids), np.bool_, len(column_ids))


def ordered(rows: Rows, sorts: Sequence[Sort], songs: SongColumns) -> Rows:
    """Return rows in an order, int64 [k]; what is not known comes last, equals by their ids."""
    # The last key counts most; float64 holds every id that a library can have.
    keys: list[Doubles | Flags] = [np.array(songs.tags.tracks.column("id"), np.float64)[rows]]
    for entry in reversed(sorts):
        is_text = entry.field.kind in (FieldKind.TEXT, FieldKind.LIST)
        column = songs.tags.text_ranks(entry.field) if is_text else songs.numbers(entry.field)
        values = column[rows]
        keys += [-values if entry.descending else values, np.isnan(values)]
    return rows[np.lexsort(keys)]


def _joined(conditions: Sequence[Condition], songs: SongColumns, *, of_every: bool) -> Flags:
    found = np.full(len(songs.tags.tracks), of_every)
    for condition in conditions:
        flags = matching(condition, songs)
        found = found & flags if of_every else found | flags
    return found


def _text_test(test: TextTest, column: TextColumn) -> Flags:
    if test.field.kind is FieldKind.LIST:
        return _spread(_of_lists(test, column.values), column)  # type: ignore[arg-type]
    flags = _of_texts(test, column.values)  # type: ignore[arg-type]
    return _spread(flags, column) & _spread(column.known, column)


def _of_texts(test: TextTest, values: Sequence[str]) -> list[bool]:
    """Return which texts pass. Written out: this runs for every title of a library, at each key."""
    text = test.texts[0] if test.texts else ""
    match test.relation:
        case Relation.IS:
            wanted = frozenset(test.texts)
            return [value in wanted for value in values]
        case Relation.HAS:
            return [text in value for value in values]
        case Relation.AFTER:
            return [value > text for value in values]
        case Relation.NOT_BEFORE:
            return [value >= text for value in values]
        case Relation.BEFORE:
            return [value < text for value in values]
        case Relation.NOT_AFTER:
            return [value <= text for value in values]


def _of_lists(test: TextTest, values: Sequence[tuple[str, ...]]) -> list[bool]:
    if test.of_every:
        return [bool(texts) and all(_of_texts(test, texts)) for texts in values]
    return [any(_of_texts(test, texts)) for texts in values]


def _word_test(text: str, songs: SongColumns) -> Flags:
    found = np.zeros(len(songs.tags.tracks), np.bool_)
    for field in SEARCHED:
        found |= _text_test(TextTest(field, Relation.HAS, (text,)), songs.tags.texts(field))
    return found


def _spread(flags: Sequence[bool], column: TextColumn) -> Flags:
    """Return the flag of each song, bool [n], from that of its value."""
    return np.fromiter(flags, np.bool_, len(flags))[column.codes]
