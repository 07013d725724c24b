"""What else than the files has to change for a query to find other songs."""

from dataclasses import dataclass

from mecomp_desktop.query.tree import Compare, Missing, Query, Similar, leaves
from mecomp_desktop.query.values import Age, NamedDay


@dataclass(frozen=True, slots=True)
class Dependence:
    """What a query looks at.

    Attributes:
        on_facts: Plays, likes and the other facts of recordings.
        on_clock: How long ago something was.
        on_sound: What sounds alike.
    """

    on_facts: bool
    on_clock: bool
    on_sound: bool


def dependence_of(query: Query) -> Dependence:
    """Return what a query looks at."""
    parts = list(leaves(query.term))
    fields = [part.field for part in parts if isinstance(part, Compare | Missing)]
    fields += [entry.field for entry in query.sorts]
    values = [value for part in parts if isinstance(part, Compare) for value in part.values]
    return Dependence(
        any(field.is_fact for field in fields),
        any(isinstance(value, Age | NamedDay) for value in values),
        any(isinstance(part, Similar) for part in parts),
    )
