"""From the texts in files to the values of `Tags`: field by field, the best that is valid."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from mecomp_desktop.library.fields import FIELDS, Field, Kind
from mecomp_desktop.library.replay_gain import gain_db, peak
from mecomp_desktop.library.tag_fields import Fields
from mecomp_desktop.text import clean

_YEAR = re.compile(r"(?<!\d)([12]\d{3})(?=\D|$|[01]\d(?:[0-3]\d)?(?!\d))")
_DIGITS = re.compile(r"\d{1,5}")
# "A", "B2", "AA1": how records count. A single letter alone is one too, if it is a capital.
_SIDE = re.compile(r"\s*(?:([A-Za-z]{1,2})\s?-?\d{1,2}|([A-Z]))\s*(?:/.*)?")
_YES = frozenset({"1", "true", "yes"})
_UNREADABLE = "\ufffd"


def values_of(sources: Sequence[Fields]) -> dict[str, Any]:
    """Return the value of every field by its name, empty or ``None`` where no source has any.

    Args:
        sources: The tags of one file, those to believe first in front. A field may come from one
            and the next from another; text with unreadable letters is taken only where no other
            source has the field.
    """
    return {field.name: _value(field, sources) for field in FIELDS}


def _value(field: Field, sources: Sequence[Fields]) -> Any:  # noqa: ANN401 (any field's type)
    read = _READ[field.kind]
    damaged = None
    for source in sources:
        for key in field.keys:
            value = read(source.get(key.vorbis, ()))
            if _is_empty(value):
                continue
            if _UNREADABLE not in "".join(value if isinstance(value, tuple) else (str(value),)):
                return value
            damaged = damaged or value
    return damaged or read(())


def _is_empty(value: object) -> bool:
    # A gain of 0 dB is a value: the song was measured, and is as loud as it should be.
    return value is None or value is False or value in ("", ())


def _text(texts: Sequence[str]) -> str:
    return next(filter(None, map(clean, texts)), "")


def _list(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the values of a tag that may have several, each once.

    A value that stands in a list of its own is whole: the semicolon in "ave;new" is a part of
    the name. Only a single text may be a list in one line.
    """
    separator = ";" if len(texts) == 1 else "\0"
    lines = (text.replace("\0", separator) for text in texts)
    parts = (clean(part) for line in lines for part in line.split(separator))
    return tuple(dict.fromkeys(filter(None, parts)))


def _number(texts: Sequence[str]) -> int | None:
    """Return a number as in "3", "03/12" or "A3"; 0 stands for none."""
    found = _DIGITS.search(_text(texts))
    return int(found[0]) or None if found else None


def _year(texts: Sequence[str]) -> int | None:
    """Return the year of a date in any spelling: "1999-05-31", "31.05.1999", "19990531"."""
    found = _YEAR.search(_text(texts))
    return int(found[1]) if found else None


def _side(texts: Sequence[str]) -> str:
    found = _SIDE.fullmatch(_text(texts))
    return (found[1] or found[2]).upper() if found else ""


def _gain(texts: Sequence[str]) -> float | None:
    return gain_db(_text(texts))


def _peak(texts: Sequence[str]) -> float | None:
    return peak(_text(texts))


def _flag(texts: Sequence[str]) -> bool:
    return _text(texts).lower() in _YES


_READ: dict[Kind, Callable[[Sequence[str]], Any]] = {
    Kind.TEXT: _text,
    Kind.LIST: _list,
    Kind.NUMBER: _number,
    Kind.YEAR: _year,
    Kind.SIDE: _side,
    Kind.FLAG: _flag,
    Kind.GAIN: _gain,
    Kind.PEAK: _peak,
}
