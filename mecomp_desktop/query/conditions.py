"""What the syntax tree comes down to: a few plain tests, which SQL and the catalog both carry out.

Whatever has several spellings in the language has one here: numbers, lengths and dates are
ranges, negative operators are `Neither` of something, lists are several tests. So what a query
means is decided once, and the two ways of carrying it out cannot differ in it.

A field of which nothing is known passes no test; its opposite is passed then.
"""

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.query.fields import FieldKind, QueryField
from mecomp_desktop.query.operators import INSIDE_LIST, Operator
from mecomp_desktop.query.tree import And, Compare, Missing, Not, Or, Place, Similar, Term, Word
from mecomp_desktop.query.values import Age, Date, Duration, Flag, NamedDay, Number, Text, Value
from mecomp_desktop.text import fold


class Relation(Enum):
    """What a text of a song is to a text of the query; both are folded."""

    IS = "is one of"
    HAS = "contains"
    AFTER = ">"
    NOT_BEFORE = ">="
    BEFORE = "<"
    NOT_AFTER = "<="


@dataclass(frozen=True, slots=True)
class TextTest:
    """Texts of a field: of any value of a list, or of every one.

    Attributes:
        field: The field.
        relation: How they are compared.
        texts: With what, folded; several only for `Relation.IS`.
        of_every: Whether each value has to pass, and there has to be one.
    """

    field: QueryField
    relation: Relation
    texts: tuple[str, ...]
    of_every: bool = False


@dataclass(frozen=True, slots=True)
class RangeTest:
    """Numbers from ``low`` up and below ``high``; infinite where there is no end."""

    field: QueryField
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class KnownTest:
    """Whether anything is known of a field."""

    field: QueryField


@dataclass(frozen=True, slots=True)
class WordTest:
    """A folded text that is part of any text that is searched."""

    text: str


@dataclass(frozen=True, slots=True)
class RecordingTest:
    """The recordings themselves."""

    audio_ids: frozenset[AudioId]


@dataclass(frozen=True, slots=True)
class Neither:
    """The opposite of a condition."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Every:
    """All of these conditions; always passed when there is none."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Any of these conditions; never passed when there is none."""

    conditions: tuple["Condition", ...]


Condition = TextTest | RangeTest | KnownTest | WordTest | RecordingTest | Neither | Every | Either
"""What a song passes or does not."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a query cannot say by itself.

    Attributes:
        now_s: The time that "ago" counts from, in seconds since the epoch.
        closeness: Returns how close every recording sounds to the song of a title, 1 for the
            same sound; raises `QueryError` where there is no such song.
    """

    now_s: float
    closeness: Callable[[str, Place], Mapping[AudioId, float]]


_RELATIONS = {
    Operator.LIKE: Relation.HAS,
    Operator.ANY_LIKE: Relation.HAS,
    Operator.ALL_LIKE: Relation.HAS,
    Operator.GREATER: Relation.AFTER,
    Operator.GREATER_EQUAL: Relation.NOT_BEFORE,
    Operator.LESS: Relation.BEFORE,
    Operator.LESS_EQUAL: Relation.NOT_AFTER,
}
_NEGATIVE = {
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.NOT_LIKE: Operator.LIKE,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_INSIDE: Operator.IN,
    Operator.NONE_INSIDE: Operator.IN,
    Operator.CONTAINS_NOT: Operator.CONTAINS,
    Operator.CONTAINS_NONE: Operator.CONTAINS_ANY,
}
_OF_EVERY = frozenset({Operator.ALL_EQUAL, Operator.ALL_LIKE, Operator.ALL_INSIDE})
_CONTAINING = frozenset({Operator.CONTAINS, Operator.CONTAINS_ALL, Operator.CONTAINS_ANY})


def condition_of(term: Term, context: Context) -> Condition:
    """Return what a song has to pass to match a term.

    Raises:
        QueryError: A song that the query names is not there.
    """
    match term:
        case And(terms):
            return Every(tuple(condition_of(inner, context) for inner in terms))
        case Or(terms):
            return Either(tuple(condition_of(inner, context) for inner in terms))
        case Not(inner):
            return Neither(condition_of(inner, context))
        case Missing(field):
            return Neither(KnownTest(field))
        case Word(text):
            return word_condition(text)
        case Similar(song, operator, closeness, place):
            if operator is Operator.NOT_EQUAL:
                return Neither(
                    condition_of(Similar(song, Operator.EQUAL, closeness, place), context)
                )
            low, high = _range(operator, closeness, _after(closeness))
            near = context.closeness(song, place)
            return RecordingTest(frozenset(key for key in near if low <= near[key] < high))
        case Compare(field, operator, values):
            positive = _NEGATIVE.get(operator)
            if positive is not None:
                return Neither(_comparison(field, positive, values, context.now_s))
            return _comparison(field, operator, values, context.now_s)


def word_condition(text: str) -> Condition:
    """Return what a song has to pass to have a word, or a text of several, in it."""
    folded = fold(text)
    if len(text.split()) > 1:
        return WordTest(" ".join(folded.split()))
    tests = tuple(map(WordTest, folded.split()))
    return tests[0] if len(tests) == 1 else Every(tests)


def _comparison(
    field: QueryField, operator: Operator, values: tuple[Value, ...], now_s: float
) -> Condition:
    if field.kind not in (FieldKind.TEXT, FieldKind.LIST):
        # A number has one value at most, so any, every and "inside" come to the same.
        ranges = tuple(RangeTest(field, *_span(operator, value, now_s)) for value in values)
        return ranges[0] if len(ranges) == 1 else Either(ranges)
    texts = tuple(fold(value.text) for value in values if isinstance(value, Text))
    if operator in _CONTAINING:
        # Of a list, whole values; of a single text, parts of it.
        relation = Relation.IS if field.kind is FieldKind.LIST else Relation.HAS
        tests = tuple(TextTest(field, relation, (text,)) for text in texts)
        if len(tests) == 1:
            return tests[0]
        return Every(tests) if operator is Operator.CONTAINS_ALL else Either(tests)
    of_every = operator in _OF_EVERY
    if operator in INSIDE_LIST or operator not in _RELATIONS:
        return TextTest(field, Relation.IS, texts, of_every)
    return TextTest(field, _RELATIONS[operator], texts, of_every)


def _span(operator: Operator, value: Value, now_s: float) -> tuple[float, float]:
    match value:
        case Number(number):
            return _range(operator, number, _after(number))
        case Duration(seconds):
            return _range(operator, seconds, seconds + 1)
        case Flag(is_set):
            return (1.0, 2.0) if is_set else (0.0, 1.0)
        case Date():
            return _range(operator, *value.span())
        case NamedDay():
            return _range(operator, *value.span(now_s))
        case Age() if operator is Operator.EQUAL:
            return value.span(now_s)
        case Age():
            # Longer ago is earlier, so more and less change places.
            moment_s = value.moment_s(now_s)
            return _range(_EARLIER[operator], moment_s, _after(moment_s))
        case Text():
            raise AssertionError("a text is compared as a text")


_EARLIER = {
    Operator.GREATER: Operator.LESS,
    Operator.GREATER_EQUAL: Operator.LESS_EQUAL,
    Operator.LESS: Operator.GREATER,
    Operator.LESS_EQUAL: Operator.GREATER_EQUAL,
}


def _range(operator: Operator, start: float, end: float) -> tuple[float, float]:
    """Return what lies so to the values from ``start`` up and below ``end``."""
    match operator:
        case Operator.GREATER:
            return end, math.inf
        case Operator.GREATER_EQUAL:
            return start, math.inf
        case Operator.LESS:
            return -math.inf, start
        case Operator.LESS_EQUAL:
            return -math.inf, end
        case _:
            return start, end


def _after(number: float) -> float:
    """Return the next number above; after 0 a normal one.

    The next after 0 would be denormal, and counts as 0 on a thread where a library has switched
    denormal numbers off: then "= 0" would find nothing.
    """
    return sys.float_info.min if number == 0 else math.nextafter(number, math.inf)
