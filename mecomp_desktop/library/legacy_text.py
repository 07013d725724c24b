"""Text without a name for its encoding, as ID3v1, Latin-1 frames and WAV's INFO chunks hold it.

Their standards say Latin-1, but programs wrote whatever the system of their user had. Three
cases can be told apart with certainty enough to act on: UTF-8, Cyrillic of Windows (cp1251), and
Western European (cp1252), which is what stays when nothing speaks against it.
"""

import re
from collections.abc import Iterable

_CYRILLIC_LETTERS = "А-Яа-яЁёЂђЃѓЄєЅѕІіЇїЈјЉљЊњЋћЌќЎўЏџҐґ"
_WORD = re.compile(rf"[A-Za-z{_CYRILLIC_LETTERS}]+")
_CYRILLIC = re.compile(rf"[{_CYRILLIC_LETTERS}]")
# А to я are 0xC0 to 0xFF in cp1251, where Latin-1 has its accented letters.
_MAIN_LETTERS = re.compile("[А-Яа-я]")
_OTHER_SIGNS = re.compile(rf"[^\0-\x7f{_CYRILLIC_LETTERS}«»–—…№“”„‘’\xa0]")
_SHAPES = (str.islower, str.isupper, str.istitle)
# The thirteen commonest letters make three quarters of Russian text, and hardly less of
# Ukrainian and Bulgarian; of Greek or of KOI8-R read as cp1251 they make about a third.
_COMMON = frozenset("оеаинтсрвлкмд")
_MIN_COMMON_SHARE = 0.5
_MIN_MAIN_SHARE = 0.7
_VOWELS = re.compile("[аеёиоуыэюяіїє]", re.IGNORECASE)
_MIN_WORD_LETTERS = 3
_MIN_LETTERS = 4
_MIN_DIFFERENT_LETTERS = 3
_MAX_MIXED_SHARE = 0.2


def decode_legacy(raw: bytes) -> str:
    """Return text of unknown encoding; never fails, bytes that mean nothing become U+FFFD."""
    return raw.decode(legacy_encoding((raw,)), "replace")


def legacy_encoding(texts: Iterable[bytes]) -> str:
    """Return the encoding that texts from one tag have: "utf-8", "cp1251" or "cp1252".

    A title alone may be too short to tell; what one program wrote, it wrote in one encoding, so
    all texts of a tag are judged together.
    """
    raw = b"\n".join(texts)
    if raw.isascii():
        return "utf-8"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1251" if _is_cyrillic(raw) else "cp1252"
    # Bytes over 127 that happen to follow the rules of UTF-8 are nearly impossible by chance.
    return "utf-8"


def _is_cyrillic(raw: bytes) -> bool:
    """Return whether bytes are implausible as Latin-1 and plausible as cp1251.

    In every language written in Latin letters most letters of a word are ASCII. Words without a
    single ASCII letter are short there ("à", "öö", "Ó"), while all of Russian is made of them.
    """
    text = raw.decode("cp1251", "replace")
    if _OTHER_SIGNS.search(text):
        return False
    words = [word for word in _WORD.findall(text) if _CYRILLIC.search(word)]
    mixed = [word for word in words if _CYRILLIC.sub("", word)]
    pure = [word for word in words if len(word) >= _MIN_WORD_LETTERS and word not in mixed]
    if len(mixed) > _MAX_MIXED_SHARE * len(pure):
        return False
    letters = "".join(pure).lower()
    if len(letters) < _MIN_LETTERS or len(set(letters)) < _MIN_DIFFERENT_LETTERS:
        return False
    if not all(_VOWELS.search(word) or word.isupper() for word in pure):
        return False
    # KOI8-R has small and capital letters the other way round.
    if not all(any(has_shape(word) for has_shape in _SHAPES) for word in pure):
        return False
    common = sum(letter in _COMMON for letter in letters)
    main = len(_MAIN_LETTERS.findall(letters))
    return common >= _MIN_COMMON_SHARE * len(letters) and main >= _MIN_MAIN_SHARE * len(letters)
