"""A query as rows of field, comparison and value: what a builder in the window edits.

Rows can say less than the language. `rows_of` returns ``None`` for a query that they cannot say.
"""

from dataclasses import dataclass

from mecomp_desktop.query.fields import FIELDS, FieldKind, QueryField
from mecomp_desktop.query.operators import Operator
from mecomp_desktop.query.tree import And, Compare, Missing, Not, Or, Query, Term, Word
from mecomp_desktop.query.values import Age, Text, Value
from mecomp_desktop.query.writer import term_text, value_text

ANYWHERE = "any text"
"""What a row without a field is called: its words are looked for as in the search."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One way to compare, in a listener's words.

    Attributes:
        words: What it is called.
        operator: Its operator; ``None`` asks whether anything is known.
        is_age: Whether the value is how long ago.
        is_known: For those without operator: whether something is to be known.
    """

    words: str
    operator: Operator | None = None
    is_age: bool = False
    is_known: bool = False

    @property
    def takes_value(self) -> bool:
        """Whether a value belongs to it."""
        return self.operator is not None


_KNOWN = (Comparison("is known", is_known=True), Comparison("is not known"))
_TEXTS = (
    Comparison("contains", Operator.LIKE),
    Comparison("does not contain", Operator.NOT_LIKE),
    Comparison("is", Operator.EQUAL),
    Comparison("is not", Operator.NOT_EQUAL),
    *_KNOWN,
)
_NUMBERS = (
    Comparison("is", Operator.EQUAL),
    Comparison("is not", Operator.NOT_EQUAL),
    Comparison("is at least", Operator.GREATER_EQUAL),
    Comparison("is at most", Operator.LESS_EQUAL),
    Comparison("is more than", Operator.GREATER),
    Comparison("is less than", Operator.LESS),
    *_KNOWN,
)
_DATES = (
    Comparison("is in the last", Operator.LESS, is_age=True),
    Comparison("is longer ago than", Operator.GREATER, is_age=True),
    Comparison("is", Operator.EQUAL),
    Comparison("is after", Operator.GREATER),
    Comparison("is before", Operator.LESS),
    *_KNOWN,
)
COMPARISONS: dict[FieldKind | None, tuple[Comparison, ...]] = {
    None: (
        Comparison("contains", Operator.LIKE),
        Comparison("does not contain", Operator.NOT_LIKE),
    ),
    FieldKind.TEXT: _TEXTS,
    FieldKind.LIST: _TEXTS,
    FieldKind.NUMBER: _NUMBERS,
    FieldKind.DURATION: _NUMBERS,
    FieldKind.DATE: _DATES,
    FieldKind.FLAG: (Comparison("is", Operator.EQUAL),),
}
"""The ways to compare each kind of field, the usual one first; ``None`` for any text."""

EXAMPLES: dict[FieldKind | None, str] = {
    None: "words",
    FieldKind.TEXT: "text",
    FieldKind.LIST: "text",
    FieldKind.NUMBER: "number",
    FieldKind.DURATION: "3:30 or 5 minutes",
    FieldKind.DATE: "2024-05-31 or 2024",
    FieldKind.FLAG: "yes or no",
}
AGE_EXAMPLE = "2 weeks"


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        field: The field; ``None`` for any text.
        comparison: One of `COMPARISONS` of its kind.
        value: What is typed.
    """

    field: QueryField | None
    comparison: Comparison
    value: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether it says anything yet."""
        return not self.comparison.takes_value or bool(self.value.strip())

    def text(self) -> str:
        """Return it in the query language; the value may still be one that cannot be read."""
        value = self.value.strip()
        if self.field is None:
            word = term_text(Word(value))
            return f"NOT {word}" if self.comparison.operator is Operator.NOT_LIKE else word
        name = self.field.name
        if self.comparison.operator is None:
            return f"{name} IS {'KNOWN' if self.comparison.is_known else 'MISSING'}"
        if self.field.kind in (FieldKind.TEXT, FieldKind.LIST):
            value = value_text(Text(value))
        elif self.comparison.is_age:
            value = f"{value.removesuffix('ago').strip()} ago"
        return f"{name} {self.comparison.operator} {value}"


@dataclass(frozen=True, slots=True)
class Rows:
    """A query as rows.

    Attributes:
        rows: The rows.
        match_any: Whether one of them is enough.
        sort: The field of the order; ``None`` for none.
        descending: Whether the highest come first.
        limit: How many songs at most; ``None`` for all.
    """

    rows: tuple[Row, ...] = ()
    match_any: bool = False
    sort: QueryField | None = None
    descending: bool = False
    limit: int | None = None

    def text(self) -> str:
        """Return it in the query language; rows that say nothing yet are left out."""
        joint = " OR " if self.match_any else " AND "
        parts = [joint.join(row.text() for row in self.rows if row.is_complete)]
        if self.sort is not None:
            parts.append(f"sort by {self.sort.name}{' desc' if self.descending else ''}")
        if self.limit is not None:
            parts.append(f"limit {self.limit}")
        return " ".join(filter(None, parts))


def rows_of(query: Query) -> Rows | None:
    """Return a query as rows; ``None`` where rows cannot say it."""
    terms: tuple[Term, ...] = () if query.term is None else (query.term,)
    match_any = isinstance(query.term, Or)
    if isinstance(query.term, And | Or):
        terms = query.term.terms
    rows = [_row(term) for term in terms]
    found = tuple(row for row in rows if row is not None)
    if len(found) < len(rows) or len(query.sorts) > 1:
        return None
    sort = query.sorts[0] if query.sorts else None
    return Rows(
        found,
        match_any,
        None if sort is None else sort.field,
        sort is not None and sort.descending,
        query.limit,
    )


def fields_offered() -> tuple[QueryField, ...]:
    """Return the fields that a builder offers, those for sorting alone left out."""
    return tuple(field for field in FIELDS if not field.name.endswith(" sort"))


def _row(term: Term) -> Row | None:
    match term:
        case Word(text) if text.strip():
            return Row(None, COMPARISONS[None][0], text)
        case Not(Word(text)) if text.strip():
            return Row(None, COMPARISONS[None][1], text)
        case Missing(field):
            return _known_row(field, is_known=False)
        case Not(Missing(field)):
            return _known_row(field, is_known=True)
        case Compare(field, operator, (value,)):
            return _compared_row(field, operator, value)
        case _:
            return None


def _known_row(field: QueryField, *, is_known: bool) -> Row | None:
    for comparison in COMPARISONS[field.kind]:
        if comparison.operator is None and comparison.is_known == is_known:
            return Row(field, comparison)
    return None


def _compared_row(field: QueryField, operator: Operator, value: Value) -> Row | None:
    for comparison in COMPARISONS[field.kind]:
        is_age = isinstance(value, Age) and operator is not Operator.EQUAL
        if comparison.operator is operator and comparison.is_age == is_age:
            text = value.text if isinstance(value, Text) else value_text(value)
            return Row(field, comparison, text.removesuffix(" ago") if is_age else text)
    return None
