"""Names and titles as text: cleaned once where they enter, and how they are compared and shown.

Every text of a listener's files passes `clean` on its way in, whether a tag or a file name told
it. What is compared passes `fold` (search, sorting) or `plain` (whether two names are the same);
no other module folds accents of its own. What is shown beside other text passes `isolated`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

MAX_TEXT_CHARS = 1000
"""Longer texts are cut: a title of a megabyte is a damaged file, and would be stored and drawn."""

_NUMBER = re.compile(r"\d+")
_NUMBER_WIDTH = 9
# Marks of direction change how their neighbours are laid out and belong to the text; the other
# invisible characters between U+200B and U+2064 join or part letters.
_ISOLATES = "\u2066\u2067\u2068"
_END_OF_ISOLATE = "\u2069"
_INVISIBLE = "\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
_ACCENTS = re.compile(
    "["
    + "".join(
        re.escape(char) for char in map(chr, range(0x300, 0x3100)) if unicodedata.combining(char)
    )
    + _INVISIBLE
    + "]+"
)
# Joiners (U+200C, U+200D) are parts of Persian words and of emoji, so they stay. A soft hyphen
# shows only where a line is broken, which no row of ours does; the others are leftovers of
# encodings. Replaced by nothing: a space would cut a word in two.
_DROPPED = re.compile("[\xad\u180e\u200b\u2060\ufeff\ufffe\uffff]")
_CONTROLS = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")
# What a terminal acts upon rather than shows.
_OBEYED = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_TURNS_DIRECTION = frozenset({"R", "AL", "AN", "RLE", "LRE", "RLO", "LRO", "PDF"}) | {
    "LRI",
    "RLI",
    "FSI",
    "PDI",
}
_NOT_WORD = re.compile(r"[\W_]+")
# "feat." and its kin part a song's artist from its guests. "&", "and", "with", "x" do not: they
# are parts of too many names (Simon & Garfunkel, Derek and the Dominos).
_GUESTS = re.compile(r"\s+[(\[]?(?:feat|ft|featuring)(?:\.|\b)\s*\S.*$", re.IGNORECASE | re.DOTALL)
NOBODY = frozenset(
    {"", "various artists", "various", "va", "v a", "unknown artist", "unknown", "diverse"}
)
"""The keys of what stands where no artist is known, or many are; two such songs share nobody."""
# Few enough that other threads get their turn soon.
_BATCH_SIZE = 4096
_BETWEEN = "\0"
_LEADING = "\"'([{.…*#-_¿¡ "
_ARTICLE = "the "
# Letters that Unicode does not take apart, and signs, as a plain keyboard types them.
_SPELLED = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
    }
    | dict.fromkeys(map(chr, (0x2018, 0x2019, 0x02BC, 0x00B4)), "'")
    | dict.fromkeys(map(chr, (0x201C, 0x201D, 0x201E, 0x00AB, 0x00BB)), '"')
    | dict.fromkeys(map(chr, (*range(0x2010, 0x2016), 0x2212)), "-")
)


def clean(text: str) -> str:
    """Return a tag or a file's name as one line that any font and any database takes.

    Line breaks, tabs and control characters become one space; joiners and marks of direction
    stay; soft hyphens and byte order marks go; bytes that are no text become U+FFFD. Letters
    that are spelled with separate accents (as macOS writes file names) are composed.
    """
    text = text[:MAX_TEXT_CHARS]
    if text.isascii():
        if not text.isprintable():
            text = _CONTROLS.sub(" ", text)
        return " ".join(text.split())
    # "replace" alone would give "?" for a byte that os.fsdecode could not read.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _CONTROLS.sub(" ", _DROPPED.sub("", text))
    return " ".join(unicodedata.normalize("NFC", text).split())


def for_terminal(text: str) -> str:
    """Return text that a terminal shows and does not obey.

    A file name may hold the sequences that move a terminal's cursor, rename its window or, in
    some, type into it, and marks that turn the direction of what follows; they are shown as
    escapes. Bytes that are no text become question marks.
    """
    shown = text.encode("utf-8", "replace").decode()
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode(), shown)


def isolated(text: str) -> str:
    """Return a text that cannot turn the direction of what is shown around it.

    A title in Hebrew, or one with an override in it, would otherwise pull the dash and the
    length beside it to its other side. Texts without such characters are returned as they are.
    """
    if text.isascii() or not _may_turn(text):
        return text
    depth, kept = 0, []
    for char in text:
        if char in _ISOLATES:
            depth += 1
        elif char == _END_OF_ISOLATE:
            if depth == 0:
                continue  # it would end the isolate around the whole text
            depth -= 1
        kept.append(char)
    return "\u2068" + "".join(kept) + _END_OF_ISOLATE * (depth + 1)


def _may_turn(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in _TURNS_DIRECTION for char in text)


def fold(text: str) -> str:
    """Return the text without case, accents and invisible characters, to search and compare."""
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
    for first in range(0, len(texts), _BATCH_SIZE):
        batch = texts[first : first + _BATCH_SIZE]
        together = fold(_BETWEEN.join(batch)).split(_BETWEEN)
        # A text that contains the sign itself falls apart.
        folded += together if len(together) == len(batch) else map(fold, batch)
    return folded


def plain(text: str) -> str:
    """Return a name's words as they are compared: folded, without punctuation.

    A name of signs alone ("!!!", "+/-") keeps them; it would be equal to every other such name.
    """
    folded = fold(text)
    return _NOT_WORD.sub(" ", folded).strip() or folded.strip()


def without_guests(artist: str) -> str:
    """Return an artist's name without those whom "feat.", "ft." or "featuring" adds."""
    return _GUESTS.sub("", artist).strip() or artist


def artist_key(artist: str) -> str:
    """Return what makes two spellings the same artist; empty for "Various artists" and its kin.

    Who counts as one artist is decided here for radio, quiz and albums: "A feat. B" is "A".
    """
    key = plain(without_guests(artist))
    return "" if key in NOBODY else key


def artist_keys(artists: Iterable[str]) -> frozenset[str]:
    """Return the keys of all artists that are somebody."""
    return frozenset(map(artist_key, artists)) - {""}


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
