"""Reads the value behind an operator, by what the field holds."""

from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.fields import FieldKind, QueryField
from mecomp_desktop.query.operators import EQUALITY, NUMERIC, ORDERING, TAKES_LIST, Operator
from mecomp_desktop.query.reader import AND, NOT, OR, Reader
from mecomp_desktop.query.tokens import Piece, Token
from mecomp_desktop.query.tree import Compare
from mecomp_desktop.query.values import (
    Duration,
    Text,
    Value,
    is_duration_unit,
    parse_age,
    parse_bit_rate,
    parse_date,
    parse_duration,
    parse_flag,
    parse_number,
)
from mecomp_desktop.text import fold

_WANTED = {
    FieldKind.NUMBER: "a number belongs here",
    FieldKind.DURATION: "a length belongs here, as in 3:30 or 5 minutes",
    FieldKind.DATE: "a date belongs here, as in 2024-05-31, today or 2 weeks ago",
    FieldKind.FLAG: "yes or no belongs here",
    FieldKind.TEXT: "a text belongs here",
    FieldKind.LIST: "a text belongs here",
}


def read_values(reader: Reader, field: QueryField, operator: Operator) -> tuple[Value, ...]:
    """Read one value, or a list where the operator takes one.

    Raises:
        QueryError: What stands there is no value of this field.
    """
    if not reader.at(Token.OPEN_LIST):
        return (read_value(reader, field),)
    opened = reader.take()
    if operator not in TAKES_LIST:
        raise QueryError(
            f"{operator} takes one value, not a list; IN takes a list", opened.start, opened.end
        )
    values: list[Value] = []
    while not reader.at(Token.CLOSE_LIST):
        values.append(read_value(reader, field))
        if reader.at(Token.COMMA):
            reader.take()
        elif reader.at(Token.END):
            raise QueryError("this list is not closed", opened.start, opened.end)
        elif not reader.at(Token.CLOSE_LIST):
            raise reader.error_here("a comma or the end of the list belongs here")
    reader.take()
    return tuple(values)


def read_value(reader: Reader, field: QueryField) -> Value:
    """Read one value of a field.

    Raises:
        QueryError: What stands there is none.
    """
    piece = reader.piece
    is_word = piece.token is Token.WORD and not reader.at_keyword(AND, OR, NOT)
    if not is_word and piece.token is not Token.STRING:
        raise _wanted(piece, field)
    reader.take()
    value = _value(reader, field, piece)
    if value is None:
        raise _wanted(piece, field)
    return value


def comparison(compare: Compare, sign: Piece) -> Compare:
    """Return a comparison whose operator and values fit the field.

    Raises:
        QueryError: They do not.
    """
    kind, operator = compare.field.kind, compare.operator
    if kind in (FieldKind.TEXT, FieldKind.LIST):
        fits = True
    elif kind is FieldKind.FLAG:
        fits = operator in EQUALITY
    elif kind is FieldKind.DATE:
        fits = operator in EQUALITY | ORDERING
    else:
        fits = operator in NUMERIC
    if not fits:
        name = compare.field.name
        raise QueryError(f"{operator} cannot be asked of {name}", sign.start, sign.end)
    return compare


def _value(reader: Reader, field: QueryField, piece: Piece) -> Value | None:
    match field.kind:
        case FieldKind.NUMBER:
            is_rate = field.column == "bit_rate_kbps"
            return parse_bit_rate(piece.text) if is_rate else parse_number(piece.text)
        case FieldKind.DURATION:
            return _duration(reader, piece)
        case FieldKind.DATE:
            return _date(reader, piece)
        case FieldKind.FLAG:
            return parse_flag(piece.text)
        case _:
            if not fold(piece.text).strip():
                raise QueryError(
                    f"this text is empty; {field.name} IS MISSING asks for songs without",
                    piece.start,
                    piece.end,
                )
            return Text(piece.text)


def _duration(reader: Reader, piece: Piece) -> Duration | None:
    if piece.token is Token.STRING:
        number, _, unit_word = piece.text.strip().partition(" ")
        return parse_duration(number, unit_word.strip())
    unit = reader.piece
    if unit.token is Token.WORD and is_duration_unit(unit.text):
        value = parse_duration(piece.text, unit.text)
        if value is not None:
            reader.take()
            return value
    return parse_duration(piece.text)


def _date(reader: Reader, piece: Piece) -> Value | None:
    if piece.token is Token.STRING:
        words = piece.text.lower().removesuffix("ago").split()
        return parse_age(*words) if len(words) == 2 else parse_date(piece.text.strip())
    unit = reader.piece
    age = parse_age(piece.text, unit.text) if unit.token is Token.WORD else None
    if age is None:
        return parse_date(piece.text)
    reader.take()
    if reader.at_word("ago"):
        reader.take()
    return age


def _wanted(piece: Piece, field: QueryField) -> QueryError:
    return QueryError(f"{_WANTED[field.kind]}, for {field.name}", piece.start, piece.end)
