"""How names are compared: without case and accents, and with numbers by their value."""

import re
import unicodedata
from collections.abc import Sequence

_NUMBER = re.compile(r"\d+")
_NUMBER_WIDTH = 9
_ACCENTS = re.compile(
    "["
    + "".join(
        re.escape(char) for char in map(chr, range(0x300, 0x3100)) if unicodedata.combining(char)
    )
    + "]+"
)
# Few enough that other threads get their turn soon.
_AT_ONCE = 4096
_BETWEEN = "\0"
_LEADING = "\"'([{.…*#-_¿¡ "
_ARTICLE = "the "
# Letters that Unicode does not take apart, and signs, as a plain keyboard types them.
_SPELLED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | dict.fromkeys(map(chr, (0x2018, 0x2019, 0x02BC, 0x00B4)), "'")
    | dict.fromkeys(map(chr, (0x201C, 0x201D, 0x201E, 0x00AB, 0x00BB)), '"')
    | dict.fromkeys(map(chr, (*range(0x2010, 0x2016), 0x2212)), "-")
)


def fold(text: str) -> str:
    """Return the text without case and accents, for searching and comparing."""
    if text.isascii():
        return text.lower()
    # Some signs fall apart into a space and an accent, so they are spelled out first.
    spelled = text.casefold().translate(_SPELLED)
    if spelled.isascii():
        return spelled
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", spelled))


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return every text folded, as `fold` does, but many at a time."""
    folded: list[str] = []
    for first in range(0, len(texts), _AT_ONCE):
        some = texts[first : first + _AT_ONCE]
        together = fold(_BETWEEN.join(some)).split(_BETWEEN)
        # One that contains the sign itself falls apart.
        folded += together if len(together) == len(some) else map(fold, some)
    return folded


def sort_key(text: str) -> str:
    """Return what a name sorts by: folded, no leading "The" or quotes, "2" before "10"."""
    return sort_key_of_folded(fold(text))


def sort_key_of_folded(folded: str) -> str:
    """Return `sort_key` of a text that has been folded already."""
    key = folded.strip()
    key = (key.lstrip(_LEADING) or key).removeprefix(_ARTICLE)
    if _NUMBER.search(key):
        key = _NUMBER.sub(lambda found: found[0].zfill(_NUMBER_WIDTH), key)
    return key


class Folded(dict[str, str]):
    """The folded form of each text seen so far; names repeat all over a library."""

    def __missing__(self, text: str) -> str:
        value = self[text] = fold(text)
        return value


class SortKeys(dict[str, str]):
    """What each name seen so far sorts by; they repeat all over a library."""

    def __missing__(self, text: str) -> str:
        value = self[text] = sort_key(text)
        return value
