"""The operators: those of MECOMP's language."""

from enum import StrEnum


class Operator(StrEnum):
    """How a field is compared with a value or with several."""

    EQUAL = "="
    NOT_EQUAL = "!="
    ANY_EQUAL = "?="
    ALL_EQUAL = "*="
    GREATER = ">"
    GREATER_EQUAL = ">="
    LESS = "<"
    LESS_EQUAL = "<="
    LIKE = "~"
    NOT_LIKE = "!~"
    ANY_LIKE = "?~"
    ALL_LIKE = "*~"
    IN = "IN"
    NOT_IN = "NOT IN"
    CONTAINS = "CONTAINS"
    CONTAINS_NOT = "CONTAINSNOT"
    CONTAINS_ALL = "CONTAINSALL"
    CONTAINS_ANY = "CONTAINSANY"
    CONTAINS_NONE = "CONTAINSNONE"
    INSIDE = "INSIDE"
    NOT_INSIDE = "NOTINSIDE"
    ALL_INSIDE = "ALLINSIDE"
    ANY_INSIDE = "ANYINSIDE"
    NONE_INSIDE = "NONEINSIDE"


EQUALITY = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})
"""Whether it is the same."""

ORDERING = frozenset({Operator.GREATER, Operator.GREATER_EQUAL, Operator.LESS, Operator.LESS_EQUAL})
"""Compare by more and less."""

INSIDE_LIST = frozenset(
    {
        *(Operator.IN, Operator.NOT_IN, Operator.INSIDE, Operator.NOT_INSIDE),
        *(Operator.ALL_INSIDE, Operator.ANY_INSIDE, Operator.NONE_INSIDE),
    }
)
"""Whether the values of a field are among those of a list."""

TAKES_LIST = INSIDE_LIST | {
    Operator.CONTAINS_ALL,
    Operator.CONTAINS_ANY,
    Operator.CONTAINS_NONE,
}
"""Those with a list of values on their right."""

NUMERIC = ORDERING | {
    *(Operator.EQUAL, Operator.NOT_EQUAL, Operator.ANY_EQUAL, Operator.ALL_EQUAL),
    *INSIDE_LIST,
}
"""Those that numbers, lengths and dates know."""

MIRRORED: dict[Operator, Operator] = {
    Operator.EQUAL: Operator.EQUAL,
    Operator.NOT_EQUAL: Operator.NOT_EQUAL,
    Operator.GREATER: Operator.LESS,
    Operator.GREATER_EQUAL: Operator.LESS_EQUAL,
    Operator.LESS: Operator.GREATER,
    Operator.LESS_EQUAL: Operator.GREATER_EQUAL,
    Operator.IN: Operator.CONTAINS,
    Operator.NOT_IN: Operator.CONTAINS_NOT,
    Operator.INSIDE: Operator.CONTAINS,
    Operator.NOT_INSIDE: Operator.CONTAINS_NOT,
    Operator.ALL_INSIDE: Operator.CONTAINS_ALL,
    Operator.ANY_INSIDE: Operator.CONTAINS_ANY,
    Operator.NONE_INSIDE: Operator.CONTAINS_NONE,
    Operator.CONTAINS: Operator.IN,
    Operator.CONTAINS_NOT: Operator.NOT_IN,
    Operator.CONTAINS_ALL: Operator.ALL_INSIDE,
    Operator.CONTAINS_ANY: Operator.ANY_INSIDE,
    Operator.CONTAINS_NONE: Operator.NONE_INSIDE,
}
"""What ``value operator field`` is with the field in front: `1990 < year` is `year > 1990`."""
