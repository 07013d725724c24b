"""Walks over the tokens of a query, and knows fields, operators and keywords among them."""

import difflib

from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.fields import (
    MAX_WORDS,
    NAMES,
    UNKNOWN_TO_LIBRARY,
    QueryField,
    field_named,
)
from mecomp_desktop.query.operators import Operator
from mecomp_desktop.query.tokens import Piece, Token, tokens_of

_MIN_LIKENESS = 0.75
AND, OR, NOT, IS = "AND", "OR", "NOT", "IS"
_SYMBOLS = {operator.value: operator for operator in Operator}
# As MECOMP wrote them once: "CONTAINS ALL" for "CONTAINSALL", "NOT INSIDE" for "NOTINSIDE".
_TWO_WORDS = {
    ("NOT", "IN"): Operator.NOT_IN,
    ("NOT", "INSIDE"): Operator.NOT_INSIDE,
    ("CONTAINS", "NOT"): Operator.CONTAINS_NOT,
    ("CONTAINS", "ALL"): Operator.CONTAINS_ALL,
    ("CONTAINS", "ANY"): Operator.CONTAINS_ANY,
    ("CONTAINS", "NONE"): Operator.CONTAINS_NONE,
}


class Reader:
    """A place in a list of tokens.

    Args:
        text: The query.

    Raises:
        QueryError: A quotation mark is not closed.
    """

    def __init__(self, text: str) -> None:
        self._pieces = tokens_of(text)
        self._at = 0

    @property
    def piece(self) -> Piece:
        """The token that comes next."""
        return self._pieces[self._at]

    @property
    def last(self) -> Piece:
        """The token that was read last; the next one at the beginning."""
        return self._pieces[max(self._at - 1, 0)]

    def ahead(self, count: int) -> Piece:
        """Return the token behind so many others; the end where there are not so many."""
        return self._pieces[min(self._at + count, len(self._pieces) - 1)]

    def take(self) -> Piece:
        """Return the token that comes next, and go on."""
        piece = self.piece
        self._at = min(self._at + 1, len(self._pieces) - 1)
        return piece

    def skip(self, count: int) -> None:
        """Go on by so many tokens."""
        self._at = min(self._at + count, len(self._pieces) - 1)

    def at(self, *tokens: Token) -> bool:
        """Return whether one of these tokens comes next."""
        return self.piece.token in tokens

    def at_keyword(self, *keywords: str, ahead: int = 0) -> bool:
        """Return whether the token there is one of these words, in capitals."""
        piece = self.ahead(ahead)
        return piece.token is Token.WORD and piece.text in keywords

    def at_word(self, *words: str, ahead: int = 0) -> bool:
        """Return whether the token there is one of these words, in any case."""
        piece = self.ahead(ahead)
        return piece.token is Token.WORD and piece.text.lower() in words

    def field_at(self, ahead: int = 0) -> tuple[QueryField, int] | None:
        """Return the field that begins there and how many words it has, the longest there is."""
        words: list[str] = []
        found = None
        for count in range(1, MAX_WORDS + 1):
            piece = self.ahead(ahead + count - 1)
            if piece.token is not Token.WORD:
                break
            words.append(piece.text)
            field = field_named(" ".join(words))
            if field is not None:
                found = field, count
        return found

    def operator_at(self, ahead: int) -> tuple[Operator, int] | None:
        """Return the operator that begins there and how many tokens it has."""
        piece = self.ahead(ahead)
        if piece.token not in (Token.WORD, Token.OPERATOR):
            return None
        both = _TWO_WORDS.get((piece.text, self.ahead(ahead + 1).text))
        if both is not None and self.ahead(ahead + 1).token is Token.WORD:
            return both, 2
        operator = _SYMBOLS.get(piece.text)
        return None if operator is None else (operator, 1)

    def compared_field(self) -> tuple[QueryField, int] | None:
        """Return the field that comes next, if an operator or ``IS`` follows it."""
        found = self.field_at()
        if found is None:
            return None
        behind = found[1]
        is_compared = self.operator_at(behind) is not None or (
            self.at_keyword(IS, ahead=behind)
            and (self.at_keyword("MISSING", "KNOWN", NOT, ahead=behind + 1))
        )
        return found if is_compared else None

    def error_here(self, message: str) -> QueryError:
        """Return an error at the token that comes next."""
        return QueryError(message, self.piece.start, self.piece.end)


def unknown_field(piece: Piece) -> QueryError:
    """Return the error for a word that stands where a field has to."""
    name = piece.text.lower().replace("_", " ")
    if name in UNKNOWN_TO_LIBRARY:
        message = f"the library does not know the {name} of songs"
    else:
        close = difflib.get_close_matches(name, NAMES, 1, _MIN_LIKENESS)
        message = f"there is no field “{piece.text}”"
        message += f"; did you mean “{close[0]}”?" if close else ""
    return QueryError(message, piece.start, piece.end)
