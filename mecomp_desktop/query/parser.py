"""From the text of a query to its syntax tree.

::

    query   = [ either ] { "sort" "by" field [ "asc" | "desc" ] { "," … } | "limit" number }
    either  = all { "OR" all }
    all     = term { [ "AND" ] term }
    term    = "NOT" term | "(" either ")" | field operator value | value operator field
            | field "IS" [ "NOT" ] "MISSING" | "similar" "(" text ")" operator number | word
"""

from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.operators import EQUALITY, MIRRORED, ORDERING, Operator
from mecomp_desktop.query.reader import AND, IS, NOT, OR, Reader, unknown_field
from mecomp_desktop.query.tokens import Piece, Token
from mecomp_desktop.query.tree import (
    And,
    Compare,
    Missing,
    Not,
    Or,
    Place,
    Query,
    Similar,
    Sort,
    Term,
    Word,
)
from mecomp_desktop.query.value_reader import comparison, read_values
from mecomp_desktop.query.values import parse_number

MAX_DEPTH = 40
"""Brackets within brackets; SQLite and Python's stack take more, no listener writes them."""
MAX_TERMS = 400
"""Of the whole query; SQLite refuses a condition of a thousand."""
MAX_LIMIT = 1_000_000
_ASCENDING, _DESCENDING = ("asc", "ascending"), ("desc", "descending")


def parse(text: str) -> Query:
    """Return what a query says.

    Raises:
        QueryError: It says nothing that can be understood; the error points at the place.
    """
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._reader = Reader(text)
        self._depth = self._terms = 0

    def query(self) -> Query:
        reader = self._reader
        term = None
        self._skip_commas()
        if reader.piece.token is not Token.END and not self._at_clause():
            term = self._either()
        sorts: tuple[Sort, ...] = ()
        limit = None
        while reader.piece.token is not Token.END:
            start = reader.piece
            if reader.at_word("limit") and self._at_clause():
                if limit is not None:
                    raise reader.error_here("there is a limit already")
                limit = self._limit()
            elif self._at_clause():
                if sorts:
                    raise reader.error_here("there is an order already; part fields by commas")
                sorts = self._sorts()
            else:
                raise _unexpected(start)
        return Query(term, sorts, limit)

    def _either(self) -> Term:
        terms = [self._all()]
        while self._reader.at_keyword(OR):
            self._reader.take()
            terms.append(self._all())
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _all(self) -> Term:
        reader = self._reader
        terms = [self._term()]
        while True:
            self._skip_commas()
            if reader.at_keyword(AND):
                reader.take()
            elif (
                reader.piece.token in (Token.END, Token.CLOSE)
                or reader.at_keyword(OR)
                or self._at_clause()
            ):
                return terms[0] if len(terms) == 1 else And(tuple(terms))
            terms.append(self._term())

    def _term(self) -> Term:
        reader = self._reader
        self._terms += 1
        self._depth += 1
        if self._terms > MAX_TERMS or self._depth > MAX_DEPTH:
            raise reader.error_here("the query is too long from here on")
        if reader.at_keyword(NOT):
            reader.take()
            term: Term = Not(self._term())
        elif reader.piece.token is Token.OPEN:
            term = self._bracket()
        else:
            term = self._leaf()
        self._depth -= 1
        return term

    def _bracket(self) -> Term:
        reader = self._reader
        opened = reader.take()
        term = self._either()
        if reader.piece.token is not Token.CLOSE:
            raise QueryError("this bracket is not closed", opened.start, opened.end)
        reader.take()
        return term

    def _leaf(self) -> Term:
        reader = self._reader
        if reader.compared_field() is not None:
            return self._comparison()
        piece = reader.piece
        if reader.at_word("similar") and reader.ahead(1).token is Token.OPEN:
            return self._similar()
        if piece.token in (Token.WORD, Token.STRING, Token.OPEN_LIST):
            turned_round = self._turned_round()
            if turned_round is not None:
                return turned_round
        if piece.token is Token.WORD and reader.ahead(1).token is Token.OPERATOR:
            raise unknown_field(piece)
        if piece.token not in (Token.WORD, Token.STRING) or reader.at_keyword(AND, OR):
            raise _unexpected(piece)
        reader.take()
        return Word(piece.text, Place(piece.start, piece.end))

    def _comparison(self) -> Term:
        reader = self._reader
        found = reader.compared_field()
        assert found is not None, "the caller has looked"
        field, words = found
        start = reader.piece.start
        reader.skip(words)
        if reader.at_keyword(IS):
            reader.take()
            is_not = reader.at_keyword(NOT)
            if is_not:
                reader.take()
            if not reader.at_keyword("MISSING", "KNOWN"):
                raise reader.error_here("MISSING or KNOWN belongs here")
            known = (reader.take().text == "KNOWN") != is_not
            missing = Missing(field, Place(start, reader.last.end))
            return Not(missing) if known else missing
        operator, tokens = reader.operator_at(0) or (Operator.EQUAL, 0)
        sign = reader.piece
        reader.skip(tokens)
        values = read_values(reader, field, operator)
        place = Place(start, reader.last.end)
        return comparison(Compare(field, operator, values, place), sign)

    def _turned_round(self) -> Term | None:
        """Read ``value operator field``, if that is what comes next."""
        reader = self._reader
        behind = 1
        if reader.piece.token is Token.OPEN_LIST:
            while reader.ahead(behind).token not in (Token.CLOSE_LIST, Token.END):
                behind += 1
            behind += 1
        operator = reader.operator_at(behind)
        if operator is None:
            return None
        found = reader.field_at(behind + operator[1])
        mirrored = MIRRORED.get(operator[0])
        if found is None or mirrored is None:
            return None
        field, words = found
        start = reader.piece.start
        values = read_values(reader, field, mirrored)
        sign = reader.piece
        reader.skip(operator[1] + words)
        place = Place(start, reader.last.end)
        return comparison(Compare(field, mirrored, values, place), sign)

    def _similar(self) -> Term:
        reader = self._reader
        start = reader.take().start
        reader.take()
        song = reader.piece
        if song.token not in (Token.STRING, Token.WORD) or not song.text.strip():
            raise reader.error_here('the title of a song belongs here: similar("Blue in Green")')
        words = []
        while reader.piece.token in (Token.STRING, Token.WORD):
            words.append(reader.take().text)
        if reader.piece.token is not Token.CLOSE:
            raise reader.error_here("a closing bracket belongs here")
        reader.take()
        found = reader.operator_at(0)
        if found is None or found[0] not in EQUALITY | ORDERING:
            raise reader.error_here("an operator belongs here, as in > 0.8")
        reader.skip(found[1])
        number = parse_number(reader.piece.text)
        if number is None:
            raise reader.error_here("a number from 0 to 1 belongs here")
        reader.take()
        place = Place(start, reader.last.end)
        return Similar(" ".join(words), found[0], number.number, place)

    def _at_clause(self) -> bool:
        """Return whether the order or the limit begins here."""
        reader = self._reader
        if reader.at_word("limit"):
            return reader.ahead(1).token is Token.WORD and reader.ahead(1).text.isdecimal()
        return reader.at_word("sort") and reader.at_word("by", ahead=1)

    def _limit(self) -> int:
        reader = self._reader
        reader.take()
        piece = reader.take()
        number = int(piece.text) if len(piece.text) < 9 else MAX_LIMIT + 1
        if not 1 <= number <= MAX_LIMIT:
            raise QueryError(
                f"a number from 1 to {MAX_LIMIT:,} belongs here", piece.start, piece.end
            )
        return number

    def _sorts(self) -> tuple[Sort, ...]:
        reader = self._reader
        reader.skip(2)
        sorts = []
        while True:
            found = reader.field_at()
            if found is None:
                raise (
                    unknown_field(reader.piece)
                    if reader.piece.token is Token.WORD
                    else reader.error_here("a field belongs here, as in sort by year")
                )
            reader.skip(found[1])
            descending = reader.at_word(*_DESCENDING)
            if descending or reader.at_word(*_ASCENDING):
                reader.take()
            sorts.append(Sort(found[0], descending))
            if reader.piece.token is not Token.COMMA:
                return tuple(sorts)
            reader.take()

    def _skip_commas(self) -> None:
        # "Hello, Goodbye" are two words: outside of lists a comma parts nothing.
        while self._reader.piece.token is Token.COMMA:
            self._reader.take()


def _unexpected(piece: Piece) -> QueryError:
    if piece.token is Token.END:
        message = "something is missing at the end"
    elif piece.token is Token.OPERATOR:
        message = f"there is no field before “{piece.text}”"
    elif piece.token is Token.CLOSE:
        message = "no bracket is open here"
    elif piece.token is Token.WORD and piece.text in (AND, OR):
        message = f"something is missing before {piece.text}"
    else:
        message = f"“{piece.text}” cannot stand here"
    return QueryError(message, piece.start, piece.end)
