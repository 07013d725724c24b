"""A query's text cut into tokens."""

import re
from enum import Enum
from typing import NamedTuple

from mecomp_desktop.query.errors import QueryError


class Token(Enum):
    """What a piece of the text is."""

    WORD = "word"
    STRING = "text in quotation marks"
    OPERATOR = "operator"
    OPEN = "("
    CLOSE = ")"
    OPEN_LIST = "["
    CLOSE_LIST = "]"
    COMMA = ","
    END = "end"


class Piece(NamedTuple):
    """A token and where it stands.

    Attributes:
        token: What it is.
        text: What it says; of a text in quotation marks, what is between them.
        start: Its first character.
        end: Behind its last character.
    """

    token: Token
    text: str
    start: int
    end: int


_SIGNS = {
    "(": Token.OPEN,
    ")": Token.CLOSE,
    "[": Token.OPEN_LIST,
    "]": Token.CLOSE_LIST,
    ",": Token.COMMA,
}
_SPACE = re.compile(r"\s+")
_OPERATOR = re.compile(r"[!?*]=|[!?*]~|[<>]=?|==?|~")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
# An apostrophe ends a text only where a word may end: 'Don't Stop' is one text.
_SINGLE = re.compile(r"'((?:[^'\\]|\\.|'(?=\w))*)'(?=[\s)\],]|$)", re.DOTALL)
# "Wham!" and "What?" are words; "!=" and "?~" begin an operator.
_WORD = re.compile(r'(?:(?![!?*][=~])[^\s()\[\],"=<>~])+')
_ESCAPED = re.compile(r'\\(["\'\\])')


def tokens_of(text: str) -> list[Piece]:
    """Return the pieces of a query, the end as the last one.

    Raises:
        QueryError: A quotation mark is not closed.
    """
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space is not None:
            at = space.end()
            continue
        piece = _piece_at(text, at)
        pieces.append(piece)
        at = piece.end
    return [*pieces, Piece(Token.END, "", len(text), len(text))]


def _piece_at(text: str, at: int) -> Piece:
    sign = _SIGNS.get(text[at])
    if sign is not None:
        return Piece(sign, text[at], at, at + 1)
    string = (_DOUBLE if text[at] == '"' else _SINGLE).match(text, at)
    if string is not None:
        return Piece(Token.STRING, _ESCAPED.sub(r"\1", string[1]), at, string.end())
    if text[at] == '"':
        raise QueryError("this quotation mark is not closed", at, len(text))
    operator = _OPERATOR.match(text, at)
    if operator is not None:
        name = "=" if operator[0] == "==" else operator[0]
        return Piece(Token.OPERATOR, name, at, operator.end())
    word = _WORD.match(text, at)
    assert word is not None, "every other character begins a word"
    return Piece(Token.WORD, word[0], at, word.end())
