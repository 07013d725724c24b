"""What is typed into the search field: words as ever, or a query of the language."""

from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.reader import AND, NOT, OR, Reader
from mecomp_desktop.query.tokens import Token
from mecomp_desktop.query.tree import Query

_OPERATOR_SIGNS = frozenset("=<>~")
_WORD_OPERATORS = ("IN", "NOT", "CONTAINS", "INSIDE", "IS")


def search_query(typed: str) -> Query | None:
    """Return the query in a search; ``None`` where it is plain words, signs and all.

    Plain is whatever compares no field and has no AND, OR or NOT in capitals beside other words:
    "Simon & Garfunkel (live)", "7 inch" or "limit 5" are searched for as they stand.

    Raises:
        QueryError: It compares a field, and says something that cannot be understood, perhaps
            because it is still being typed.
    """
    if not _may_be_query(typed):
        return None
    try:
        reader = Reader(typed)
    except QueryError:
        # A quotation mark is open; without a field before it, it may be part of a name.
        if not _is_query(Reader(typed.replace('"', " "))):
            return None
        raise
    return parse(typed) if _is_query(reader) else None


def _may_be_query(typed: str) -> bool:
    """Return quickly whether it is worth a closer look: this is asked at every key."""
    if not _OPERATOR_SIGNS.isdisjoint(typed) or "similar" in typed.lower():
        return True
    return any(word in typed for word in (AND, OR, *_WORD_OPERATORS))


def _is_query(reader: Reader) -> bool:
    has_small_letters = False
    has_keyword = False
    while not reader.at(Token.END):
        if reader.compared_field() is not None:
            return True
        if reader.at_word("similar") and reader.ahead(1).token is Token.OPEN:
            return True
        if reader.at(Token.OPERATOR) and reader.field_at(1) is not None:
            return True  # 1990 < year
        if reader.at_keyword(AND, OR, NOT):
            has_keyword = True
        elif reader.piece.text != reader.piece.text.upper():
            has_small_letters = True
        reader.take()
    # Whoever types everything in capitals means no operator by it.
    return has_keyword and has_small_letters


def hint(error: QueryError, typed: str) -> str:
    """Return an error in one line, with its place."""
    place = typed[error.start : error.end].strip()
    return f"At “{place}”: {error}" if place else f"At the end: {error}"
