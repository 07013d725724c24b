"""What a query means, said a second time: song by song, in plain Python, straight from the tree.

Shares with the program the tree, the folding of texts and nothing else.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.query.fields import FieldKind, QueryField
from mecomp_desktop.query.operators import Operator
from mecomp_desktop.query.tree import (
    And,
    Compare,
    Missing,
    Not,
    Or,
    Query,
    Similar,
    Term,
    Word,
)
from mecomp_desktop.query.values import Age, Date, Duration, Flag, NamedDay, Number, Text, Value
from mecomp_desktop.text import fold, sort_key

_UNIT_S = {
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_592_000,
    "year": 31_536_000,
}
_SEARCHED = ("title", "artists", "album", "album_artist", "genres")


@dataclass(frozen=True)
class World:
    """Songs and what is known of them."""

    tracks: Sequence[Track]
    facts: Mapping[str, Mapping[AudioId, float]]
    closeness: Mapping[str, Mapping[AudioId, float]]
    now_s: float

    def find(self, query: Query) -> list[int]:
        """Return the ids of what matches, in order."""
        found = [
            track for track in self.tracks if query.term is None or self.matches(query.term, track)
        ]
        found.sort(key=lambda track: track.id)
        for entry in reversed(query.sorts):
            found.sort(key=cmp_to_key(self._compared(entry.field, descending=entry.descending)))
        return [track.id for track in found][: query.limit]

    def matches(self, term: Term, track: Track) -> bool:
        match term:
            case And(terms):
                return all(self.matches(inner, track) for inner in terms)
            case Or(terms):
                return any(self.matches(inner, track) for inner in terms)
            case Not(inner):
                return not self.matches(inner, track)
            case Missing(field):
                return not self._values(field, track)
            case Word(text):
                return _has_words(text, track)
            case Similar(song, operator, wanted):
                close = self.closeness[song].get(track.audio_id)
                if close is None:
                    return operator is Operator.NOT_EQUAL
                return _COMPARED[operator](close, wanted)
            case Compare(field, operator, values):
                return self._passes(field, operator, values, self._values(field, track))

    def _values(self, field: QueryField, track: Track) -> list[str | float]:
        """Return what a song says in a field: nothing, one thing, or for a list several."""
        if field.is_fact:
            known = self.facts[field.column].get(track.audio_id)
            if known is None:
                return [0] if field.column in ("plays", "skips", "liked") else []
            return [known]
        if field.column == "path":
            return [fold(bytes(track.path).decode("utf-8", "replace"))]
        if field.column == "added_at_s":
            return [track.added_at_s]
        value = getattr(track.tags, field.column)
        if field.kind is FieldKind.DURATION:
            return [int(value)] if value > 0 else []
        if isinstance(value, tuple):
            return [fold(text) for text in value]
        if isinstance(value, str):
            return [fold(value)] if value else []
        return [] if value is None else [float(value)]

    def _passes(
        self,
        field: QueryField,
        operator: Operator,
        values: Sequence[Value],
        of_song: Sequence[str | float],
    ) -> bool:
        name = operator.name
        if name in ("NOT_EQUAL", "NOT_LIKE", "NOT_IN", "NOT_INSIDE"):
            return not self._passes(field, Operator[name.removeprefix("NOT_")], values, of_song)
        if name in ("NONE_INSIDE", "CONTAINS_NONE"):
            return not any(
                self._passes(field, _SINGLE[operator], [value], of_song) for value in values
            )
        if name == "CONTAINS_NOT":
            return not self._passes(field, Operator.CONTAINS, values, of_song)
        if name == "CONTAINS_ALL":
            return all(self._passes(field, Operator.CONTAINS, [value], of_song) for value in values)
        if name == "CONTAINS_ANY":
            return any(self._passes(field, Operator.CONTAINS, [value], of_song) for value in values)
        if name in ("IN", "INSIDE", "ANY_INSIDE"):
            return any(self._passes(field, Operator.EQUAL, [value], of_song) for value in values)
        if name == "ALL_INSIDE":
            return bool(of_song) and all(
                any(self._passes(field, Operator.EQUAL, [value], [own]) for value in values)
                for own in of_song
            )
        if name in ("ALL_EQUAL", "ALL_LIKE"):
            single = Operator[name.removeprefix("ALL_")]
            return bool(of_song) and all(
                self._passes(field, single, values, [own]) for own in of_song
            )
        if name in ("ANY_EQUAL", "ANY_LIKE"):
            return self._passes(field, Operator[name.removeprefix("ANY_")], values, of_song)
        (value,) = values
        if name == "CONTAINS":
            single = Operator.EQUAL if field.kind is FieldKind.LIST else Operator.LIKE
            return self._passes(field, single, values, of_song)
        return any(self._compare(operator, own, value) for own in of_song)

    def _compare(self, operator: Operator, of_song: str | float, value: Value) -> bool:
        match value:
            case Text(text):
                assert isinstance(of_song, str)
                if operator is Operator.LIKE:
                    return fold(text) in of_song
                return _COMPARED[operator](of_song, fold(text))
            case Number(number):
                return _COMPARED[operator](of_song, number)
            case Duration(seconds):
                return _COMPARED[operator](of_song, seconds)
            case Flag(is_set):
                return (of_song == 1) == is_set
        assert isinstance(of_song, float)
        if isinstance(value, Age) and operator is not Operator.EQUAL:
            # "More than two weeks ago": what counts is how long ago it is.
            age_s = value.count * _UNIT_S[value.unit]
            return _COMPARED[operator](self.now_s - age_s, of_song)
        day = datetime.datetime.fromtimestamp(of_song).date()
        first, last = self._days(value)
        match operator:
            case Operator.EQUAL:
                return first <= day <= last
            case Operator.GREATER:
                return day > last
            case Operator.GREATER_EQUAL:
                return day >= first
            case Operator.LESS:
                return day < first
            case _:
                return day <= last

    def _days(self, value: Value) -> tuple[datetime.date, datetime.date]:
        today = datetime.datetime.fromtimestamp(self.now_s).date()
        match value:
            case NamedDay(name):
                day = today - datetime.timedelta(days=name == "yesterday")
                return day, day
            case Age(count, unit):
                moment = datetime.datetime.fromtimestamp(self.now_s - count * _UNIT_S[unit])
                return moment.date(), moment.date()
            case Date(year, None, None):
                return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
            case Date(year, int(month), None):
                following = datetime.date(year + month // 12, month % 12 + 1, 1)
                return datetime.date(year, month, 1), following - datetime.timedelta(days=1)
            case Date(year, int(month), int(number)):
                day = datetime.date(year, month, number)
                return day, day
        raise AssertionError(value)

    def _compared(self, field: QueryField, *, descending: bool) -> Callable[[Track, Track], int]:
        def key(track: Track) -> str | float | None:
            if field.kind in (FieldKind.TEXT, FieldKind.LIST):
                if field.column == "path":
                    return sort_key(bytes(track.path).decode("utf-8", "replace"))
                value = getattr(track.tags, field.column)
                text = value if isinstance(value, str) else ", ".join(value)
                return sort_key(text) if value else None
            values = self._values(field, track)
            return values[0] if values else None

        def compare(first: Track, second: Track) -> int:
            first_key, second_key = key(first), key(second)
            if first_key is None or second_key is None:
                return (first_key is None) - (second_key is None)
            sign = (first_key > second_key) - (first_key < second_key)  # type: ignore[operator]
            return -sign if descending else sign

        return compare


_SINGLE = {Operator.NONE_INSIDE: Operator.EQUAL, Operator.CONTAINS_NONE: Operator.CONTAINS}
_COMPARED: dict[Operator, Callable[..., bool]] = {
    Operator.EQUAL: lambda first_key, second_key: first_key == second_key,
    Operator.NOT_EQUAL: lambda first_key, second_key: first_key != second_key,
    Operator.GREATER: lambda first_key, second_key: first_key > second_key,
    Operator.GREATER_EQUAL: lambda first_key, second_key: first_key >= second_key,
    Operator.LESS: lambda first_key, second_key: first_key < second_key,
    Operator.LESS_EQUAL: lambda first_key, second_key: first_key <= second_key,
}


def _has_words(text: str, track: Track) -> bool:
    of_song: list[str] = []
    for name in _SEARCHED:
        value = getattr(track.tags, name)
        of_song += map(fold, [value] if isinstance(value, str) else value)
    words: Iterable[str] = fold(text).split()
    if len(text.split()) > 1:
        words = [" ".join(words)]
    return all(any(word in value for value in of_song) for word in words)
