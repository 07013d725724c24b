"""The fields that a query can ask for: every tag field, and what the program knows besides.

A field that is added to `library.fields` is one here without a line.
"""

from dataclasses import dataclass
from enum import Enum

from mecomp_desktop.library.fields import FIELDS as TAG_FIELDS
from mecomp_desktop.library.fields import Kind


class FieldKind(Enum):
    """What values a field has, and so which operators and which spelling of values."""

    TEXT = "text"
    LIST = "several texts"
    NUMBER = "number"
    DURATION = "length"
    DATE = "date"
    FLAG = "yes or no"


@dataclass(frozen=True, slots=True)
class QueryField:
    """One field.

    Attributes:
        name: As it is written: ``last played``.
        kind: What its values are.
        column: The name of the column in the catalog, or of the fact in the store.
        also: Other spellings.
        is_fact: Whether it belongs to the recording (plays, likes) and not to the file.
        absent_is_zero: Whether a recording of which nothing is stored has 0, not nothing.
    """

    name: str
    kind: FieldKind
    column: str
    also: tuple[str, ...] = ()
    is_fact: bool = False
    absent_is_zero: bool = False


_KINDS = {
    Kind.TEXT: FieldKind.TEXT,
    Kind.SIDE: FieldKind.TEXT,
    Kind.LIST: FieldKind.LIST,
    Kind.NUMBER: FieldKind.NUMBER,
    Kind.YEAR: FieldKind.NUMBER,
    Kind.FLAG: FieldKind.FLAG,
    Kind.GAIN: FieldKind.NUMBER,
    Kind.PEAK: FieldKind.NUMBER,
}
# Where a listener, or MECOMP, has another name for it than the tag's.
_NAMES = {
    "artists": "artist",
    "genres": "genre",
    "bit_rate_kbps": "bit rate",
    "track_gain_db": "track gain",
    "album_gain_db": "album gain",
}
_ALSO = {
    "artists": ("artists",),
    "album_artist": ("album artists", "albumartist"),
    "genres": ("genres",),
    "year": ("release year",),
    "bit_rate_kbps": ("bitrate",),
    "track_number": ("track",),
    "disc_number": ("disc",),
}

FIELDS: tuple[QueryField, ...] = (
    *(
        QueryField(
            _NAMES.get(field.name, field.name.replace("_", " ")),
            _KINDS[field.kind],
            field.name,
            _ALSO.get(field.name, ()),
        )
        for field in TAG_FIELDS
    ),
    QueryField("path", FieldKind.TEXT, "path"),
    QueryField("duration", FieldKind.DURATION, "duration_s", ("length",)),
    QueryField("added", FieldKind.DATE, "added_at_s"),
    QueryField("plays", FieldKind.NUMBER, "plays", is_fact=True, absent_is_zero=True),
    QueryField("skips", FieldKind.NUMBER, "skips", is_fact=True, absent_is_zero=True),
    QueryField("first played", FieldKind.DATE, "first_played_at_s", is_fact=True),
    QueryField("last played", FieldKind.DATE, "last_played_at_s", is_fact=True),
    QueryField("liked", FieldKind.FLAG, "liked", is_fact=True, absent_is_zero=True),
    QueryField("rating", FieldKind.NUMBER, "rating", ("stars",), is_fact=True),
)
"""Every field, in the order in which they are offered."""

SEARCHED: tuple[QueryField, ...] = tuple(
    entry
    for entry in FIELDS
    if any(field.searched and field.name == entry.column for field in TAG_FIELDS)
)
"""Where a word without a field is looked for."""

UNKNOWN_TO_LIBRARY = frozenset({"mood", "bpm"})
"""What other programs know of songs and this one does not."""

_BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.also)}
NAMES: tuple[str, ...] = tuple(_BY_NAME)
"""Every spelling of every field."""
MAX_WORDS = max(len(name.split()) for name in _BY_NAME)
"""How many words the longest name has."""


def field_named(name: str) -> QueryField | None:
    """Return a field by any of its spellings; ``album_artist`` and ``Album Artist`` are one."""
    return _BY_NAME.get(" ".join(name.lower().replace("_", " ").replace("-", " ").split()))
