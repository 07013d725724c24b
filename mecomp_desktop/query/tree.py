"""The syntax tree: what a query says. Places in the text do not count when two are compared."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mecomp_desktop.query.fields import QueryField
from mecomp_desktop.query.operators import Operator
from mecomp_desktop.query.values import Value


class Place(NamedTuple):
    """Where something stands in the text of a query, in characters from 0."""

    start: int
    end: int


_NOWHERE = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Word:
    """A word without a field, or several in quotation marks: in title, artist, album or genre."""

    text: str
    place: Place = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """A field and what it is to be: ``year > 1990``.

    Attributes:
        field: The field.
        operator: How.
        values: With what; one, or several for an operator that takes a list.
        place: The whole of it.
    """

    field: QueryField
    operator: Operator
    values: tuple[Value, ...]
    place: Place = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """A field of which nothing is known: ``year IS MISSING``."""

    field: QueryField
    place: Place = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Similar:
    """How close a song sounds to another: ``similar("Blue in Green") > 0.8``."""

    song: str
    operator: Operator
    closeness: float
    place: Place = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    term: "Term"


@dataclass(frozen=True, slots=True)
class And:
    """All of these; two at least."""

    terms: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these; two at least."""

    terms: tuple["Term", ...]


Term = Word | Compare | Missing | Similar | Not | And | Or
"""What a song matches or does not."""


@dataclass(frozen=True, slots=True)
class Sort:
    """By what the songs are put in order."""

    field: QueryField
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query.

    Attributes:
        term: What a song has to match; ``None`` for all songs.
        sorts: The order, the first one counting most; none for the order of discovery.
        limit: How many songs at most, the first ones in that order.
    """

    term: Term | None = None
    sorts: tuple[Sort, ...] = ()
    limit: int | None = None


def leaves(term: Term | None) -> Iterator[Word | Compare | Missing | Similar]:
    """Yield the parts of a term that say something by themselves."""
    match term:
        case None:
            return
        case And(terms) | Or(terms):
            for inner in terms:
                yield from leaves(inner)
        case Not(inner):
            yield from leaves(inner)
        case _:
            yield term
