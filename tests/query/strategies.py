"""Generated queries and libraries, from small pools, so that they meet."""

import itertools
import random
import typing
from typing import Any

from hypothesis import strategies as st

from mecomp_desktop.domain.track import Tags
from mecomp_desktop.query.fields import FIELDS, FieldKind, QueryField
from mecomp_desktop.query.operators import EQUALITY, NUMERIC, ORDERING, TAKES_LIST, Operator
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

NOW_S = 1_715_000_000.0
SONGS = ("Blue", "Grün")
TEXTS = (
    *("Rock", "rock", "Jazz", "Punk Rock", "Björk", "bjork", "Sigur Rós", "Røyksopp", "ÅÄÖ"),
    *("The Who", "who", "10", "9", "a%b", "a_b", "it's", 'say "no"', "back\\slash", "東京", "ß"),
    *("ＡＢＣ", "ﬁne", "Ǆ", "İstanbul", "e\u0301", "🎵", "limit", "sort by", "NOT", "year", "."),
)
texts = st.sampled_from(TEXTS)
_AGES = ("minute", "hour", "day", "week", "month", "year")

_OF_TYPE: dict[Any, list[Any]] = {
    str: ["", *TEXTS],
    tuple[str, ...]: [(), *((text,) for text in TEXTS), *itertools.pairwise(TEXTS)],
    int | None: [None, 1, 2, 3, 128, 320, 1969, 2000],
    float | None: [None, -6.3, 0.0, 0.5, 1.0],
    float: [0.0, 0.4, 59.99, 60.0, 60.5, 210.0, 3600.25],
    bool: [False, True],
}
# Whatever fields there are: one that is added is tested without a line here.
_FIELD_VALUES: dict[str, list[Any]] = {
    name: _OF_TYPE[hint] for name, hint in typing.get_type_hints(Tags).items()
} | {"title": [*TEXTS]}
tags = st.builds(Tags, **{name: st.sampled_from(values) for name, values in _FIELD_VALUES.items()})
_MOMENTS_S = [
    *(NOW_S - days * 86_400 for days in (0, 0.5, 1, 2, 7, 13.9, 14, 30, 31, 365, 400)),
    *(NOW_S + 3600, 86_400.0, 1_704_067_200.0),
]
moments = st.sampled_from(_MOMENTS_S)


def song_of(rng: random.Random) -> tuple[Tags, float, str, list[float]]:
    """Return what a file says, when it was added, its recording and when that was played."""
    spelled = Tags(**{name: rng.choice(values) for name, values in _FIELD_VALUES.items()})
    plays = [rng.choice(_MOMENTS_S) for _ in range(rng.choice((0, 0, 1, 1, 2, 3)))]
    return spelled, rng.choice(_MOMENTS_S), f"{rng.random()}", plays


_DATES: list[Value] = [
    *(Date(1970), Date(2023), Date(2024), Date(2024, 1), Date(2024, 5), Date(2023, 12)),
    *(Date(2024, 5, 6), Date(2024, 2, 29), Date(2024, 1, 1), NamedDay("today")),
    NamedDay("yesterday"),
    *(Age(count, unit) for count in (0, 1, 2, 2.5, 14) for unit in _AGES),
]
POOLS: dict[FieldKind, list[Value]] = {
    FieldKind.TEXT: [Text(text) for text in (*TEXTS, "o", "r", "flac", "music", "b")],
    FieldKind.LIST: [Text(text) for text in (*TEXTS, "o", "r")],
    FieldKind.NUMBER: [Number(number) for number in (0, 1, 2, 3, 1.5, 128, 320, 1969, 2000, -6.3)],
    FieldKind.DURATION: [Duration(seconds) for seconds in (0, 59, 60, 210, 3600)],
    FieldKind.DATE: _DATES,
    FieldKind.FLAG: [Flag(is_set=False), Flag(is_set=True)],
}
OPERATORS: dict[FieldKind, list[Operator]] = {
    FieldKind.TEXT: list(Operator),
    FieldKind.LIST: list(Operator),
    FieldKind.NUMBER: sorted(NUMERIC),
    FieldKind.DURATION: sorted(NUMERIC),
    FieldKind.DATE: sorted(EQUALITY | ORDERING),
    FieldKind.FLAG: sorted(EQUALITY),
}


@st.composite
def comparisons(draw: st.DrawFn) -> Compare:
    field: QueryField = draw(st.sampled_from(FIELDS))
    operator = draw(st.sampled_from(OPERATORS[field.kind]))
    most = 3 if operator in TAKES_LIST else 1
    values = draw(st.lists(st.sampled_from(POOLS[field.kind]), min_size=most == 1, max_size=most))
    return Compare(field, operator, tuple(values))


_leaves: st.SearchStrategy[Term] = st.one_of(
    comparisons(),
    comparisons(),
    st.builds(Missing, st.sampled_from(FIELDS)),
    st.builds(Word, st.one_of(texts, st.sampled_from(["o", "wh", "sigur ros", "rock jazz", ""]))),
    st.builds(
        Similar,
        st.sampled_from(SONGS),
        st.sampled_from(sorted(EQUALITY | ORDERING)),
        st.sampled_from([0, 0.25, 0.5, 1]),
    ),
)
terms: st.SearchStrategy[Term] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
queries = st.builds(
    Query,
    st.one_of(st.none(), terms),
    st.lists(st.builds(Sort, st.sampled_from(FIELDS), st.booleans()), max_size=2).map(tuple),
    st.one_of(st.none(), st.integers(1, 5)),
)
